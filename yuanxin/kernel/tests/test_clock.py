"""The domain clock: one for web, workers and SQL; it stands still within a scope and runs fast in the demo only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from yuanxin.kernel import clock
from yuanxin.kernel.errors import SpeedRefused
from yuanxin.kernel.models import DomainClock
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make

LUNAR_NEW_YEAR = make.at("2026-02-17 00:00")
pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def app_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        reading: datetime = cursor.fetchone()[0]
        return reading


def test_python_and_sql_live_in_the_same_moved_day() -> None:
    clock.set_clock(at=LUNAR_NEW_YEAR)
    for reading in (clock.now(), app_now()):
        assert timedelta(0) <= reading - LUNAR_NEW_YEAR < 60 * SECOND
        assert reading.utcoffset() == timedelta(0)


def test_an_untouched_clock_tells_wall_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_domainclock SET base_domain = base_wall, rate = 1")
    assert abs(clock.now() - datetime.now(UTC)) < 60 * SECOND


@pytest.mark.parametrize("rate", [0, 2, 60])
def test_a_speed_other_than_one_is_refused_outside_the_demo(settings: Any, rate: int) -> None:
    settings.YUANXIN_DEMO = False
    before = DomainClock.objects.get()
    with pytest.raises(SpeedRefused):
        clock.set_clock(at=LUNAR_NEW_YEAR, rate=rate)
    assert (DomainClock.objects.get().base_domain, DomainClock.objects.get().rate) == (before.base_domain, 1)


def test_the_demo_may_run_fast_or_stand_still(settings: Any) -> None:
    settings.YUANXIN_DEMO = True
    clock.set_clock(at=LUNAR_NEW_YEAR, rate=3600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")
    assert clock.now() - LUNAR_NEW_YEAR >= 180 * SECOND
    clock.set_clock(at=LUNAR_NEW_YEAR, rate=0)
    assert clock.now() == LUNAR_NEW_YEAR


def test_a_scope_reads_the_clock_once_even_when_it_is_moved() -> None:
    with transaction.atomic(), scope("4406"):
        before = clock.now()
        clock.set_clock(at=LUNAR_NEW_YEAR)
        with scope("*"):
            assert clock.now() == before
        assert clock.now() == before
    assert clock.now() != before


def test_a_story_may_stand_at_its_own_time_and_leaves_it_again() -> None:
    with clock.standing_at(LUNAR_NEW_YEAR):
        with transaction.atomic(), scope("4406"):
            assert clock.now() == LUNAR_NEW_YEAR
        assert clock.now() == LUNAR_NEW_YEAR
    assert clock.now() != LUNAR_NEW_YEAR


def test_the_shell_moves_the_clock_and_names_a_refusal(settings: Any) -> None:
    settings.YUANXIN_DEMO = False
    call_command("set_clock", "2026-02-17T00:00")
    assert timedelta(0) <= clock.now() - LUNAR_NEW_YEAR < 60 * SECOND
    with pytest.raises(CommandError, match="refused outside the demo"):
        call_command("set_clock", "2026-02-17T00:00", "--rate", "60")
    with pytest.raises(CommandError):
        call_command("set_clock", "tomorrow")
