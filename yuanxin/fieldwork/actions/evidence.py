"""Store pictures: cleaned first, then written through Django's storage, then recorded with their hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import Evidence, Visit, WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.pictures import clean_photo, clean_signature

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it. name: as the browser said; content_type: as declared, may be empty."""

    content: bytes
    name: str = "photo.jpg"
    content_type: str = ""


def keep(
    order: WorkOrder, kind: Evidence.Kind, upload: Upload, at: datetime, *, visit: Visit | None, signed_by: str = ""
) -> Evidence:
    """Clean and store one picture. Raises the errors of PictureRefused."""
    clean = clean_signature if kind is Evidence.Kind.SIGNATURE else clean_photo
    picture = clean(
        upload.content, name=upload.name, declared_type=upload.content_type, limits=parameters.picture_limits(at)
    )
    evidence_id = new_id()
    row = Evidence(
        id=evidence_id,
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        visit=visit,
        kind=kind,
        content_type=picture.content_type,
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        made_at=at,
        made_by=who(),
        signed_by=signed_by,
    )
    path = f"evidence/{order.city_code}/{at:%Y/%m}/{evidence_id}.{ENDINGS[picture.content_type]}"
    row.file.save(path, ContentFile(picture.content), save=False)
    row.save()
    return row
