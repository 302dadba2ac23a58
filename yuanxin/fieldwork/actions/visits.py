"""The technician's way: depart, arrive, start."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from yuanxin.engines.routing.errors import PlaceOutsideChina
from yuanxin.engines.routing.place import Place
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import take_offered
from yuanxin.fieldwork.actions.bundles import BEFORE_THE_TRIP, lock_trip, require_alone
from yuanxin.fieldwork.actions.evidence import Upload, keep
from yuanxin.fieldwork.actions.steps import locked, require_own, step
from yuanxin.fieldwork.models import Evidence, Visit, WorkOrder
from yuanxin.fieldwork.planning.day import point
from yuanxin.fieldwork.planning.legs import drive_to
from yuanxin.fieldwork.rules.arrival import checked_in
from yuanxin.fieldwork.rules.errors import PredecessorOpen
from yuanxin.fieldwork.rules.eta import around, expected_at
from yuanxin.fieldwork.rules.states import CLOSED, DONE, Action, State
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass
from yuanxin.published.fieldwork import VisitArrived, VisitDeparted, VisitStarted


@command("fieldwork.depart")
def depart(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Leave for the customer (出发), with all orders of the same visit; one of them that was not yet taken is taken.

    Once more for an order that rides along changes nothing. Raises ActionRefused, NotYourOrder, NotFound.
    """
    order, others = lock_trip(work_order_id)
    require_own(order)
    if others and order.state in (State.EN_ROUTE, State.ARRIVED):
        return
    step(order, Action.DEPART, at)
    leaving = [(order, at)]
    for other in others:
        if other.state in BEFORE_THE_TRIP:
            left_at = max(at, other.state_since)
            if other.state == State.OFFERED:
                take_offered(other, left_at)
            step(other, Action.DEPART, left_at)
            leaving.append((other, left_at))
    planned = {one.pk: plans.starts_at(one) for one, _ in leaving}
    leaving.sort(key=lambda pair: (planned[pair[0].pk] or at, pair[0].number))
    for number, (one, left_at) in enumerate(leaving):
        _set_out(one, planned[one.pk], left_at, rides_along=number > 0)


def _set_out(order: WorkOrder, planned_from: datetime | None, at: datetime, *, rides_along: bool) -> None:
    order.save()
    terms = parameters.departure_terms(at)
    expected = expected_at(at, drive_to(order, at), planned_from, terms)
    Visit.objects.create(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        technician_id=order.in_charge,
        mates=plans.mates(order),
        departed_at=at,
        expected_at=expected,
    )
    window = around(expected, terms)
    tell(
        VisitDeparted(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            customer_id=order.customer_id,
            technician_id=order.in_charge,
            planned_from=planned_from,
            arrival_from=window.begins_at,
            arrival_to=window.ends_at,
            rides_along=rides_along,
        )
    )


@command("fieldwork.arrive")
def arrive(
    *,
    work_order_id: UUID,
    at: datetime,
    lng: float | None = None,
    lat: float | None = None,
    datum: str = "wgs84",
    error_m: int = 0,
    photo: bytes | None = None,
    photo_name: str = "photo.jpg",
    reason: str = "",
    key: IdempotencyKey | None = None,
) -> int | None:
    """Check in at the address (到场打卡) for all orders of the same visit; return the distance in metres.

    None when it cannot be measured. Once more for an order that rode along changes nothing.
    lng, lat: degrees in ``datum`` (wgs84, gcj02, bd09); error_m: how far the phone may be wrong. Outside the fence
    a photo and a reason are asked. Raises ActionRefused, NotYourOrder, ArrivedFarAway, PictureRefused,
    PlaceOutsideChina, NotFound.
    """
    order, others = lock_trip(work_order_id)
    require_own(order)
    if others and order.state == State.ARRIVED:
        return Visit.objects.get(work_order=order, ended_at=None).distance_m
    step(order, Action.ARRIVE, at)
    here = _position(lng, lat, datum)
    fence = parameters.fence(AreaClass(order.area_class), at)
    visit = Visit.objects.get(work_order=order, ended_at=None)
    has_photo = photo is not None or Evidence.objects.filter(visit=visit, kind=Evidence.Kind.ARRIVAL).exists()
    distance_m, is_inside = checked_in(
        here, _address(order), fence, error_m=error_m, has_photo=has_photo, reason=reason
    )
    order.save()
    visit.arrived_at = at
    visit.arrived_lng = Decimal(f"{here.lng:.6f}") if here else None
    visit.arrived_lat = Decimal(f"{here.lat:.6f}") if here else None
    visit.distance_m = distance_m
    visit.is_inside_fence = is_inside if distance_m is not None else None
    visit.arrival_note = reason.strip()[:200]
    visit.save()
    if photo is not None:
        keep(order, Evidence.Kind.ARRIVAL, Upload(photo, photo_name), at, visit=visit)
    if here is not None and not is_inside:
        parties.propose_address_point(
            address_id=order.address_id,
            point=parties.Coordinate(here.lng, here.lat, parties.Datum.WGS84),
            cause=order.ref,
            reason=reason,
            at=at,
        )
    _tell_arrived(order, distance_m, at)
    for other in others:
        if other.state == State.EN_ROUTE:
            _arrive_along(other, visit, max(at, other.state_since))
    return distance_m


def _arrive_along(order: WorkOrder, first: Visit, at: datetime) -> None:
    """Check the order in that rode along; the door, and so the distance, is that of the first."""
    step(order, Action.ARRIVE, at)
    order.save()
    Visit.objects.filter(work_order=order, ended_at=None).update(
        arrived_at=at,
        arrived_lng=first.arrived_lng,
        arrived_lat=first.arrived_lat,
        distance_m=first.distance_m,
        is_inside_fence=first.is_inside_fence,
        arrival_note=first.arrival_note,
    )
    _tell_arrived(order, first.distance_m, at)


def _tell_arrived(order: WorkOrder, distance_m: int | None, at: datetime) -> None:
    tell(
        VisitArrived(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            technician_id=order.in_charge,
            distance_m=distance_m,
        )
    )


def _position(lng: float | None, lat: float | None, datum: str) -> Place | None:
    if lng is None or lat is None:
        return None
    try:
        source = parties.Datum(datum)
    except ValueError:
        raise PlaceOutsideChina(datum=datum[:20], field="datum") from None
    plain = parties.Coordinate(lng, lat, source).to(parties.Datum.WGS84)
    return Place(plain.lng, plain.lat)


def _address(order: WorkOrder) -> Place | None:
    known = parties.address(order.address_id)
    return point(known.lng, known.lat)


@command("fieldwork.start")
def start(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Begin the work (开工), once the order that must be done first is done; of one visit, one order at a time.

    Raises ActionRefused, NotYourOrder, PredecessorOpen, FinishFirst, NotFound.
    """
    order = locked(work_order_id)
    require_own(order)
    before = order.predecessor
    if before is not None and State(before.state) not in (*DONE, *CLOSED):
        raise PredecessorOpen(predecessor=before.number)
    require_alone(order)
    step(order, Action.START, at)
    order.save()
    Visit.objects.filter(work_order=order, ended_at=None).update(started_at=at)
    tell(VisitStarted(subject=order.ref, at=at, number=order.number, cause=order.cause, technician_id=order.in_charge))
