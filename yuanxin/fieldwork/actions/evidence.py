"""Store pictures: cleaned and stamped first, then written through Django's storage, then recorded with their hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.steps import locked, require_own, who
from yuanxin.fieldwork.models import Evidence, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import ChecklistItemUnknown, EvidenceKindUnknown
from yuanxin.fieldwork.rules.stamp import watermark
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.pictures import Picture, clean_photo, clean_signature
from yuanxin.published.codes import OrderKind, Service

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it. name: as the browser said; content_type: as declared, may be empty."""

    content: bytes
    name: str = "photo.jpg"
    content_type: str = ""


@command("fieldwork.add_evidence")
def add_evidence(
    *,
    work_order_id: UUID,
    kind: str,
    photo: bytes,
    photo_name: str = "photo.jpg",
    item: str = "",
    made_at: datetime | None = None,
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Store one picture of an order; return its id. It may come before or after the step that it belongs to.

    kind: ``photo``, ``arrival``, ``hold`` or ``signature``. item: the checklist item that it shows. made_at: when the
    camera made it, at most ``at``. Raises NotYourOrder, EvidenceKindUnknown, ChecklistItemUnknown, PictureRefused,
    NotFound.
    """
    order = locked(work_order_id)
    require_own(order)
    if kind not in Evidence.Kind:
        raise EvidenceKindUnknown(kind=kind[:20], field="kind")
    if item and item not in {
        one.code for one in parameters.checklist(OrderKind(order.order_kind), Service(order.service), at)
    }:
        raise ChecklistItemUnknown(item=item[:40], field="item")
    visit = Visit.objects.filter(work_order=order).order_by("-departed_at", "-pk").first()
    made = min(made_at or at, at)
    return keep(order, Evidence.Kind(kind), Upload(photo, photo_name), made, visit=visit, item=item).pk


def keep(
    order: WorkOrder,
    kind: Evidence.Kind,
    upload: Upload,
    at: datetime,
    *,
    visit: Visit | None,
    signed_by: str = "",
    item: str = "",
) -> Evidence:
    """Clean, stamp and store one picture; a signature is not stamped. Raises the errors of PictureRefused."""
    stamp = "" if kind is Evidence.Kind.SIGNATURE else _stamp(order, visit, at)
    picture = _cleaned(upload, at, stamp=stamp, is_signature=kind is Evidence.Kind.SIGNATURE)
    evidence_id = new_id()
    row = Evidence(
        id=evidence_id,
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        visit=visit,
        kind=kind,
        item=item,
        stamp=stamp,
        content_type=picture.content_type,
        sha256=picture.sha256,
        original_sha256=sha256(upload.content).hexdigest(),
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


def _cleaned(upload: Upload, at: datetime, *, stamp: str, is_signature: bool) -> Picture:
    limits = parameters.picture_limits(at)
    if is_signature:
        return clean_signature(upload.content, name=upload.name, declared_type=upload.content_type, limits=limits)
    return clean_photo(upload.content, name=upload.name, declared_type=upload.content_type, limits=limits, stamp=stamp)


def _stamp(order: WorkOrder, visit: Visit | None, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE))
    distance_m = visit.distance_m if visit is not None else None
    return watermark(order.number, local, distance_m=distance_m, grid_code=order.grid_code)
