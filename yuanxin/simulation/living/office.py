"""The desks of the living city: agents take calls, dispatchers look at the pool, the complaint desk goes on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import exp
from typing import Any
from uuid import UUID

from django.db import transaction

from yuanxin.care import api as care
from yuanxin.care.api import ComplaintState, ComplaintStepKind
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.listing import Listing
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.time import local_day
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, Channel, OrderKind, Segment, Service
from yuanxin.published.refs import TicketRef
from yuanxin.simulation.living.hotline import Hotline
from yuanxin.simulation.living.planner import Planner
from yuanxin.simulation.living.rates import Kind, Rates, Story
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import Resident, Town
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.timeline import Timeline
from yuanxin.simulation.seeding.organisation import CITY

OUTCOMES = {Kind.FAULT: care.Outcome.TICKET, Kind.COMPLAINT: care.Outcome.COMPLAINT}
OPEN_TICKETS = f"{care.TicketState.RECEIVED},{care.TicketState.IN_PROGRESS}"
MOST = 100  # rows of one look
LOOKS_AGAIN = timedelta(hours=1)  # at what nobody could take
CALLS_LEFT = 2  # that nobody has given to a technician yet
AGAIN = timedelta(hours=3)  # after nobody was reached
MAIN_STEPS: Mapping[ComplaintState, ComplaintStepKind] = {
    ComplaintState.RECEIVED: ComplaintStepKind.FIRST_REPLY,
    ComplaintState.FIRST_REPLIED: ComplaintStepKind.CHECK,
    ComplaintState.CHECKING: ComplaintStepKind.HANDLE,
    ComplaintState.HANDLING: ComplaintStepKind.ANSWER,
    ComplaintState.ANSWERED: ComplaintStepKind.CALL_BACK,
    ComplaintState.CALLED_BACK: ComplaintStepKind.CONCLUDE,
}


class Office:
    """Everybody at a desk. What waits is read from the lists each time, so nothing is forgotten or done twice."""

    def __init__(
        self, timeline: Timeline, town: Town, rates: Rates, tally: Tally, dice: Dice, hotline: Hotline
    ) -> None:
        self._timeline, self._town, self._rates, self._tally, self._dice = timeline, town, rates, tally, dice
        self._hotline = hotline
        self._throws = random.Random(f"office{dice.seed}")
        self._planner = Planner(town, rates, tally, self._throws)
        self._planned_on: date | None = None
        self._next_place: dict[UUID, datetime] = {}
        self._next_try: dict[UUID, datetime] = {}
        self._next_step: dict[UUID, datetime] = {}

    # --- calls ---

    def take_call(self, at: datetime) -> None:
        """Somebody calls with some story."""
        story = self._rates.story(self._throws)
        resident = self._town.somebody(story.service, at, self._throws)
        if resident is not None:
            self.hear(story, resident, at)

    def hear(self, story: Story, resident: Resident, at: datetime) -> TicketRef | None:
        """Take a call of this customer; return the ticket, if it became one."""
        channel = self._rates.channel(self._throws)
        opened = None
        with self._tally.trying(f"call: {story.kind.value}"), acting_as(self._town.acting("agent", self._throws)):
            if channel is Channel.PHONE:
                opened = self._hotline.talk(
                    story,
                    resident.customer_id,
                    at,
                    self._throws,
                    lambda call: self._take(story, resident, channel, call, at),
                )
            else:
                opened = self._take(story, resident, channel, None, at)
        if opened is not None and self._dice.is_solved_on_phone(opened.number):
            self._timeline.at(at + self._dice.phone_time(), lambda at: self.solve(opened.id, at))
        return opened

    def _take(
        self, story: Story, resident: Resident, channel: Channel, call_id: UUID | None, at: datetime
    ) -> TicketRef | None:
        """Take the story down: the contact, and the complaint or the ticket that it is about."""
        contact_id = care.record_contact(
            channel=channel,
            customer_id=resident.customer_id,
            reason_code=story.reason,
            outcome=OUTCOMES.get(story.kind, care.Outcome.INFORMATION).value,
            note=story.title,
            call_id=call_id,
            at=at,
        )
        if story.kind is Kind.COMPLAINT:
            care.open_complaint(
                customer_id=resident.customer_id,
                category=story.reason,
                service=story.service,
                channel=channel,
                note=story.title,
                at=at,
            )
        if story.kind is not Kind.FAULT:
            return None
        wanted = self._wish(story, resident, at)
        return care.open_ticket(
            customer_id=resident.customer_id,
            address_id=resident.address_id,
            service=story.service,
            fault_code=story.fault_code,
            channel=channel,
            contact_id=contact_id,
            note=story.title,
            wanted_from=wanted[0] if wanted else None,
            wanted_to=wanted[1] if wanted else None,
            at=at,
        )

    def _wish(self, story: Story, resident: Resident, at: datetime) -> tuple[datetime, datetime] | None:
        """Some callers choose one of the windows that the agent reads out."""
        if self._throws.random() >= self._rates.share("desk", "wants_window"):
            return None
        offers = self._windows(story.service, resident.address_id, at)
        return self._throws.choice(offers[:4]) if offers else None

    def _windows(self, service: Service, address_id: UUID, at: datetime) -> list[tuple[datetime, datetime]]:
        with transaction.atomic(), scope(CITY):
            place = parties.address(address_id)
            found = fieldwork.offer_windows(
                order_kind=OrderKind.REPAIR,
                service=service,
                address_id=address_id,
                area_class=AreaClass(place.area_class),
                grid_code=place.grid_code,
                at=at,
            )
        return [(one.window_from, one.window_to) for one in found if one.ease != "full" and one.window_from > at]

    def solve(self, ticket_id: UUID, at: datetime) -> None:
        """The fault is gone while the customer is on the line."""
        with transaction.atomic(), scope(CITY):
            state = care.ticket(ticket_id).state
        if state not in OPEN_TICKETS.split(","):
            return
        with self._tally.trying("solve on the phone"), acting_as(self._town.acting("agent", self._throws)):
            care.solve_on_phone(ticket_id=ticket_id, at=at)

    # --- looks ---

    def look(self, at: datetime) -> None:
        """Look at everything that waits for a desk."""
        self._decide_holds(at)
        self._review(at)
        self._assign_line(at)
        self._chase(at)
        self._move(at)
        self._call_back(at)
        self._go_on_with_complaints(at)

    def _rows(self, listing: Listing, **asked: str) -> list[Any]:
        with transaction.atomic(), scope(CITY):
            return list(listing.page(asked, size=MOST).rows)

    def dispatch(self, at: datetime) -> None:
        """Plan the day in the morning; later decide what the day proposes, and give out what came in meanwhile."""
        if self._planned_on != local_day(at):
            self._planned_on = local_day(at)
            self._planner.plan(at)
            return
        self._planner.decide(at)
        for order in self._rows(fieldwork.pool, state=str(fieldwork.State.PENDING), segment=str(Segment.FIELD)):
            if self._next_place.get(order.pk, at) <= at:
                self._next_place[order.pk] = at + LOOKS_AGAIN
                self._give(order.pk, at)

    def _give(self, work_order_id: UUID, at: datetime) -> None:
        """Give an order to the first whom the engine names, if there is one."""
        with self._tally.trying("assign"), acting_as(self._town.acting("dispatch_leader", self._throws)):
            with transaction.atomic(), scope(CITY):
                found = fieldwork.candidates(work_order_id, at)
            for best in found[:1]:
                fieldwork.assign(
                    work_order_id=work_order_id, technician_id=best.technician_id, mates=best.mates,
                    planned_from=best.start, at=at,
                )  # fmt: skip

    def leave_open(self, at: datetime) -> None:
        """Somebody has just called, and the plan made for it waits for a decision."""
        for _ in range(CALLS_LEFT):
            story = self._rates.story(self._throws)
            while story.kind is not Kind.FAULT:
                story = self._rates.story(self._throws)
            resident = self._town.somebody(story.service, at, self._throws)
            if resident is not None:
                self.hear(story, resident, at)
        self._planner.plan(at, takes_over=False)

    def _decide_holds(self, at: datetime) -> None:
        with transaction.atomic(), scope(CITY):
            waiting = fieldwork.holds_to_decide()
        for hold in waiting:
            if hold.asked_at + self._rates.span("desk", "decides_after") > at:
                continue
            decide = fieldwork.approve_hold
            if self._throws.random() >= self._rates.share("desk", "approves_hold"):
                decide = fieldwork.refuse_hold
            with self._tally.trying("decide a hold"), acting_as(self._town.acting("dispatch_leader", self._throws)):
                decide(work_order_id=hold.work_order_id, at=at)

    def _review(self, at: datetime) -> None:
        """Somebody looks at close-outs that the rulebook wants looked at."""
        with transaction.atomic(), scope(CITY):
            reasons = fieldwork.send_back_reasons(at)
        waiting = sorted(self._rows(fieldwork.reviews), key=lambda row: row.submitted_at)
        for row in waiting[:-1]:  # the newest stays on the desk
            if row.submitted_at + self._rates.span("desk", "reviews_after") > at:
                continue
            with self._tally.trying("review"), acting_as(self._town.acting("dispatch_leader", self._throws)):
                if self._throws.random() < self._rates.share("desk", "approves_review"):
                    fieldwork.approve_closeout(work_order_id=row.work_order_id, at=at)
                else:
                    reason = self._throws.choice(reasons)
                    fieldwork.send_back(work_order_id=row.work_order_id, reason_code=reason, at=at)

    def _assign_line(self, at: datetime) -> None:
        """Orders of other segments are given to their people one by one."""
        for order in self._rows(fieldwork.pool, state=str(fieldwork.State.PENDING), segment=str(Segment.LINE)):
            self._give(order.pk, at)

    def _chase(self, at: datetime) -> None:
        for ticket in self._rows(care.tickets, state=OPEN_TICKETS):
            is_late = ticket.assessment_due_at is not None and ticket.assessment_due_at < at
            if self._throws.random() < self._rates.share("desk", "chases_late" if is_late else "chases"):
                with self._tally.trying("chase"), acting_as(self._town.acting("agent", self._throws)):
                    care.chase(ticket_id=ticket.pk, note="用户催单", at=at)

    def _move(self, at: datetime) -> None:
        """Customers reschedule; the dispatcher gives an order to somebody else."""
        for order in self._rows(fieldwork.pool, state=f"{fieldwork.State.OFFERED},{fieldwork.State.BOOKED}"):
            draw = self._throws.random()
            if draw < self._rates.share("desk", "reschedules"):
                self._reschedule(order, at)
            elif draw < self._rates.share("desk", "reschedules") + self._rates.share("desk", "reassigns"):
                self._reassign(order, at)

    def _reschedule(self, order: Any, at: datetime) -> None:
        with self._tally.trying("reschedule"), acting_as(self._town.acting("agent", self._throws)):
            windows = self._windows(order.service, order.address_id, at)
            with transaction.atomic(), scope(CITY):
                reasons = fieldwork.customer_reasons(at)
            if windows:
                begins_at, ends_at = self._throws.choice(windows)
                fieldwork.book_appointment(
                    work_order_id=order.pk,
                    window_from=begins_at,
                    window_to=ends_at,
                    reason_code=self._throws.choice(reasons),
                    at=at,
                )

    def _reassign(self, order: Any, at: datetime) -> None:
        with self._tally.trying("reassign"), acting_as(self._town.acting("dispatch_leader", self._throws)):
            with transaction.atomic(), scope(CITY):
                found = [one for one in fieldwork.candidates(order.pk, at) if one.technician_id != order.technician_id]
            if found:
                fieldwork.reassign(
                    work_order_id=order.pk,
                    technician_id=found[0].technician_id,
                    planned_from=found[0].start,
                    reason="load",
                    at=at,
                )

    def _call_back(self, at: datetime) -> None:
        for ticket in self._rows(care.callbacks_due):
            first = ticket.resolved_at + self._dice.callback_delay(ticket.number)
            if self._next_try.get(ticket.pk, first) > at:
                continue
            answer = self._dice.answer(f"{ticket.number}@{at:%d%H%M}")
            self._next_try[ticket.pk] = at + AGAIN
            with self._tally.trying("call back"), acting_as(self._town.acting("agent", self._throws)):
                care.record_callback(ticket_id=ticket.pk, reached=answer.reached, agrees=answer.agrees, at=at)
                if answer.score is not None:
                    care.record_rating(ticket_id=ticket.pk, score=answer.score, begged=answer.begged, at=at)

    def _go_on_with_complaints(self, at: datetime) -> None:
        for row in self._rows(care.complaints, state=",".join(MAIN_STEPS)):
            due = self._next_step.setdefault(row.pk, row.opened_at + self._delay())
            if due > at:
                continue
            self._next_step[row.pk] = at + self._delay()
            with self._tally.trying("complaint"), acting_as(self._town.acting("complaint_officer", self._throws)):
                care.advance_complaint(complaint_id=row.pk, step=self._step_of(ComplaintState(row.state)), at=at)

    def _step_of(self, state: ComplaintState) -> ComplaintStepKind:
        draw = self._throws.random()
        if state is ComplaintState.ANSWERED and draw < self._rates.share("complaints", "rejects"):
            return ComplaintStepKind.REJECT_ANSWER
        if state is ComplaintState.HANDLING and draw < self._rates.share("complaints", "escalates"):
            return ComplaintStepKind.ESCALATE
        if state is ComplaintState.RECEIVED and draw < self._rates.share("complaints", "escalates"):
            return self._throws.choice((ComplaintStepKind.MARK_DUPLICATE, ComplaintStepKind.WITHDRAW))
        return MAIN_STEPS[state]

    def _delay(self) -> timedelta:
        return self._rates.span("complaints", "step_every") * exp(self._throws.gauss(0.0, 0.6))
