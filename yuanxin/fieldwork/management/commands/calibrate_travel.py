"""``manage calibrate_travel``: read the speed of every district off the technicians' check-ins, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.calibrating import calibrate_travel
from yuanxin.fieldwork.queries.travel import PaceView
from yuanxin.kernel import acting, clock
from yuanxin.kernel.tenancy import scope
from yuanxin.org import api as org


class Command(BaseCommand):
    """Records what it finds and prints it by district; too few trips are said as such and change nothing."""

    help = "Read the speed, parking time and hours of every district off the check-ins of the last weeks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", default="4406", help="city code, default 4406")

    def handle(self, *args: Any, **options: Any) -> None:
        city = options["city"]
        with acting.acting_as(acting.system("calibrate_travel", scope=city)), transaction.atomic(), scope(city):
            at = clock.now()
            found = calibrate_travel(at=at)
            names = org.unit_names(one.district_code for one in found)
            least, days = parameters.calibration_limits(at).least_trips, parameters.calibration_span(at).days
        if not found:
            self.stdout.write(f"{city}: nobody checked in during the last {days} days, nothing changes")
        for one in found:
            self.stdout.write(f"{one.district_code} {names.get(one.district_code, '')}: {_said(one, least)}")


def _said(one: PaceView, least: int) -> str:
    trips = f"{one.samples} trips ({one.refused} not believed)"
    if not one.is_enough:
        return f"{trips}, too few: {least} are needed; the numbers that held so far stay"
    hours = [f"{hour:02d} h {band / 10:.0f} %" for hour, band in enumerate(one.bands) if band != 1000]
    return (
        f"{trips}, {one.speed_kmh:.1f} km/h on the road, {one.entry_s / 60:.1f} min parking and entry, "
        f"half of all trips within {one.miss_s / 60:.1f} min; time by hour: {', '.join(hours) or 'no difference'}"
    )
