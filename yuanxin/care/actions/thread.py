"""Write into the thread of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from yuanxin.care.models import ThreadMessage, TroubleTicket
from yuanxin.care.rules import intake
from yuanxin.care.rules.errors import TicketUnknown
from yuanxin.care.rules.thread import Media, MessageKind, OneAttachmentOnly, kind_of_subject, mentioned
from yuanxin.care.rules.voice import checked_voice
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.pictures import PictureLimits, clean_photo
from yuanxin.kernel.tenancy import require_city
from yuanxin.published.care import ThreadMessagePosted
from yuanxin.published.codes import Segment
from yuanxin.published.refs import ref_id
from yuanxin.standards import api as standards

MEDIA_TOPIC = "thread.media"


@dataclass(frozen=True, slots=True)
class _Attachment:
    content: bytes
    content_type: str
    ending: str
    sha256: str
    media: Media


@command("care.post_message")
def post_message(
    *,
    subject: str,
    text: str = "",
    picture: bytes | None = None,
    voice: bytes | None = None,
    file_name: str = "",
    mentions: Sequence[Segment] = (),
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Add a message to the thread of an order and return its id, which is that of its attachment too.

    subject: ``ticket:<uuid>``, or ``work_order:<uuid>`` when no ticket asked for the work. Who may write to which work
    order is for the page to say: care does not know work orders.
    Raises ThreadUnknown, TicketUnknown, WrongSubject, TextMissing, TextTooLong, TextUnreadable, OneAttachmentOnly, the
    errors of PictureRefused and VoiceRefused.
    """
    require_city()
    kind = kind_of_subject(subject)
    subject_id = ref_id(subject, kind)
    if kind == "ticket" and not TroubleTicket.objects.filter(pk=subject_id).exists():
        raise TicketUnknown(field="subject", ticket=str(subject_id))
    text = intake.clean_text(text, field="text")
    attachment = _attached(picture, voice, file_name, at)
    if not text and attachment is None:
        raise intake.TextMissing(field="text")
    return write(subject, MessageKind.NOTE, text, at, mentions=mentions, attachment=attachment)


def write(
    subject: str,
    kind: MessageKind,
    text: str,
    at: datetime,
    *,
    mentions: Sequence[Segment] = (),
    attachment: Any = None,
) -> UUID:
    """Store one checked message and tell it. The caller has checked that the subject exists."""
    called = mentioned(mentions)
    author = acting.current().who
    message = ThreadMessage(
        id=new_id(), subject=subject, kind=kind.value, text=text, mentions=list(called), posted_at=at, posted_by=author
    )
    if attachment is not None:
        message.media, message.content_type = attachment.media.value, attachment.content_type
        message.sha256 = attachment.sha256
        path = f"thread/{require_city()}/{at:%Y/%m}/{message.id}.{attachment.ending}"
        message.file.save(path, ContentFile(attachment.content), save=False)
    message.save(force_insert=True)
    tell(ThreadMessagePosted(subject=subject, at=at, message_id=message.id, author=author, mentions=called))
    return message.id


def _attached(picture: bytes | None, voice: bytes | None, name: str, at: datetime) -> _Attachment | None:
    """Return the clean attachment, or None."""
    if picture is not None and voice is not None:
        raise OneAttachmentOnly(field="voice")
    if picture is not None:
        limits = PictureLimits(
            max_bytes=_limit("picture_max_bytes", at),
            max_pixels=_limit("picture_max_pixels", at),
            kept_side=_limit("picture_kept_side_px", at),
            quality=_limit("picture_jpeg_quality", at),
        )
        clean = clean_photo(picture, name=name, limits=limits)
        return _Attachment(clean.content, clean.content_type, "jpg", clean.sha256, Media.PICTURE)
    if voice is not None:
        checked = checked_voice(voice, name=name, max_bytes=_limit("voice_max_bytes", at))
        return _Attachment(checked.content, checked.content_type, checked.ending, checked.sha256, Media.VOICE)
    return None


def _limit(field: str, at: datetime) -> int:
    return standards.parameter(MEDIA_TOPIC, field, at=at)
