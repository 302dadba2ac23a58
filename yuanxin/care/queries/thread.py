"""Reads of threads: the messages of one order, and one attachment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.care.models import ThreadMessage as _Row
from yuanxin.care.rules.errors import MessageUnknown
from yuanxin.published.codes import Segment


@dataclass(frozen=True)
class ThreadMessage:
    """One message of a thread. kind: note, chase, system. media: picture, voice, empty. author: text of an actor."""

    at: datetime
    author: str
    kind: str
    text: str
    mentions: tuple[Segment, ...]
    attachment_id: UUID | None
    media: str
    id: UUID


@dataclass(frozen=True)
class Attachment:
    """The picture or recording of a message, and on what its thread hangs."""

    subject: str
    content: bytes
    content_type: str
    sha256: str


def thread(subject: str, *, limit: int = 200) -> list[ThreadMessage]:
    """Return the newest messages of a thread in order of time. One statement over the index of threads."""
    rows = _Row.objects.filter(subject=subject).order_by("-posted_at", "-id")[:limit]
    return [_view(row) for row in reversed(rows)]


def message_subject(message_id: UUID) -> str:
    """On which subject does this message hang? Raises MessageUnknown. One statement."""
    found = _Row.objects.filter(pk=message_id).values_list("subject", flat=True).first()
    if found is None:
        raise MessageUnknown(message=str(message_id))
    return str(found)


def attachment(message_id: UUID) -> Attachment:
    """Return what a message carries. Raises MessageUnknown, also for a message without one. One statement, one file."""
    row = _Row.objects.filter(pk=message_id).exclude(media="").first()
    if row is None:
        raise MessageUnknown(message=str(message_id))
    with row.file.open("rb") as stored:
        return Attachment(row.subject, stored.read(), row.content_type, row.sha256)


def _view(row: _Row) -> ThreadMessage:
    return ThreadMessage(
        at=row.posted_at,
        author=row.posted_by,
        kind=row.kind,
        text=row.text,
        mentions=tuple(Segment(code) for code in row.mentions),
        attachment_id=row.id if row.media else None,
        media=row.media,
        id=row.id,
    )
