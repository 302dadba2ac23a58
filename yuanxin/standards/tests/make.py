"""Factories of the standards; the second door, for tests of every context."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests.make import at as wall
from yuanxin.kernel.workdays import days_of_year
from yuanxin.published.codes import AreaClass, Service
from yuanxin.standards import api as standards
from yuanxin.standards.actions.rulebooks import publish_seeds
from yuanxin.standards.queries.seeds import read_seeds
from yuanxin.standards.rules.entries import Rulebook

TUESDAY = "2026-03-10 09:10"


@lru_cache(maxsize=1)
def _seeds() -> tuple[Rulebook, ...]:
    return read_seeds()


@command("standards.load_rulebooks_for_tests")
def _publish(*, at: datetime) -> None:
    publish_seeds(_seeds(), at=at)


def rulebooks(at: str = "2026-01-01 00:00") -> None:
    """Publish the seed rulebooks in the test's transaction, without proving them again. About 20 ms."""
    with acting.acting_as(acting.system("test", scope=ALL)), scope(ALL):
        _publish(at=wall(at))


def calendar(*years: int) -> None:
    """Store the working days of these years (default 2026)."""
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(on=on, is_working=is_working, name=name)
            for year in years or (2026,)
            for on, (is_working, name) in days_of_year(year).items()
        ],
        ignore_conflicts=True,
    )


def clocks(
    *,
    topic: str = "fault.repair",
    subject: str = "",
    service: Service = Service.BROADBAND,
    area_class: AreaClass = AreaClass.URBAN,
    at: str = TUESDAY,
) -> standards.ClockSet:
    """Start the clocks of a broadband fault in town, reported on a Tuesday morning."""
    return standards.start_clocks(
        topic=topic,
        subject=subject or f"ticket:{new_id()}",
        service=service,
        area_class=area_class,
        at=wall(at),
    )
