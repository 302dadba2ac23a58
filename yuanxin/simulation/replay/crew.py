"""Technicians of a replay: each takes the next order of the day, drives, works, closes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.travel import GreatCircleTravel
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import Acting, acting_as
from yuanxin.kernel.tenancy import scope
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import CloseType
from yuanxin.published.refs import ref_id
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.districts import CITY
from yuanxin.simulation.replay.pictures import photo, signature
from yuanxin.simulation.replay.timeline import Timeline
from yuanxin.standards import api as standards

TRAVEL_TOPIC = "travel.estimate"
PARKED_TO_DOOR = timedelta(minutes=2)
HOLD_REASON = "resource"
SIGNED_BY = "住户"
NOBODY_OPENED = "敲门无人应答"
CAUSES = {"tv_fault": "home.box_settings", "phone_fault": "home.customer_equipment", "equipment": "home.onu_failed"}
USUAL_CAUSE = "home.router_or_wifi"
_WAITING = (fieldwork.State.OFFERED, fieldwork.State.ACCEPTED, fieldwork.State.BOOKED)


@dataclass(frozen=True)
class Job:
    """What a technician needs to know of one order. number: of the contact behind it."""

    work_order_id: UUID
    ticket_id: UUID
    number: str
    fault_code: str
    place: Place | None
    planned_from: datetime
    order: fieldwork.WorkOrderView


class Crew:
    """All technicians of the day. jobs: contact number and fault by cause subject, filled as tickets are opened."""

    def __init__(
        self,
        timeline: Timeline,
        dice: Dice,
        technicians: Mapping[str, UUID],
        *,
        shift_end: datetime,
        approver: Acting,
        on_finished: Callable[[str, UUID, datetime], None],
    ) -> None:
        """approver: who approves holds. on_finished: hears contact number, ticket and instant of each close-out."""
        self._timeline, self._dice, self._shift_end = timeline, dice, shift_end
        self._approver, self._on_finished = approver, on_finished
        self._busy: set[UUID] = set()
        self._wakes: dict[UUID, datetime] = {}
        self._actings: dict[UUID, Acting] = {}
        self._places: dict[UUID, Place | None] = {}
        for technician_id in technicians.values():
            self._actings[technician_id] = org.acting_for(technician_id, source="replay")
            seen = org.staff(technician_id)
            known = seen.home_lng is not None and seen.home_lat is not None
            self._places[technician_id] = Place(seen.home_lng or 0, seen.home_lat or 0) if known else None
        self.causes: dict[str, tuple[str, str]] = {}

    def look(self, at: datetime) -> None:
        """Let everybody who is free look at the day's orders."""
        for technician_id in self._actings:
            self._next(technician_id, at)

    def _next(self, technician_id: UUID, at: datetime) -> None:
        """Set out for the next order now, or look again when it is time to."""
        if technician_id in self._busy or self._is_off(at):
            return
        with acting_as(self._actings[technician_id]):
            here = self._at_this_door(technician_id, at)
            if here is not None:
                self._busy.add(technician_id)
                self._timeline.at(at, lambda at: self._work(technician_id, here, at))
                return
            job = self._first_job(technician_id, at)
            if job is None:
                return
            travel = self._travel(technician_id, job, at)
            leave = job.planned_from - travel
            if leave > at:
                self._wake(technician_id, leave)
                return
            self._busy.add(technician_id)
            fieldwork.depart(work_order_id=job.work_order_id, at=at)
        arrive = at + self._dice.travel_time(job.number, travel)
        self._timeline.at(arrive, lambda at: self._arrive(technician_id, job, at))

    def _is_off(self, at: datetime) -> bool:
        return at >= self._shift_end

    def _wake(self, technician_id: UUID, at: datetime) -> None:
        if self._wakes.get(technician_id) != at:
            self._wakes[technician_id] = at
            self._timeline.at(at, lambda at: self._next(technician_id, at))

    def _at_this_door(self, technician_id: UUID, at: datetime) -> Job | None:
        """Return what rode along to this home and was not begun yet (合并上门)."""
        with transaction.atomic(), scope(CITY):
            mine = fieldwork.today(technician_id, at)
            left = next((order for order in mine if order.state is fieldwork.State.ARRIVED and order.bundle), None)
            where = parties.addresses([left.address_id]) if left else {}
        return self._job(left, where[left.address_id], at) if left else None

    def _first_job(self, technician_id: UUID, at: datetime) -> Job | None:
        """Accept whatever is offered and return the first order that waits for this technician."""
        with transaction.atomic(), scope(CITY):
            waiting = [order for order in fieldwork.today(technician_id, at) if order.state in _WAITING]
            where = parties.addresses([order.address_id for order in waiting])
        for order in waiting:
            if order.state is fieldwork.State.OFFERED:
                fieldwork.accept(work_order_id=order.id, at=at)
        jobs = [self._job(order, where[order.address_id], at) for order in waiting]
        return min(jobs, key=lambda job: job.planned_from, default=None)

    def _job(self, order: fieldwork.WorkOrderView, address: parties.AddressView, at: datetime) -> Job:
        number, fault_code = self.causes[order.cause]
        place = None if address.lng is None or address.lat is None else Place(address.lng, address.lat)
        return Job(order.id, ref_id(order.cause, "ticket"), number, fault_code, place, order.planned_from or at, order)

    def _travel(self, technician_id: UUID, job: Job, at: datetime) -> timedelta:
        here = self._places[technician_id]
        if here is None or job.place is None:
            return timedelta(0)
        with transaction.atomic(), scope(CITY):
            rule = GreatCircleTravel(
                detour=standards.parameter(TRAVEL_TOPIC, "detour_percent", at=at) / 100,
                speed_kmh=standards.parameter(TRAVEL_TOPIC, "speed_urban_km_per_h", at=at),
                entry_s=standards.parameter(TRAVEL_TOPIC, "parking_minutes", at=at) * 60,
            )
        return timedelta(seconds=rule.seconds(here, job.place))

    def _arrive(self, technician_id: UUID, job: Job, at: datetime) -> None:
        self._places[technician_id] = job.place or self._places[technician_id]
        if not self._is_still_wanted(technician_id, job):
            self._busy.discard(technician_id)
            self._next(technician_id, at)
            return
        with acting_as(self._actings[technician_id]):
            self._check_in(job, at)
        self._work(technician_id, job, at)

    def _work(self, technician_id: UUID, job: Job, at: datetime) -> None:
        """Begin what there is to do behind this door, or leave a card at it."""
        ends = self._dice.close_type(job.number)
        with acting_as(self._actings[technician_id]):
            if ends is CloseType.EMPTY_TRIP:
                self._finish(technician_id, job, ends, at + PARKED_TO_DOOR)
                return
            fieldwork.start(work_order_id=job.work_order_id, at=at + PARKED_TO_DOOR)
        done = at + PARKED_TO_DOOR + self._dice.repair_time(job.number, job.fault_code)
        if self._dice.is_held(job.number):
            self._timeline.at(done, lambda at: self._hold(technician_id, job, at))
        else:
            self._timeline.at(done, lambda at: self._end(technician_id, job, ends, at))

    def _is_still_wanted(self, technician_id: UUID, job: Job) -> bool:
        """Tell whether the order is still this technician's: the agent may have solved it on the phone meanwhile."""
        with transaction.atomic(), scope(CITY):
            order = fieldwork.work_order(job.work_order_id)
        return order.state is fieldwork.State.EN_ROUTE and order.technician_id == technician_id

    def _check_in(self, job: Job, at: datetime) -> None:
        place = job.place
        fieldwork.arrive(
            work_order_id=job.work_order_id,
            lng=place.lng if place else None,
            lat=place.lat if place else None,
            datum="wgs84",
            photo=None if place else photo(),
            reason="" if place else "地址没有坐标",
            at=at,
        )

    def _end(self, technician_id: UUID, job: Job, ends: CloseType, at: datetime) -> None:
        with acting_as(self._actings[technician_id]):
            self._finish(technician_id, job, ends, at)

    def _finish(self, technician_id: UUID, job: Job, ends: CloseType, at: datetime) -> None:
        somebody = ends is not CloseType.EMPTY_TRIP
        fieldwork.finish(
            work_order_id=job.work_order_id,
            close_type=ends,
            fault_cause=CAUSES.get(job.fault_code, USUAL_CAUSE) if ends is CloseType.FIXED else None,
            photo=photo(),
            signature_name=SIGNED_BY if somebody else "",
            signature_png=signature() if somebody else None,
            checklist=self._checked(job, at) if somebody else None,
            note="" if somebody else NOBODY_OPENED,
            at=at,
        )
        self._busy.discard(technician_id)
        if somebody:
            self._on_finished(job.number, job.ticket_id, at)
        self._timeline.at(at + PARKED_TO_DOOR, lambda at: self._next(technician_id, at))

    def _checked(self, job: Job, at: datetime) -> dict[str, bool]:
        with transaction.atomic(), scope(CITY):
            items = fieldwork.checklist(job.order.order_kind, job.order.service, at)
        return {item.code: True for item in items}

    def _hold(self, technician_id: UUID, job: Job, at: datetime) -> None:
        with acting_as(self._actings[technician_id]):
            fieldwork.hold(work_order_id=job.work_order_id, reason_code=HOLD_REASON, photo=photo(), at=at)
        with acting_as(self._approver):
            fieldwork.approve_hold(work_order_id=job.work_order_id, at=at)
        self._busy.discard(technician_id)
        self._timeline.at(at + PARKED_TO_DOOR, lambda at: self._next(technician_id, at))
