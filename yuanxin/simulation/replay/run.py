"""Run a plan in the database of the settings, which must be empty, and return what was found."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.errors import Conflict
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.verify import verify
from yuanxin.kernel.workdays import load_calendar_year
from yuanxin.parties import api as parties
from yuanxin.simulation.replay import comparing, counting
from yuanxin.simulation.replay.city import build_city
from yuanxin.simulation.replay.day import Day
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.districts import CITY
from yuanxin.simulation.replay.plan import DayPlan
from yuanxin.simulation.replay.report import Report
from yuanxin.standards import api as standards

BEFORE = timedelta(days=1)


class CityNotEmpty(Conflict):
    """The database has customers already; a replay needs one of its own. Params: city."""

    code = "simulation.city_not_empty"


def prepare_rules(day: date) -> None:
    """Enter the working days of the year of `day` and publish the seed rulebooks, unless they are there."""
    with acting_as(system("replay", scope=ALL)), transaction.atomic(), scope(ALL):
        load_calendar_year(year=day.year)
        standards.load_rulebooks(at=clock.now())


def replay(plan: DayPlan, *, technicians: int, seed: int, say: Callable[[str], None]) -> Report:
    """Store the city, live the day, count, verify. say: hears where the replay is. Raises CityNotEmpty."""
    with acting_as(system("replay", scope=CITY)):
        with transaction.atomic(), scope(CITY):
            if parties.places():
                raise CityNotEmpty(city=CITY)
        dice = Dice(seed)
        say("city")
        start = plan.contacts[0].at - BEFORE
        city = build_city(plan, technicians=technicians, at=start)
        day = Day(plan, city, dice, say=say)
        day.run()
        say("counting")
        with transaction.atomic(), scope(CITY):
            found = counting.find(day.start, day.end, unserved=day.unserved)
            sections = counting.sections(plan, city, found, end=day.end)
        say("engine against baseline")
        with transaction.atomic(), scope(CITY):
            compared = comparing.compare(plan, dice, city.technicians, found.intake.tickets, day.causes)
    say("verify")
    findings = list(verify())
    return Report(
        original_day=plan.original_day.isoformat(),
        day=plan.day.isoformat(),
        technicians=technicians,
        seed=seed,
        sections=(*sections, compared),
        bad_rows=tuple(
            (file, error.line, error.reason, error.value)
            for file, errors in (("addresses", plan.address_errors), ("contacts", plan.contact_errors))
            for error in errors
        ),
        identity=found.identity(len(plan.contacts)),
        findings=tuple(f"{finding.name}: {line}" for finding in findings for line in finding.violations),
        invariants=len(findings),
    )
