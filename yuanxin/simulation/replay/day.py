"""Live one day: contacts come in, the dispatcher plans, technicians drive and work, agents call back.

Every step goes through the same doors as the pages of web do, as the member of staff who would take it, in a
transaction of its own. What is owed to reactions is delivered after each event.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock, runner
from yuanxin.kernel.acting import Acting, acting_as, system
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import scope
from yuanxin.org import api as org
from yuanxin.published.refs import TicketRef, ref
from yuanxin.simulation.replay.city import City
from yuanxin.simulation.replay.crew import Crew
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.districts import CITY
from yuanxin.simulation.replay.placing import moved
from yuanxin.simulation.replay.plan import DayPlan, PlannedContact
from yuanxin.simulation.replay.timeline import Timeline
from yuanxin.simulation.replay.titles import Route
from yuanxin.standards import api as standards

SOURCE = "replay"
TICK_EVERY = timedelta(minutes=15)


class Day:
    """One replayed day, from midnight to midnight. unserved: why the dispatcher found nobody, by work order."""

    def __init__(
        self,
        plan: DayPlan,
        city: City,
        dice: Dice,
        *,
        say: Callable[[str], None],
        until: datetime | None = None,
        causes: dict[str, tuple[str, str]] | None = None,
    ) -> None:
        """until: break off at this instant. causes: faults known from days before, and kept for days after."""
        self.plan, self.city, self.dice, self._say = plan, city, dice, say
        self.start = moved(dice.wall("day_from"), plan.day)
        self.end = min(self.start + timedelta(days=1), until or datetime.max.replace(tzinfo=UTC))
        self._timeline = Timeline(self.end)
        self._agent: Acting = org.acting_for(city.agent, source=SOURCE)
        self._dispatcher: Acting = org.acting_for(city.dispatcher, source=SOURCE)
        self._crew = Crew(
            self._timeline,
            dice,
            city.technicians,
            shift_end=self._wall("shift_to"),
            approver=self._dispatcher,
            on_finished=self._plan_callback,
        )
        if causes is not None:
            self._crew.causes = causes
        self._callback_until = self._wall("callback_until")
        self._repairs: Counter[str] = Counter()
        self.unserved: dict[UUID, str] = {}

    def run(self) -> None:
        """Live the day."""
        for contact in self.plan.contacts:
            self._timeline.at(contact.at, self._arrival_of(contact))
        self._timeline.at(self.start + TICK_EVERY, self._tick)
        self._timeline.at(self._wall("shift_from"), self._dispatch)
        hour = -1
        for at, event in self._timeline.take():
            if at.hour != hour:
                hour = at.hour
                self._say(f"{at:%H:%M}")
            with clock.standing_at(at):
                event(at)
                runner.drain()
        with clock.standing_at(self.end):
            self._last_look()
            runner.drain()

    @property
    def causes(self) -> dict[str, tuple[str, str]]:
        """Return contact number and fault by the cause of the work order."""
        return self._crew.causes

    def _wall(self, name: str) -> datetime:
        return moved(self.dice.wall(name), self.plan.day)

    def _arrival_of(self, contact: PlannedContact) -> Callable[[datetime], None]:
        routes = {Route.FIELD: self._report_fault, Route.COMPLAINT: self._complain, Route.NO_VISIT: self._inform}
        take = routes[contact.reading.route]
        return lambda at: take(contact, at)

    def _record(self, contact: PlannedContact, outcome: care.Outcome, at: datetime) -> UUID:
        return care.record_contact(
            channel=contact.channel,
            customer_id=self.city.residents[contact.number].customer_id,
            reason_code=contact.reading.reason.value,
            outcome=outcome.value,
            note=contact.title,
            at=at,
            key=_key(contact, "contact"),
        )

    def _report_fault(self, contact: PlannedContact, at: datetime) -> None:
        resident = self.city.residents[contact.number]
        with acting_as(self._agent):
            opened = care.open_ticket(
                customer_id=resident.customer_id,
                address_id=resident.address_id,
                service=contact.reading.service,
                fault_code=contact.reading.fault_code,
                channel=contact.channel,
                contact_id=self._record(contact, care.Outcome.TICKET, at),
                note=contact.title,
                at=at,
                key=_key(contact, "ticket"),
            )
        self._crew.causes[ref("ticket", opened.id)] = (contact.number, contact.reading.fault_code)
        if self.dice.is_solved_on_phone(contact.number):
            self._timeline.at(at + self.dice.phone_time(), lambda at: self._solve_on_phone(opened, at))

    def _solve_on_phone(self, opened: TicketRef, at: datetime) -> None:
        with acting_as(self._agent):
            care.solve_on_phone(ticket_id=opened.id, at=at)

    def _complain(self, contact: PlannedContact, at: datetime) -> None:
        with acting_as(self._agent):
            self._record(contact, care.Outcome.COMPLAINT, at)
            care.open_complaint(
                customer_id=self.city.residents[contact.number].customer_id,
                category=contact.reading.reason.value,
                service=contact.reading.service,
                channel=contact.channel,
                note=contact.title,
                at=at,
                key=_key(contact, "complaint"),
            )

    def _inform(self, contact: PlannedContact, at: datetime) -> None:
        with acting_as(self._agent):
            self._record(contact, care.Outcome.NO_VISIT, at)

    def _dispatch(self, at: datetime) -> None:
        self._plan_pool(at)
        self._crew.look(at)
        self._timeline.at(at + self.dice.every("dispatch_every"), self._dispatch)

    def _last_look(self) -> None:
        """At the end of the day the dispatcher plans once more; who then has nobody is not reached, and why."""
        self._plan_pool(self.end)

    def _plan_pool(self, at: datetime) -> None:
        with acting_as(self._dispatcher):
            result = fieldwork.auto_dispatch(unit=CITY, at=at)
        self.unserved = {
            one.work_order_id: Counter(reason.cause for reason in one.reasons).most_common(1)[0][0]
            for one in result.unserved
        }

    def _tick(self, at: datetime) -> None:
        with acting_as(system("ticker", scope="*")):
            standards.tick(at=at)
        self._timeline.at(at + TICK_EVERY, self._tick)

    def _plan_callback(self, number: str, ticket_id: UUID, at: datetime) -> None:
        self._repairs[number] += 1
        called = at + self.dice.callback_delay(number)
        if called <= self._callback_until:
            self._timeline.at(called, lambda at: self._call_back(number, ticket_id, at))

    def _call_back(self, number: str, ticket_id: UUID, at: datetime) -> None:
        with transaction.atomic(), scope(CITY):
            is_waiting = care.ticket(ticket_id).state == care.TicketState.AWAITING_CALLBACK.value
        if not is_waiting:
            return  # solved on the phone while somebody was on the way
        again = self._repairs[number] - 1
        answer = self.dice.answer(f"{number}+{again}" if again else number)
        with acting_as(self._agent):
            try:
                care.record_callback(ticket_id=ticket_id, reached=answer.reached, agrees=answer.agrees, at=at)
            except DomainError as refused:
                if refused.code != "care.callback_outside_hours":
                    raise
                return  # so late in the evening a call that nobody answers counts for nothing
            if answer.score is not None:
                care.record_rating(ticket_id=ticket_id, score=answer.score, begged=answer.begged, at=at)


def _key(contact: PlannedContact, step: str) -> IdempotencyKey:
    return IdempotencyKey(f"replay-{contact.number}-{step}")
