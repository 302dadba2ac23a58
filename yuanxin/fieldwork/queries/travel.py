"""What check-ins tell about travel, and what was read off them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from yuanxin.engines.routing.errors import PlaceOutsideChina
from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.fieldwork.models import TravelPace, Visit
from yuanxin.fieldwork.rules.travel_calibration import Trip
from yuanxin.kernel import prepared
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass

_NEWEST = """
SELECT DISTINCT ON (district_code) district_code, valid_from, detour_percent, speed_kmh, entry_s, bands, samples,
       refused, miss_s, is_enough
  FROM fieldwork_travelpace WHERE is_enough AND valid_from <= %(at)s
 ORDER BY district_code, valid_from DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class PaceView:
    """The pace of a district. speed_kmh: on the road; bands: permille by local hour, 24 or none; valid_from: since."""

    district_code: str
    valid_from: datetime
    detour_percent: int
    speed_kmh: float
    entry_s: int
    bands: tuple[int, ...]
    samples: int
    refused: int
    miss_s: int
    is_enough: bool


@dataclass
class DistrictTrips:
    """The trips that ended in a district, and of which area classes their doors are."""

    trips: list[Trip] = field(default_factory=list)
    areas: Counter[AreaClass] = field(default_factory=Counter)


def paces(at: datetime) -> dict[str, PaceView]:
    """Which pace holds in each district that has one? One statement, kept prepared: every plan asks."""
    rows = prepared.run(_NEWEST, {"at": at})
    return {
        code: PaceView(code, since, detour, float(speed), entry, tuple(bands), samples, refused, miss, is_enough)
        for code, since, detour, speed, entry, bands, samples, refused, miss, is_enough in rows
    }


def pace_history(district_code: str) -> list[PaceView]:
    """What was found in a district, newest first, too few trips included? One statement."""
    rows = TravelPace.objects.filter(district_code=district_code).order_by("-valid_from", "-pk")
    return [_view(row) for row in rows]


def trips_by_district(since: datetime, at: datetime) -> dict[str, DistrictTrips]:
    """Which drives from door to door ended in each district since then? Two statements.

    A drive begins with a technician's departure on the day on which he left another door before, and ends with his
    check-in; a check-in outside the fence is not at the door. Districts with check-ins but no drive are empty.
    """
    visits = Visit.objects.filter(arrived_at__gte=since, arrived_at__lte=at).select_related("work_order")
    rows = list(visits.order_by("technician", "departed_at", "ended_at", "pk"))
    where = parties.addresses({row.work_order.address_id for row in rows})
    found: dict[str, DistrictTrips] = defaultdict(DistrictTrips)
    before: Visit | None = None
    for row in rows:
        goal = where.get(row.work_order.address_id)
        if goal is not None:
            district = found[goal.district_code or row.city_code]
            district.areas[AreaClass(row.work_order.area_class)] += 1
            origin = where.get(before.work_order.address_id) if before and _leads_to(before, row) else None
            trip = _trip(origin, goal, row)
            if trip is not None:
                district.trips.append(trip)
        before = row
    return dict(found)


def cities_to_calibrate(since: datetime, at: datetime) -> list[str]:
    """In which cities did somebody check in, and nobody calibrated since then? One statement."""
    done = TravelPace.objects.filter(city_code=OuterRef("city_code"), valid_from__gte=since)
    rows = Visit.objects.filter(arrived_at__lte=at).exclude(Exists(done))
    return sorted(rows.order_by().values_list("city_code", flat=True).distinct())


def _leads_to(before: Visit, row: Visit) -> bool:
    zone = ZoneInfo(settings.YUANXIN_CITY_ZONE)
    if before.technician_id != row.technician_id or before.arrived_at is None or before.ended_at is None:
        return False
    is_one_day = before.ended_at.astimezone(zone).date() == row.departed_at.astimezone(zone).date()
    return is_one_day and before.ended_at <= row.departed_at


def _trip(origin: parties.AddressView | None, goal: parties.AddressView, row: Visit) -> Trip | None:
    here, there = _place(origin), _place(goal)
    if here is None or there is None or here == there or row.arrived_at is None or row.is_inside_fence is False:
        return None
    return Trip(
        distance_m=distance_m(here, there),
        seconds=(row.arrived_at - row.departed_at).total_seconds(),
        hour=row.departed_at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).hour,
    )


def _place(address: parties.AddressView | None) -> Place | None:
    if address is None or address.lng is None or address.lat is None:
        return None
    try:
        return Place(address.lng, address.lat)
    except PlaceOutsideChina:
        return None


def _view(row: TravelPace) -> PaceView:
    return PaceView(
        district_code=row.district_code,
        valid_from=row.valid_from,
        detour_percent=row.detour_percent,
        speed_kmh=float(row.speed_kmh),
        entry_s=row.entry_s,
        bands=tuple(row.bands),
        samples=row.samples,
        refused=row.refused,
        miss_s=row.miss_s,
        is_enough=row.is_enough,
    )
