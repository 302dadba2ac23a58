"""References between contexts: plain text subjects and small typed pairs, never foreign keys sideways or up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel.errors import DomainError


class WrongSubject(DomainError):
    """The text is not a reference of the expected kind."""

    code = "published.wrong_subject"


def ref(kind: str, id_: UUID) -> str:
    """Return the subject text ``"<kind>:<uuid>"``."""
    return f"{kind}:{id_}"


def ref_id(subject: str, kind: str) -> UUID:
    """Return the id of a subject of this kind. Raises WrongSubject for anything else."""
    found, _, text = subject.partition(":")
    if found != kind:
        raise WrongSubject(expected=kind, found=found[:40])
    try:
        return UUID(text)
    except ValueError:
        raise WrongSubject(expected=kind, found=found[:40]) from None


@dataclass(frozen=True)
class TicketRef:
    """A trouble ticket 报障单 and its human number."""

    id: UUID
    number: str


@dataclass(frozen=True)
class WorkOrderRef:
    """A work order 工单 and its human number."""

    id: UUID
    number: str


@dataclass(frozen=True)
class ComplaintRef:
    """A complaint 投诉 and its human number."""

    id: UUID
    number: str
