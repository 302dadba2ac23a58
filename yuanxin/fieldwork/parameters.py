"""Every number that field service reads from the rulebook, in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.plan import MovePrice
from yuanxin.engines.routing.problem import Weights
from yuanxin.engines.routing.roads.roads import Roads
from yuanxin.engines.routing.roads.server import server_of
from yuanxin.engines.routing.roads.travel import RoadTravel
from yuanxin.engines.routing.travel import DistrictTravel, GreatCircleTravel, Travel
from yuanxin.fieldwork.queries.travel import PaceView, paces
from yuanxin.fieldwork.rules.arrival import Fence
from yuanxin.fieldwork.rules.checklist import ChecklistItem, TestLimit, items_of, limits_of
from yuanxin.fieldwork.rules.eta import DepartureTerms, ForetellTerms
from yuanxin.fieldwork.rules.offline import OfflineLimits
from yuanxin.fieldwork.rules.ownership import Mode, Ownership
from yuanxin.fieldwork.rules.positions import PositionLimits
from yuanxin.fieldwork.rules.proposing import AutoRule
from yuanxin.fieldwork.rules.review import ReviewRules
from yuanxin.fieldwork.rules.travel_calibration import CalibrationLimits, TravelPrior
from yuanxin.kernel.pictures import PictureLimits
from yuanxin.kernel.time import local
from yuanxin.published.codes import AreaClass, CustomerClass, OrderKind, Service
from yuanxin.standards import api as standards

DAYS_A_WEEK = 7
POINTS_PER_MINUTE = 60  # one point is one second of a technician's driving; the rulebook speaks of minutes


@dataclass(frozen=True, slots=True)
class Needs:
    """What an order of a kind takes: minutes of work, their deviation, and value in points."""

    minutes: int
    deviation_minutes: int
    value: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A working day: minutes of the local day, from and to; overtime and lunch in minutes."""

    from_minute: int
    to_minute: int
    overtime_minutes: int
    lunch_from_minute: int
    lunch_to_minute: int
    lunch_minutes: int


def needs_of(kind: OrderKind, customer_class: CustomerClass, at: datetime) -> Needs:
    """Read duration and value of a kind of order."""
    value = _number("dispatch.value", f"{kind}_value", at) * POINTS_PER_MINUTE
    if customer_class is not CustomerClass.RESIDENT:
        value = value * _number("dispatch.value", f"{customer_class}_value_percent", at) // 100
    minutes = _number("visit.duration", f"{kind}_minutes", at)
    return Needs(minutes, _number("visit.duration", f"{kind}_deviation_minutes", at), value)


def shift(at: datetime) -> Shift:
    """Read the shift that holds for everybody until rosters say otherwise."""
    return Shift(
        from_minute=_number("dispatch.plan", "shift_from_minute_of_day", at),
        to_minute=_number("dispatch.plan", "shift_to_minute_of_day", at),
        overtime_minutes=_number("dispatch.plan", "overtime_max_minutes", at),
        lunch_from_minute=_number("dispatch.rest", "from_minute_of_day", at),
        lunch_to_minute=_number("dispatch.rest", "to_minute_of_day", at),
        lunch_minutes=_number("dispatch.rest", "minutes", at),
    )


def weights(at: datetime) -> Weights:
    """Read the prices of the plan's terms."""
    moving = move_price(at)
    return Weights(
        travel=1,
        overtime_permille=_number("dispatch.engine", "overtime_permille", at),
        technician_change=moving.technician_change,
        eta_shift_permille=moving.eta_shift_permille,
        eta_tolerance_s=moving.eta_tolerance_s,
        grid_violation=_number("dispatch.engine", "outside_grid_minutes", at) * POINTS_PER_MINUTE,
        unfair_permille=_number("dispatch.engine", "unfair_permille", at),
    )


def position_limits(at: datetime) -> PositionLimits:
    """Read how many positions a batch may bring, which instants are believed and how long a track is kept."""
    return PositionLimits(
        most_rows=_number("position.batch", "most_rows", at),
        kept_days=_number("position.keeping", "kept_days", at),
        oldest=timedelta(hours=_number("position.batch", "oldest_hours", at)),
        newest=timedelta(seconds=_number("position.batch", "newest_seconds", at)),
    )


def position_fresh_minutes(at: datetime) -> int:
    """Read for how many minutes the last position of a technician is believed."""
    return _number("position.keeping", "fresh_minutes", at)


def move_price(at: datetime) -> MovePrice:
    """Read what it costs to change what a customer was told."""
    return MovePrice(
        technician_change=_number("dispatch.plan", "change_technician_seconds", at),
        eta_shift_permille=_number("dispatch.plan", "shift_permille_per_second", at),
        eta_tolerance_s=_number("dispatch.plan", "shift_free_minutes", at) * 60,
    )


def late_points_per_second(at: datetime) -> int:
    """Read the price of lateness, at least one point a second."""
    return max(1, _number("dispatch.value", "late_value_per_hour", at) * POINTS_PER_MINUTE // 3600)


def ownership(at: datetime) -> Ownership:
    """Read how far the city binds orders to the owner of their grid."""
    (mode,) = standards.codes("dispatch.ownership", "mode", at=at)
    return Ownership(Mode(mode), _number("dispatch.ownership", "full_percent", at))


def travel_prior(area_class: AreaClass, at: datetime) -> TravelPrior:
    """Read the rulebook's travel numbers of an area class."""
    return TravelPrior(
        detour=_number("travel.estimate", "detour_percent", at) / 100,
        speed_kmh=_number("travel.estimate", f"speed_{area_class}_km_per_h", at),
        entry_s=_number("travel.estimate", "parking_minutes", at) * 60,
    )


def calibration_limits(at: datetime) -> CalibrationLimits:
    """Read which trips a calibration believes, and how many it needs."""
    names = {
        "least_trips": "least_trips",
        "shortest_m": "shortest_m",
        "slowest_kmh": "slowest_km_per_h",
        "fastest_kmh": "fastest_km_per_h",
        "prior_trips": "rulebook_weighs_trips",
        "band_prior_trips": "usual_hour_weighs_trips",
        "band_least": "least_band_permille",
        "band_most": "most_band_permille",
    }
    found = {name: _number("travel.calibration", field, at) for name, field in names.items()}
    return CalibrationLimits(longest_s=_number("travel.calibration", "longest_minutes", at) * 60, **found)


def calibration_span(at: datetime) -> timedelta:
    """Read how far back a calibration looks."""
    return timedelta(days=_number("travel.calibration", "days", at))


def calibration_since(at: datetime) -> datetime:
    """Return the last instant at which the week's calibration fell due."""
    local_at = local(at)
    due = local_at.replace(hour=_number("travel.calibration", "hour_of_day", at), minute=0, second=0, microsecond=0)
    days = (local_at.isoweekday() - _number("travel.calibration", "weekday", at)) % DAYS_A_WEEK
    if days == 0 and due > local_at:
        days = DAYS_A_WEEK
    return due - timedelta(days=days)


def travel(area_class: AreaClass, at: datetime, where: Mapping[Place, str] | None = None) -> Travel:
    """Return how travel is told: by the road server if there is one, else by the newest calibration, else the rulebook.

    where: district code of the places of the problem, empty where it is unknown; a road server is asked for these.
    """
    formula = travel_formula(area_class, at, where or {})
    roads = road_server(settings.YUANXIN_ROADS)
    return formula if roads is None else RoadTravel(roads, formula, tuple(where or ()))


def travel_formula(area_class: AreaClass, at: datetime, where: Mapping[Place, str]) -> Travel:
    """Return the formula alone, for what is shown and not planned; nobody outside is asked."""
    prior, found = travel_prior(area_class, at), paces(at)
    used = Counter(code for code in where.values() if code in found) or Counter(dict.fromkeys(found, 1))
    if not used:
        return GreatCircleTravel(detour=prior.detour, speed_kmh=prior.speed_kmh, entry_s=prior.entry_s)
    return DistrictTravel(
        detour=prior.detour,
        usual_kmh=_mean({code: _speed(found[code], prior) for code in used}, used),
        entry_s=round(_mean({code: found[code].entry_s for code in used}, used)),
        speeds_kmh={code: _speed(pace, prior) for code, pace in found.items()},
        where=where,
        bands=_bands(found, used),
    )


def _speed(pace: PaceView, prior: TravelPrior) -> float:
    """Return the road speed at today's detour: what was measured is the way as the crow flies."""
    return pace.speed_kmh * prior.detour * 100 / pace.detour_percent


def _bands(found: Mapping[str, PaceView], used: Counter[str]) -> tuple[int, ...]:
    """Return the hours of the districts that the problem lies in, weighed by how many of its places do."""
    with_bands = Counter({code: count for code, count in used.items() if found[code].bands})
    if not with_bands:
        return ()
    return tuple(round(_mean({code: found[code].bands[hour] for code in with_bands}, with_bands)) for hour in range(24))


def _mean(values: Mapping[str, float], weights: Counter[str]) -> float:
    return sum(values[code] * count for code, count in weights.items()) / weights.total()


@lru_cache(maxsize=4)
def road_server(address: str) -> Roads | None:
    """Return the road server of an address with what it told this process; None without an address."""
    if not address:
        return None
    return Roads(
        server_of(address),
        wait_s=settings.YUANXIN_ROADS_WAIT_S,
        budget_s=settings.YUANXIN_ROADS_BUDGET_S,
        rest_s=settings.YUANXIN_ROADS_REST_S,
    )


def one_home_gap(at: datetime) -> timedelta:
    """Read how long a technician may wait, or rest, between two orders of one home for them to be one visit."""
    return timedelta(minutes=_number("dispatch.one_home", "longest_gap_minutes", at))


def candidates_shown(at: datetime) -> int:
    """Read how many candidates a dispatcher sees."""
    return _number("dispatch.plan", "candidates", at)


def near(at: datetime) -> tuple[int, int]:
    """Read how many grids around an order, and how many technicians at most, are asked before the whole city."""
    return _number("dispatch.near", "grids", at), _number("dispatch.near", "people", at)


def foretell_terms(at: datetime) -> ForetellTerms:
    """Read how a narrower arrival is told before the departure."""
    width, rounding, retell = (
        timedelta(minutes=_number("dispatch.arrival", f"{name}_minutes", at))
        for name in ("width", "rounding", "retell")
    )
    most, ahead = _number("dispatch.arrival", "most_messages", at), _number("dispatch.arrival", "ahead_hours", at)
    return ForetellTerms(width, rounding, retell, most, timedelta(hours=ahead))


def departure_terms(at: datetime) -> DepartureTerms:
    """Read how the arrival is told at departure."""
    names = ("soonest_minutes", "furthest_minutes", "width_minutes", "round_minutes")
    return DepartureTerms(*(timedelta(minutes=_number("message.arrival", name, at)) for name in names))


def bookable_days(at: datetime) -> int:
    """Read how many days ahead can be booked, today included."""
    return _number("dispatch.plan", "bookable_days", at)


def plan_seconds(at: datetime) -> int:
    """Read how long a planning run may search."""
    return _number("dispatch.engine", "plan_seconds", at)


@dataclass(frozen=True, slots=True)
class ProposalRules:
    """When another plan is proposed, how long it holds and what it may touch. Spans of time are timedeltas.

    lead: for deciding, before the first visit that a plan moves. most_technicians: of one cluster. local_seconds: CPU
    for a repair; neighbours: people beside those touched.
    """

    kept: timedelta
    lead: timedelta
    most_technicians: int
    local_seconds: int
    neighbours: int
    debounce: timedelta
    delay: timedelta
    no_show: timedelta
    urgent: timedelta
    parts_reasons: tuple[str, ...]
    automatic: AutoRule


def proposal_rules(at: datetime) -> ProposalRules:
    """Read how proposals are made and decided."""
    topic = "dispatch.proposal"
    return ProposalRules(
        kept=timedelta(minutes=_number(topic, "kept_minutes", at)),
        lead=timedelta(minutes=_number(topic, "lead_minutes", at)),
        most_technicians=_number(topic, "most_technicians", at),
        local_seconds=_number(topic, "local_seconds", at),
        neighbours=_number(topic, "neighbours", at),
        debounce=timedelta(seconds=_number(topic, "debounce_seconds", at)),
        delay=timedelta(minutes=_number(topic, "delay_minutes", at)),
        no_show=timedelta(minutes=_number(topic, "no_show_minutes", at)),
        urgent=timedelta(minutes=_number(topic, "urgent_minutes", at)),
        parts_reasons=standards.codes(topic, "parts_reasons", at=at),
        automatic=AutoRule(
            is_on=bool(_number(topic, "auto_is_on", at)),
            price_points=_number(topic, "auto_price_minutes", at) * POINTS_PER_MINUTE,
        ),
    )


def fence(area_class: AreaClass, at: datetime) -> Fence:
    """Read the geofence of a check-in."""
    return Fence(
        radius_m=standards.parameter("visit.geofence", "radius_m", area_class=area_class, at=at),
        accuracy_m=_number("visit.geofence", "accuracy_m", at),
    )


def picture_limits(at: datetime) -> PictureLimits:
    """Read the limits of an upload."""
    return PictureLimits(
        max_bytes=_number("visit.evidence", "max_bytes", at),
        max_pixels=_number("visit.evidence", "max_pixels", at),
        kept_side=_number("visit.evidence", "kept_side_px", at),
        quality=_number("visit.evidence", "jpeg_quality", at),
    )


def tight_points(at: datetime) -> int:
    """Read from which added price on a window is called tight (紧张)."""
    return _number("dispatch.engine", "tight_minutes", at) * POINTS_PER_MINUTE


def windows_shown(at: datetime) -> int:
    """Read how many windows an agent reads out first."""
    return _number("dispatch.near", "windows", at)


def scarce_percent(at: datetime) -> int:
    """Read below which share of free time near the address a window is called tight (紧张)."""
    return _number("dispatch.near", "scarce_percent", at)


def window_width(area_class: AreaClass, at: datetime) -> timedelta:
    """Read how wide a promised window is."""
    return timedelta(minutes=standards.parameter("appointment.window", "width_minutes", area_class=area_class, at=at))


def window_limits(at: datetime) -> tuple[timedelta, timedelta]:
    """Read how far ahead a promised window may end, and how long it may be."""
    days = _number("appointment.limits", "furthest_days", at)
    return timedelta(days=days), timedelta(hours=_number("appointment.limits", "longest_hours", at))


def window_tolerance(area_class: AreaClass, at: datetime) -> timedelta:
    """Read by how much an arrival may miss its window."""
    return timedelta(
        minutes=standards.parameter("appointment.window", "tolerance_minutes", area_class=area_class, at=at)
    )


def offline_limits(at: datetime) -> OfflineLimits:
    """Read how far a phone's word on the time is taken."""
    return OfflineLimits(
        oldest=timedelta(hours=_number("offline.limits", "oldest_hours", at)),
        late_after=timedelta(minutes=_number("offline.limits", "late_after_minutes", at)),
    )


def hold_reasons(at: datetime) -> tuple[str, ...]:
    """Read the reasons for which an order may stand still."""
    return standards.codes("hold.reasons", "reasons", at=at)


def _number(topic: str, field: str, at: datetime) -> int:
    return standards.parameter(topic, field, at=at)


def checklist(kind: OrderKind, service: Service, at: datetime) -> tuple[ChecklistItem, ...]:
    """Read what a technician checks before he closes out an order of this kind and service."""
    return items_of(_lists("closeout.checklist", at), kind, service)


def test_limits(service: Service, at: datetime) -> tuple[TestLimit, ...]:
    """Read the good ranges of test values; a value outside asks for a look."""
    found = standards.parameters(["closeout.tests"], at=at).values
    return limits_of({name: value for (_, name), value in found.items() if isinstance(value, int)}, service)


def materials(at: datetime) -> tuple[str, ...]:
    """Read the codes of the materials that a technician may use."""
    return standards.codes("closeout.materials", "codes", at=at)


def most_pieces(at: datetime) -> int:
    """Read how much of one material a visit may use."""
    return _number("closeout.materials", "most_pieces", at)


def review_rules(at: datetime) -> ReviewRules:
    """Read which close-outs somebody looks at."""
    return ReviewRules(
        outside_fence=bool(_number("closeout.review", "outside_fence", at)),
        test_out_of_limits=bool(_number("closeout.review", "test_out_of_limits", at)),
        item_not_done=bool(_number("closeout.review", "item_not_done", at)),
        no_fault_without_tests=bool(_number("closeout.review", "no_fault_without_tests", at)),
        sample_permille=_number("closeout.review", "sample_permille", at),
    )


def paper_reasons(at: datetime) -> tuple[str, ...]:
    """Read why a close-out is sent back for its papers only: no other visit is needed."""
    return standards.codes("closeout.review", "paper_reasons", at=at)


def rework_reasons(at: datetime) -> tuple[str, ...]:
    """Read why the work itself must be done again (返工)."""
    return standards.codes("closeout.review", "rework_reasons", at=at)


def send_back_reasons(at: datetime) -> tuple[str, ...]:
    """Read all reasons for which a close-out may be sent back."""
    return (*paper_reasons(at), *rework_reasons(at))


def customer_reasons(at: datetime) -> tuple[str, ...]:
    """Read why a customer moves a window."""
    return standards.codes("appointment.reschedule", "customer_reasons", at=at)


def company_reasons(at: datetime) -> tuple[str, ...]:
    """Read why the company moves a window."""
    return standards.codes("appointment.reschedule", "company_reasons", at=at)


def reschedule_reasons(at: datetime) -> tuple[str, ...]:
    """Read all reasons for another window (改约), the customer's first."""
    return (*customer_reasons(at), *company_reasons(at))


def hand_over_reasons(at: datetime) -> tuple[str, ...]:
    """Read why an order is handed to another segment (转段)."""
    return standards.codes("segment.hand_over", "reasons", at=at)


def hand_back_reasons(at: datetime) -> tuple[str, ...]:
    """Read why a segment hands an order back."""
    return standards.codes("segment.hand_over", "back_reasons", at=at)


def may_claim(at: datetime) -> bool:
    """Read whether technicians may take orders out of the pool themselves (抢单)."""
    return bool(_number("dispatch.claim", "is_allowed", at))


def _lists(topic: str, at: datetime) -> dict[str, tuple[str, ...]]:
    found = standards.parameters([topic], at=at).values
    return {name: value for (_, name), value in found.items() if not isinstance(value, int)}
