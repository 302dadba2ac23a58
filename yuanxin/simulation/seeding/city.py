"""The whole seed, stage by stage; each stage is one transaction."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.errors import Conflict
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.workdays import load_calendar_year
from yuanxin.org import api as org
from yuanxin.simulation.seeding import households, organisation
from yuanxin.simulation.seeding.work import live_through
from yuanxin.standards import api as standards

MORNING = datetime(2026, 11, 24, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The demo's day: Tuesday 09:10."""
YEARS = (2025, 2026)
GRIDS = 10


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


def seed_city(size: Size, dice: random.Random, *, say: Callable[[str], object]) -> None:
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
        say("organisation and rulebooks: done")
    with _stage("*"):
        organisation.create_accounts(dice, at=start)
    with _stage(organisation.CITY):
        crew = organisation.hire_technicians(laid, size.technicians, dice, at=start)
    say(f"accounts of every role and {len(crew)} technicians: done")
    with _stage(organisation.CITY):
        estates = households.lay_estates(laid, size.customers, dice)
        households.store_estates(estates, at=start)
    with _stage(organisation.CITY):
        households.store_homes(estates, dice, at=start, say=lambda done: say(f"customers: {done} of {size.customers}"))
        households.connect_estates(estates)
    if size.has_work:
        tally = live_through(until=MORNING, seed=dice.randrange(1000), say=say)
        for line in tally.lines():
            say(line)
    clock.set_clock(at=MORNING)
    say(f"the demo's clock stands at {MORNING:%Y-%m-%d %H:%M} ({settings.YUANXIN_CITY_ZONE})")
