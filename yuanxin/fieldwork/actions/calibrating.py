"""Read speed, parking time and hours of every district off the check-ins (路程标定)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import TravelPace
from yuanxin.fieldwork.queries.travel import DistrictTrips, PaceView, trips_by_district
from yuanxin.fieldwork.rules.travel_calibration import Calibration, calibrate
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.published.codes import AreaClass


@command("fieldwork.calibrate_travel")
def calibrate_travel(*, at: datetime, key: IdempotencyKey | None = None) -> tuple[PaceView, ...]:
    """Record what the check-ins of the last weeks show for each district of the city; plans use it from now on.

    A district with too few trips is recorded as such and keeps what it had. Return what was found, by district.
    """
    require_city()
    since = at - parameters.calibration_span(at)
    return tuple(_record(code, found, at) for code, found in sorted(trips_by_district(since, at).items()))


def _record(district_code: str, found: DistrictTrips, at: datetime) -> PaceView:
    usual = found.areas.most_common(1)[0][0] if found.areas else AreaClass.URBAN
    prior = parameters.travel_prior(usual, at)
    shown = calibrate(found.trips, prior, parameters.calibration_limits(at))
    detour_percent = round(100 * prior.detour)
    TravelPace.objects.create(
        district_code=district_code,
        valid_from=at,
        detour_percent=detour_percent,
        speed_kmh=Decimal(f"{shown.speed_kmh:.2f}"),
        entry_s=shown.entry_s,
        bands=list(shown.bands),
        samples=shown.samples,
        refused=shown.refused,
        miss_s=shown.miss_s,
        is_enough=shown.is_enough,
        actor=who(),
    )
    return _view(district_code, detour_percent, shown, at)


def _view(district_code: str, detour_percent: int, shown: Calibration, at: datetime) -> PaceView:
    return PaceView(
        district_code=district_code,
        valid_from=at,
        detour_percent=detour_percent,
        speed_kmh=shown.speed_kmh,
        entry_s=shown.entry_s,
        bands=shown.bands,
        samples=shown.samples,
        refused=shown.refused,
        miss_s=shown.miss_s,
        is_enough=shown.is_enough,
    )
