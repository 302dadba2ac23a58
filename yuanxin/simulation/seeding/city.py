"""The whole seed, stage by stage; each stage is one transaction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.errors import Conflict
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.workdays import load_calendar_year
from yuanxin.org import api as org
from yuanxin.simulation.progress import Progress
from yuanxin.simulation.seeding import households, organisation, roster
from yuanxin.simulation.seeding.work import live_through
from yuanxin.standards import api as standards

MORNING = datetime(2026, 11, 24, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The demo's day: Tuesday 09:10."""
YEARS = (2025, 2026)
GRIDS = 10
_RULES, _PEOPLE, _HOMES = 0.02, 0.07, 0.25  # parts of the whole price, as measured


class CityNotEmpty(Conflict):
    """The database holds an organisation already."""

    code = "simulation.city_not_empty"


@dataclass(frozen=True)
class Size:
    """How large the city is, and whether its last days are lived through."""

    customers: int
    technicians: int
    has_work: bool = True


@contextmanager
def _stage(code: str) -> Iterator[None]:
    with acting_as(system("seed", scope=code)), transaction.atomic(), scope(code):
        yield


def seed_city(size: Size, dice: random.Random, *, progress: Progress) -> None:
    """Seed an empty database. Raises CityNotEmpty."""
    start = MORNING - timedelta(days=30)
    laid = organisation.grids(GRIDS)
    with _stage("*"):
        if org.units():
            raise CityNotEmpty
        for year in YEARS:
            load_calendar_year(year=year)
        organisation.create_units(laid)
    with _stage("*"):
        standards.load_rulebooks(at=start)
        progress.reach(_RULES, "organisation and rulebooks")
    with _stage("*"):
        organisation.create_accounts(dice, at=start)
        organisation.name_certificates()
    with _stage(organisation.CITY):
        crew = organisation.hire_technicians(laid, size.technicians, dice, at=start)
        organisation.issue_certificates(crew, on=MORNING.date())
        roster.write_roster(crew, [grid.code for grid in laid], morning=MORNING, at=start)
    progress.reach(_PEOPLE, "accounts of every role, technicians")
    with _stage(organisation.CITY):
        estates = households.lay_estates(laid, size.customers, dice)
        households.store_estates(estates, at=start)
    with _stage(organisation.CITY):
        households.store_homes(
            estates,
            dice,
            at=start,
            say=lambda done: progress.reach(_PEOPLE + (_HOMES - _PEOPLE) * done / size.customers, "customers"),
        )
        households.connect_estates(estates)
    if size.has_work:
        tally = live_through(
            until=MORNING,
            seed=dice.randrange(1000),
            say=lambda part: progress.reach(_HOMES + (1 - _HOMES) * part, "a week of work"),
        )
        progress.note(tally.lines())
    clock.set_clock(at=MORNING)
    progress.reach(1, f"the demo's clock stands at {MORNING:%Y-%m-%d %H:%M}")
