"""Messages of a thread (留言): their kinds, on what they may hang, whom they call (@机房)."""

from collections.abc import Iterable
from enum import StrEnum

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import Segment


class MessageKind(StrEnum):
    """留言类型: note 留言, chase 催单, system 系统."""

    NOTE = "note"
    CHASE = "chase"
    SYSTEM = "system"


class Media(StrEnum):
    """附件类型: picture 图片, voice 语音."""

    PICTURE = "picture"
    VOICE = "voice"


class ThreadUnknown(DomainError):
    """A thread hangs on a ticket or on a work order. Params: subject."""

    code = "care.thread_unknown"


class OneAttachmentOnly(DomainError):
    """A message carries a picture or a voice recording, not both."""

    code = "care.one_attachment_only"


SUBJECTS = ("ticket", "work_order")


def kind_of_subject(subject: str) -> str:
    """Return on what the thread hangs. Raises ThreadUnknown."""
    kind = subject.partition(":")[0]
    if kind not in SUBJECTS:
        raise ThreadUnknown(field="subject", subject=subject[:60])
    return kind


def mentioned(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the called segments once each, in the order of the enumeration."""
    called = set(segments)
    return tuple(segment for segment in Segment if segment in called)
