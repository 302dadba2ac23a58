"""Technicians of the living city: they look at their orders, and whatever state one is in, they go on from there.

Nothing is remembered that the orders do not say, so the city may stop and begin again at any instant, and a person
who works beside it is no surprise.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from yuanxin.engines.routing.place import Place
from yuanxin.fieldwork import api as fieldwork
from yuanxin.inventory import api as inventory
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.published.codes import CloseType, Segment
from yuanxin.simulation.living.closing import Closer
from yuanxin.simulation.living.rates import Rates
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import Town
from yuanxin.simulation.replay.crew import HOLD_REASON, PARKED_TO_DOOR, Crew, Job
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.pictures import photo
from yuanxin.simulation.replay.timeline import Timeline
from yuanxin.simulation.seeding.households import PREFIX
from yuanxin.simulation.seeding.organisation import CITY

State = fieldwork.State
UNDERWAY = (State.EN_ROUTE, State.ARRIVED, State.WORKING)
WAITING = (State.OFFERED, State.ACCEPTED, State.BOOKED)
WITH_SOMEBODY = ",".join(str(state) for state in (*WAITING, *UNDERWAY, State.HELD))
METRES_A_DEGREE = 111_000
OUTSIDE_REASON = "小区正门封闭，从侧门进入"
WRONG_SEGMENT, NEEDS_HOME = "line_fault", "needs_home_visit"


@dataclass(frozen=True)
class Drive:
    """Somebody on the way."""

    origin: Place
    goal: Place
    left_at: datetime
    there_at: datetime

    def place(self, at: datetime) -> Place:
        """Return where that is at an instant: on the straight line, as far as the time has gone."""
        whole = (self.there_at - self.left_at).total_seconds() or 1.0
        part = min(1.0, max(0.0, (at - self.left_at).total_seconds() / whole))
        return Place(
            self.origin.lng + (self.goal.lng - self.origin.lng) * part,
            self.origin.lat + (self.goal.lat - self.origin.lat) * part,
        )


class LivingCrew(Crew):
    """All technicians, field and line."""

    def __init__(self, timeline: Timeline, town: Town, rates: Rates, tally: Tally, dice: Dice) -> None:
        super().__init__(
            timeline,
            dice,
            town.field | town.line,
            shift_end=timeline.end,
            approver=town.acting("dispatch_leader", random.Random(dice.seed)),
            on_finished=lambda number, ticket_id, at: None,
        )
        self._town, self._rates, self._tally = town, rates, tally
        self._closer = Closer(dice.seed, rates)
        self._on_line = frozenset(town.line.values())
        self._drives: dict[UUID, Drive] = {}
        self._seen: dict[UUID, set[tuple[UUID, str, datetime | None]]] = {}
        self._gps = random.Random(f"gps{dice.seed}")

    def _is_off(self, at: datetime) -> bool:
        return not self._rates.is_between(at, "field", "works_from", "works_to")

    def look(self, at: datetime) -> None:
        """Let those look at their day whose orders changed, or who have one on hold that may go on."""
        with transaction.atomic(), scope(CITY):
            rows = self._open_orders()
        mine: dict[UUID, set[tuple[UUID, str, datetime | None]]] = {}
        for row in rows:
            if row.technician_id in self._actings:
                mine.setdefault(row.technician_id, set()).add((row.pk, row.state, row.planned_from))
        for technician_id, orders in mine.items():
            is_new = self._seen.get(technician_id) != orders
            if is_new or any(state == State.HELD for _, state, _ in orders):
                self._seen[technician_id] = orders
                self._next(technician_id, at)

    @staticmethod
    def _open_orders() -> list[Any]:
        found: list[Any] = []
        cursor = ""
        while True:
            page = fieldwork.pool.page({"cursor": cursor, "state": WITH_SOMEBODY}, size=100)
            found += page.rows
            cursor = page.next_cursor
            if not cursor:
                return found

    def report_positions(self, at: datetime) -> None:
        """The phones tell where everybody on duty is, in one batch."""
        if self._is_off(at) and not self._busy:
            return
        known = {who: drive.place(at) for who, drive in self._drives.items()}
        standing = {who: place for who, place in self._places.items() if place is not None and who not in known}
        there = {who: self._scattered(place) for who, place in (known | standing).items()}
        batch = fieldwork.PositionBatch(
            list(there),
            [at] * len(there),
            [place.lng for place in there.values()],
            [place.lat for place in there.values()],
            [round(self._gps.uniform(5, 25)) for _ in there],
        )
        with self._tally.trying("positions"), acting_as(self._town.acting("gateway", self._gps)):
            fieldwork.record_positions(batch=batch, at=at)

    def _next(self, technician_id: UUID, at: datetime) -> None:
        if technician_id in self._busy:
            return
        with self._tally.trying("look at the day", lambda: self._later(technician_id, at)):
            with transaction.atomic(), scope(CITY):
                mine = [one for one in fieldwork.today(technician_id, at) if one.technician_id == technician_id]
                where = parties.addresses([order.address_id for order in mine])
            jobs = [self._job(order, where[order.address_id], at) for order in mine]
            for job in jobs:
                if job.order.state in UNDERWAY:
                    self._go_on(technician_id, job, at)
                    return
            if not self._is_off(at):
                self._set_out(technician_id, jobs, at)

    def _go_on(self, technician_id: UUID, job: Job, at: datetime) -> None:
        """Take up what is under way, from the state that the order is in."""
        order = job.order
        self._busy.add(technician_id)
        if order.state is State.EN_ROUTE:
            arrive = max(
                at, order.state_since + self._dice.travel_time(job.number, self._travel(technician_id, job, at))
            )
            self._timeline.at(arrive, lambda at: self._arrive(technician_id, job, at))
        elif order.state is State.ARRIVED:
            self._timeline.at(at, lambda at: self._begin(technician_id, job, at))
        else:
            done = order.state_since + self._dice.repair_time(job.number, job.fault_code)
            self._timeline.at(max(at, done), lambda at: self._end(technician_id, job, self._kept(job), at))

    def _kept(self, job: Job) -> CloseType:
        """Return how a begun visit ends; an empty trip has no work to begin."""
        ends = self._dice.close_type(job.number)
        return CloseType.FIXED if ends is CloseType.EMPTY_TRIP else ends

    def _set_out(self, technician_id: UUID, jobs: list[Job], at: datetime) -> None:
        waiting = []
        for job in jobs:
            order = job.order
            if order.state is State.OFFERED:
                self._do(technician_id, "accept", at, partial(fieldwork.accept, work_order_id=order.id, at=at))
                if self._gps.random() < self._rates.share("field", "calls_first"):
                    call = partial(fieldwork.call_customer, work_order_id=order.id, at=at)
                    self._do(technician_id, "call the customer", at, call)
            if order.state in WAITING:
                waiting.append(job)
            elif self._may_resume(order, at):
                self._busy.add(technician_id)
                self._timeline.at(at + PARKED_TO_DOOR, partial(self._resume, technician_id, job))
                return
        job_next = min(waiting, key=lambda job: job.planned_from, default=None)
        if job_next is None:
            return
        travel = self._travel(technician_id, job_next, at)
        if job_next.planned_from - travel > at:
            self._wake(technician_id, job_next.planned_from - travel)
            return
        self._depart(technician_id, job_next, self._dice.travel_time(job_next.number, travel), at)

    def _may_resume(self, order: fieldwork.WorkOrderView, at: datetime) -> bool:
        after = self._rates.span("desk", "resumes_after")
        return order.state is State.HELD and order.state_since + after <= at

    def _resume(self, technician_id: UUID, job: Job, at: datetime) -> None:
        if self._do(technician_id, "resume", at, lambda: fieldwork.resume(work_order_id=job.work_order_id, at=at)):
            self._busy.discard(technician_id)
            self._next(technician_id, at)

    def _depart(self, technician_id: UUID, job: Job, travel: timedelta, at: datetime) -> None:
        self._busy.add(technician_id)
        if not self._do(technician_id, "depart", at, lambda: fieldwork.depart(work_order_id=job.work_order_id, at=at)):
            return
        here = self._places[technician_id]
        if here is not None and job.place is not None:
            self._drives[technician_id] = Drive(here, job.place, at, at + travel)
        self._timeline.at(at + travel, lambda at: self._arrive(technician_id, job, at))

    def _arrive(self, technician_id: UUID, job: Job, at: datetime) -> None:
        self._drives.pop(technician_id, None)
        self._places[technician_id] = job.place or self._places[technician_id]
        if not self._is_still_wanted(technician_id, job):
            self._free(technician_id, at)
        elif self._do(technician_id, "arrive", at, lambda: self._check_in(job, at)):
            self._timeline.at(at + PARKED_TO_DOOR, lambda at: self._begin(technician_id, job, at))

    def _check_in(self, job: Job, at: datetime) -> None:
        is_outside = job.place is not None and self._gps.random() < self._rates.share("field", "outside_fence")
        here = None if job.place is None else self._outside(job.place) if is_outside else self._scattered(job.place)
        fieldwork.arrive(
            work_order_id=job.work_order_id,
            lng=here.lng if here else None,
            lat=here.lat if here else None,
            error_m=round(self._gps.uniform(5, 25)),
            photo=None if here and not is_outside else photo(),
            reason="" if here and not is_outside else OUTSIDE_REASON if here else "地址没有坐标",
            at=at,
        )

    def _begin(self, technician_id: UUID, job: Job, at: datetime) -> None:
        """Begin the work, or leave a card at a door that stays shut."""
        ends = self._dice.close_type(job.number)
        if ends is CloseType.EMPTY_TRIP:
            self._end(technician_id, job, ends, at)
            return
        if not self._do(technician_id, "start", at, lambda: fieldwork.start(work_order_id=job.work_order_id, at=at)):
            return
        done = at + self._dice.repair_time(job.number, job.fault_code)
        if self._dice.is_held(job.number):
            self._timeline.at(done, lambda at: self._hold(technician_id, job, at))
        elif self._is_of_others(technician_id, job):
            found = at + self._rates.span("desk", "looks_every")
            self._timeline.at(found, lambda at: self._hand_over(technician_id, job, at))
        else:
            self._timeline.at(done, lambda at: self._end(technician_id, job, ends, at))

    def _is_of_others(self, technician_id: UUID, job: Job) -> bool:
        draw = random.Random(f"{self._dice.seed}:{job.number}:segment").random()
        if technician_id in self._on_line:
            return draw < self._rates.share("desk", "returned")
        return job.order.segment is Segment.FIELD and draw < self._rates.share("desk", "wrong_segment")

    def _hand_over(self, technician_id: UUID, job: Job, at: datetime) -> None:
        """The technician finds that it is the line; the line crew, that it is the home after all."""

        def give() -> None:
            if technician_id in self._on_line:
                fieldwork.hand_back(work_order_id=job.work_order_id, reason_code=NEEDS_HOME, at=at)
            else:
                fieldwork.hand_over(
                    work_order_id=job.work_order_id, to_segment=Segment.LINE, reason_code=WRONG_SEGMENT, at=at
                )

        if self._do(technician_id, "hand over", at, give):
            self._free(technician_id, at)

    def _hold(self, technician_id: UUID, job: Job, at: datetime) -> None:
        def ask() -> None:
            fieldwork.hold(work_order_id=job.work_order_id, reason_code=HOLD_REASON, photo=photo(), at=at)

        if self._do(technician_id, "hold", at, ask):
            self._free(technician_id, at)

    def _end(self, technician_id: UUID, job: Job, ends: CloseType, at: datetime) -> None:
        def close_out() -> None:
            closing = self._closer.closing_of(job, ends, at, is_line=technician_id in self._on_line)
            moves = self._swap(job, closing.swapped, at) if closing.swapped else ()
            fieldwork.finish(work_order_id=job.work_order_id, at=at, devices=moves, **closing.arguments())

        if self._do(technician_id, "finish", at, close_out):
            self._free(technician_id, at)

    def _swap(self, job: Job, kind: str, at: datetime) -> tuple[fieldwork.DeviceMove, ...]:
        """Take the broken device out and a new one from the stock."""
        with transaction.atomic(), scope(CITY):
            old = [one for one in inventory.devices_of(job.order.customer_id, at) if one.kind == kind]
        if not old:
            return ()
        serial = f"{PREFIX[kind]}{self._gps.randrange(10**11, 10**12)}"
        with acting_as(self._town.acting("stock_keeper", self._gps)):
            inventory.register_device(serial=serial, kind=kind, at=at)
        return fieldwork.DeviceMove(old[0].serial, "removed"), fieldwork.DeviceMove(serial, "installed")

    def _do(self, technician_id: UUID, name: str, at: datetime, step: Callable[[], object]) -> bool:
        """Take one step as the technician; one that does not go through makes them look at the day again."""
        again = partial(self._later, technician_id, at)
        with self._tally.trying(name, again) as attempt, acting_as(self._actings[technician_id]):
            step()
        return attempt.went

    def _later(self, technician_id: UUID, at: datetime) -> None:
        self._busy.discard(technician_id)
        self._drives.pop(technician_id, None)
        self._wake(technician_id, at + self._rates.span("field", "look_again"))

    def _free(self, technician_id: UUID, at: datetime) -> None:
        self._busy.discard(technician_id)
        self._timeline.at(at + PARKED_TO_DOOR, lambda at: self._next(technician_id, at))

    def _job(self, order: fieldwork.WorkOrderView, address: parties.AddressView, at: datetime) -> Job:
        place = None if address.lng is None or address.lat is None else Place(address.lng, address.lat)
        planned = order.planned_from or at
        draws = f"{order.number}:{planned:%d%H%M}"  # another visit throws anew
        return Job(order.id, UUID(int=0), draws, order.fault_code, place, planned, order)

    def _scattered(self, place: Place) -> Place:
        spread = self._rates.share("field", "gps_spread_m") / METRES_A_DEGREE
        return Place(round(self._gps.gauss(place.lng, spread), 6), round(self._gps.gauss(place.lat, spread), 6))

    def _outside(self, place: Place) -> Place:
        nearest, furthest = self._rates.table["field"]["outside_by_m"]
        return Place(round(place.lng + self._gps.uniform(nearest, furthest) / METRES_A_DEGREE, 6), place.lat)
