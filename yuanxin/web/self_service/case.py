"""What a customer may know of the own order: gathered from several contexts, nothing personal beyond the need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.messaging import api as messaging
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import ClockKind, Service
from yuanxin.standards import api as standards
from yuanxin.web.components.promises import statutory_gap

PROMISES = ("fault.repair", "install.finish")
MOVABLE = (fieldwork.State.PENDING, fieldwork.State.OFFERED, fieldwork.State.ACCEPTED, fieldwork.State.BOOKED)
OVER = (fieldwork.State.ARCHIVED, fieldwork.State.MERGED, fieldwork.State.VOID)


@dataclass(frozen=True)
class Step:
    """One step on the way 进度: its code, when it was reached, whether the order stands here now."""

    code: str
    at: datetime | None
    is_done: bool
    is_here: bool = False


@dataclass(frozen=True)
class Promise:
    """By when, by which clock, and where that is written."""

    clock: standards.ClockView
    rule: standards.RuleWords


@dataclass(frozen=True)
class Case:
    """The order behind a link: a ticket with its newest work order, or a work order that has no ticket."""

    subject: str
    ticket: care.TicketView | None
    order: fieldwork.WorkOrderView | None

    @property
    def number(self) -> str:
        """The number that the customer was told."""
        return self.ticket.number if self.ticket else self._order.number

    @property
    def customer_id(self) -> UUID:
        """Whose order it is."""
        return self.ticket.customer_id if self.ticket else self._order.customer_id

    @property
    def address_id(self) -> UUID:
        """Where the work is."""
        return self.ticket.address_id if self.ticket else self._order.address_id

    @property
    def service(self) -> Service:
        """What it is about."""
        return self.ticket.service if self.ticket else self._order.service

    @property
    def opened_at(self) -> datetime:
        """When it was taken in."""
        return self.ticket.opened_at if self.ticket else self._order.opened_at

    @property
    def closed_at(self) -> datetime | None:
        """When it ended for good, None while it is open."""
        if self.ticket:
            return self.ticket.closed_at
        return self._order.state_since if self._order.state in OVER else None

    @property
    def thread(self) -> str:
        """Whose thread the customer writes to: the ticket's, or the work order's that has none."""
        return self.subject

    @property
    def may_move(self) -> bool:
        """Whether the customer may choose another window: before the technician is on the way."""
        return self.closed_at is None and self.order is not None and self.order.state in MOVABLE

    @property
    def may_confirm(self) -> bool:
        """Whether the customer is asked whether the repair holds."""
        return self.ticket is not None and self.ticket.state == care.TicketState.AWAITING_CALLBACK

    @property
    def is_over(self) -> bool:
        """Whether the order was withdrawn or joined with another one."""
        return self.ticket is not None and self.ticket.state in (care.TicketState.CANCELLED, care.TicketState.MERGED)

    @property
    def _order(self) -> fieldwork.WorkOrderView:
        if self.order is None:
            raise messaging.LinkUnknown
        return self.order


def case_of(link: messaging.Link) -> Case:
    """Return the order behind a link. Four statements. Raises NotFound."""
    if link.kind == "work_order":
        return Case(link.subject, None, fieldwork.work_order(link.id))
    ticket = care.ticket(link.id)
    orders = fieldwork.work_orders_of(link.subject)
    return Case(link.subject, ticket, orders[-1] if orders else None)


def promises(case: Case) -> list[Promise]:
    """Return the promises of the work with their sources, the law first."""
    cause = case.subject if case.ticket or case.order is None else case.order.cause
    clocks = [clock for clock in standards.clocks_of(cause) if clock.topic.startswith(PROMISES)]
    newest = {(clock.kind, clock.topic): clock for clock in sorted(clocks, key=lambda clock: clock.started_at)}
    ordered = sorted(newest.values(), key=lambda clock: (clock.kind != ClockKind.STATUTORY, clock.due_at))
    return [Promise(clock, standards.rule_words(clock.rule_id)) for clock in ordered]


def steps(case: Case) -> list[Step]:
    """Return the way of the order like that of a parcel; the first step that is not done is where it stands."""
    found = list(_steps(case))
    here = next((step for step in found if not step.is_done), None) if case.closed_at is None else None
    return [Step(step.code, step.at, step.is_done, step is here) for step in found]


def _steps(case: Case) -> Iterator[Step]:
    order, ticket = case.order, case.ticket
    yield Step("received", case.opened_at, is_done=True)
    needs_visit = order is not None and order.state not in (fieldwork.State.VOID, fieldwork.State.MERGED)
    if order is not None and needs_visit:
        is_assigned = order.technician_id is not None
        yield Step("assigned", order.assigned_at if is_assigned else None, is_done=is_assigned)
        visit = next(iter(reversed(fieldwork.visits_of(order.id))), None)
        arrived_at = visit.arrived_at if visit else None
        has_come = order.is_done or arrived_at is not None
        yield Step("booked", order.window_from, is_done=order.window_from is not None or has_come)
        yield Step("visited", arrived_at, is_done=has_come)
    done_at = (ticket.resolved_at if ticket else None) or (order.finished_at if order else None)
    yield Step("finished", done_at, is_done=done_at is not None)
    if ticket is not None:
        yield Step("called_back", ticket.closed_at, is_done=ticket.closed_at is not None and not case.is_over)


def page_context(case: Case, at: datetime) -> dict[str, object]:
    """Return what the page of the order shows."""
    shown = parties.customer(case.customer_id)
    technician = org.staff(case.order.technician_id).number if case.order and case.order.technician_id else ""
    kept = promises(case)
    return {
        "case": case,
        "name": shown.name_masked,
        "place": parties.address(case.address_id).text_masked,
        "steps": steps(case),
        "promises": kept,
        "has_law": any(promise.clock.kind == ClockKind.STATUTORY for promise in kept),
        "law_gap": statutory_gap(case.service),
        "technician_number": technician,
        "arrival": fieldwork.arrival(case.order.id, at) if case.order and case.closed_at is None else None,
        "said": [one for one in care.thread(case.thread) if one.author == f"customer:{case.customer_id}"],
        "is_held": case.order is not None and case.order.state == fieldwork.State.HELD,
        "rating": care.rating_of(case.ticket.id) if case.ticket else None,
        "may_rate": case.ticket is not None and case.ticket.resolved_at is not None and not case.is_over,
    }
