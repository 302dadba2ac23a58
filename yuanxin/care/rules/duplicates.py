"""Duplicates (重复), repeat faults (重复报障) and signs of an outage (群障线索), told apart by pure rules.

A duplicate is a second report of a fault that is still open at the same home. A repeat fault is a new fault after a
repair that was finished not long ago. Several homes under one node within minutes are a sign of an outage.
Windows and counts are arguments: they live in the rulebooks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yuanxin.kernel.errors import DomainError

# A repair that found nothing to repair does not make the next fault a repeat.
# Source: operations reference, paid close types (空跑, 拒绝入户, 无故障, 教遥控器).
NOT_A_REPAIR: frozenset[str] = frozenset({"empty_trip", "refused_entry", "no_fault", "taught"})


class DecisionKind(StrEnum):
    """重复判断: none_seen 未见重复, same_fault 同一故障, repeat 重复报障, other_fault 另一故障."""

    NONE_SEEN = "none_seen"
    SAME_FAULT = "same_fault"
    REPEAT = "repeat"
    OTHER_FAULT = "other_fault"


class OtherFaultReason(StrEnum):
    """为什么是另一故障: other_service 业务不同, other_symptom 现象不同, other_room 另一台, repaired 修好又坏."""

    OTHER_SERVICE = "other_service"
    OTHER_SYMPTOM = "other_symptom"
    OTHER_ROOM = "other_room"
    REPAIRED = "repaired"


class DuplicateDecisionMissing(DomainError):
    """Earlier reports of this home were found: the agent decides first. Params: number."""

    code = "care.duplicate_decision_missing"


class OtherFaultReasonMissing(DomainError):
    """Another fault than the earlier one needs a reason."""

    code = "care.other_fault_reason_missing"


class NothingToRepeat(DomainError):
    """There is no repair of which this fault could be a repeat."""

    code = "care.nothing_to_repeat"


@dataclass(frozen=True)
class Decision:
    """What the agent decided before saving a new ticket."""

    kind: DecisionKind
    reason_code: str = ""


@dataclass(frozen=True)
class EarlierTicket:
    """What is known of an earlier ticket. trail: codes of the nodes of its signal, each followed by ``/``."""

    id: UUID
    number: str
    opened_at: datetime
    resolved_at: datetime | None
    close_type: str = ""
    is_open: bool = True
    service: str = ""
    fault_code: str = ""
    opened_by: str = ""
    address_id: UUID | None = None
    trail: str = ""


@dataclass(frozen=True)
class NodeSign:
    """So many homes reported under one node in a short time. is_outage: as many as the rulebook calls a sign."""

    node_code: str
    kind: str
    reports: int
    is_outage: bool


@dataclass(frozen=True)
class Candidates:
    """What an agent is shown before saving. other_services: open at the same home, in another service."""

    open_tickets: tuple[EarlierTicket, ...] = ()
    repeat_of: EarlierTicket | None = None
    other_services: tuple[EarlierTicket, ...] = ()
    node: NodeSign | None = None
    under_node: tuple[EarlierTicket, ...] = field(default=())

    @property
    def needs_decision(self) -> bool:
        """Tell whether the agent must decide before a new ticket is opened."""
        return bool(self.open_tickets or self.repeat_of)

    @property
    def shown(self) -> tuple[EarlierTicket, ...]:
        """The tickets of this home, newest first, each once."""
        found = [*self.open_tickets, *self.other_services, *([self.repeat_of] if self.repeat_of else [])]
        return tuple({one.id: one for one in found}.values())


def duplicates_of(earlier: Iterable[EarlierTicket], *, at: datetime, window: timedelta) -> tuple[EarlierTicket, ...]:
    """Return the tickets that are still open and were opened at most `window` before `at`, newest first."""
    found = (ticket for ticket in earlier if ticket.is_open and timedelta(0) <= at - ticket.opened_at <= window)
    return tuple(sorted(found, key=lambda ticket: ticket.opened_at, reverse=True))


def repeated_fault(earlier: Iterable[EarlierTicket], *, at: datetime, window: timedelta) -> EarlierTicket | None:
    """Return the newest repair of the same home and service that ended at most `window` before `at`, or None."""
    repaired = [
        (ticket.resolved_at, ticket)
        for ticket in earlier
        if ticket.resolved_at is not None
        and ticket.close_type not in NOT_A_REPAIR
        and timedelta(0) <= at - ticket.resolved_at <= window
    ]
    return max(repaired, key=lambda pair: pair[0])[1] if repaired else None


def node_sign(
    nodes: Sequence[tuple[str, str]],
    recent: Iterable[EarlierTicket],
    *,
    address_id: UUID,
    at: datetime,
    window: timedelta,
    threshold: int,
) -> tuple[NodeSign | None, tuple[EarlierTicket, ...]]:
    """Return the lowest node of this home under which others reported too, with their tickets, newest first.

    nodes: (code, kind) of the home's shared nodes, from the lowest up. A home counts once, and this report counts too.
    A node with enough homes wins over a lower one with fewer. threshold: homes that make a sign.
    """
    others = [one for one in recent if one.address_id != address_id and timedelta(0) <= at - one.opened_at <= window]
    best: tuple[NodeSign | None, tuple[EarlierTicket, ...]] = (None, ())
    for code, kind in nodes:
        below = sorted((one for one in others if code in one.trail.split("/")), key=lambda one: one.opened_at)
        reports = len({one.address_id for one in below}) + 1
        if below and (reports >= threshold or best[0] is None):
            best = (NodeSign(code, kind, reports, reports >= threshold), tuple(reversed(below)))
        if reports >= threshold:
            break
    return best


def checked_decision(decision: Decision, found: Candidates) -> Decision:
    """Return the decision when it fits what was found.

    Raises DuplicateDecisionMissing, OtherFaultReasonMissing, NothingToRepeat.
    """
    if decision.kind in {DecisionKind.NONE_SEEN, DecisionKind.SAME_FAULT} and found.needs_decision:
        raise DuplicateDecisionMissing(field="decision", number=found.shown[0].number)
    if decision.kind is DecisionKind.REPEAT and found.repeat_of is None:
        raise NothingToRepeat(field="decision")
    if decision.kind is DecisionKind.OTHER_FAULT and decision.reason_code not in set(OtherFaultReason):
        raise OtherFaultReasonMissing(field="other_reason")
    return decision
