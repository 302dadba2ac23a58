"""A small city lives for some hours, and nothing that it did contradicts anything else."""

import random
from datetime import timedelta
from io import StringIO
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.inventory import api as inventory
from yuanxin.kernel import clock, verify
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref_id
from yuanxin.simulation.living.demo import CityLives, Wish, _alone, live
from yuanxin.simulation.living.life import Life
from yuanxin.simulation.living.pace import Standing
from yuanxin.simulation.living.rates import Rates
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import NotADemo, read_town
from yuanxin.simulation.progress import Progress
from yuanxin.simulation.seeding.city import MORNING, Size, seed_city
from yuanxin.simulation.seeding.organisation import CITY

NOBODY = Size(120, 4, has_work=False)


def seeded() -> None:
    seed_city(NOBODY, random.Random(1), progress=Progress(StringIO()))


def violations() -> list[str]:
    return [f"{one.name}: {line}" for one in verify.verify() for line in one.violations]


def services_of_the_known_customer() -> list[str]:
    """What has the one whose number ends with 7272, and nobody else's does?"""
    with transaction.atomic(), scope(CITY):
        hits = [hit for hit in parties.search("7272") if hit.subject.startswith("customer:")]
        assert len(hits) == 1
        held = inventory.subscribers_of(ref_id(hits[0].subject, "customer"), MORNING)
    return sorted(str(one.service) for one in held)


@pytest.mark.django_db(transaction=True)
def test_a_morning_as_fast_as_it_goes_is_clean_and_nothing_breaks() -> None:
    seeded()
    assert services_of_the_known_customer() == ["broadband", "tv", "tv", "tv"]
    end = MORNING + timedelta(hours=2)
    pace = Standing()
    life = Life(read_town(MORNING), start=MORNING, end=end, seed=1, pace=pace, say=lambda at: None, rates=Rates(60_000))
    life.run()
    with pace.living(end):
        life.leave_open()
    pace.settle(end)
    assert life.tally.faults == 0, list(life.tally.lines())
    assert life.tally.done["plan the city"] > 1
    with transaction.atomic(), scope(CITY):
        (waiting,) = [one for one in fieldwork.open_proposals() if one.waits and one.trigger == "asked"]
        assert waiting.baseline
        assert fieldwork.proposal(waiting.id).changes
    assert life.tally.done["call: faults"] > 5
    assert life.tally.done["depart"] > 0
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_it_lives_with_the_running_clock_of_a_demo_and_leaves_the_clock_as_a_demo_has_it(
    settings: Any,
) -> None:
    seeded()
    settings.YUANXIN_DEMO = True
    before = clock.now()
    tally = live(Wish(speed=600, hours=0.5, seed=1), told=Event(), say=lambda line: None)
    assert timedelta(minutes=25) < clock.now() - before < timedelta(minutes=120)
    assert tally.faults == 0, list(tally.lines())
    later = clock.now()
    assert clock.now() - later < timedelta(seconds=30), "the clock goes at its own speed again"


@pytest.mark.django_db(transaction=True)
def test_one_city_lives_at_a_time_and_only_in_a_demo(settings: Any) -> None:
    with pytest.raises(CommandError, match="demo first"):
        call_command("live_city", "--hours", "1")
    settings.YUANXIN_DEMO = True
    with pytest.raises(NotADemo):
        live(Wish(speed=60, hours=1, seed=1), told=Event(), say=lambda line: None)
    with _alone(), pytest.raises(CityLives):
        live(Wish(speed=60, hours=1, seed=1), told=Event(), say=lambda line: None)


def test_what_goes_wrong_is_counted_by_name_and_life_goes_on() -> None:
    tally = Tally()
    with tally.trying("work") as attempt:
        pass
    assert attempt.went
    with tally.trying("work") as attempt:
        raise CityLives
    assert not attempt.went
    with tally.trying("work"):
        raise KeyError
    assert tally.faults == 1
    assert list(tally.lines()) == [
        "done: work 1",
        "refused: work 1 times (fault KeyError)",
        "refused: work 1 times (simulation.city_lives)",
    ]
