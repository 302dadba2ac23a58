"""Commands, idempotency, facts and the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from yuanxin.kernel import clock, outbox, runner
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import KeyReused, NoScope, NotInTransaction, Refused
from yuanxin.kernel.fact import Fact
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.models import CommandReceipt, Delivery, FactRecord
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.tests import make

NOON = make.at("2026-11-24 12:00")


@dataclass(frozen=True, kw_only=True)
class LampLit(Fact):
    """A lamp was lit."""

    lamp: str


@dataclass(frozen=True)
class LampRef:
    """A lamp."""

    id: str
    at: datetime


heard: list[str] = []


@outbox.reacts_to(LampLit)
def note_when_lamp_lit(fact: LampLit) -> None:
    if fact.lamp == "broken":
        raise RuntimeError("broken lamp")
    heard.append(fact.lamp)


@outbox.reacts_to(LampLit, within=True)
def see_when_lamp_lit(fact: LampLit) -> None:
    if fact.lamp == "invisible":
        raise RuntimeError("nobody sees it")


@command("kernel.light_lamp")
def light_lamp(*, key: IdempotencyKey | None = None, lamp: str, at: datetime) -> LampRef:
    outbox.tell(LampLit(subject=f"lamp:{lamp}", at=at, lamp=lamp))
    return LampRef(lamp, at)


@pytest.fixture(autouse=True)
def _silence() -> None:
    heard.clear()


def test_a_fact_reaches_its_reaction_once(foshan: str) -> None:
    light_lamp(lamp="a", at=NOON)
    assert heard == []
    assert runner.drain() == 1
    assert heard == ["a"]
    assert runner.drain() == 0


def test_the_same_key_returns_the_first_answer_and_runs_once(foshan: str) -> None:
    key = make.key()
    first = light_lamp(key=key, lamp="a", at=NOON)
    assert light_lamp(key=key, lamp="a", at=make.at("2026-11-24 13:00")) == first
    assert FactRecord.objects.count() == 1
    assert CommandReceipt.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(foshan: str) -> None:
    key = make.key()
    light_lamp(key=key, lamp="a", at=NOON)
    with pytest.raises(KeyReused):
        light_lamp(key=key, lamp="b", at=NOON)


def test_an_exception_within_takes_the_command_back(foshan: str) -> None:
    with pytest.raises(RuntimeError):
        light_lamp(key=make.key(), lamp="invisible", at=NOON)
    assert FactRecord.objects.count() == 0
    assert CommandReceipt.objects.count() == 0


def test_a_failing_reaction_is_parked_and_blocks_only_its_lane(foshan: str, settings: pytest.FixtureRequest) -> None:
    settings.YUANXIN_OUTBOX_TRIES = 1  # type: ignore[attr-defined]
    light_lamp(lamp="broken", at=NOON)
    light_lamp(lamp="a", at=NOON)
    light_lamp(lamp="broken", at=NOON)
    runner.drain()
    assert heard == ["a"]
    parked = runner.parked()
    assert [row["lane"].endswith("lamp:broken") for row in parked] == [True]
    assert Delivery.objects.filter(state="owed").count() == 1
    runner.replay(parked[0]["id"])
    assert Delivery.objects.filter(state="owed").count() == 2


def test_without_the_permission_nothing_is_written(foshan: str) -> None:
    with acting_as(make.acting("4406", "care.open_ticket")), pytest.raises(Refused):
        light_lamp(lamp="a", at=NOON)
    assert FactRecord.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_can_be_told() -> None:
    with pytest.raises(NotInTransaction):
        outbox.tell(LampLit(subject="lamp:a", at=NOON, lamp="a"))
    with pytest.raises(NoScope):
        FactRecord.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_command_outside_a_transaction_opens_its_own() -> None:
    with acting_as(make.acting("4406")):
        light_lamp(lamp="a", at=NOON)
    assert runner.drain() == 1
    assert heard == ["a"]


def test_numbers_are_unique_per_city_and_year(foshan: str) -> None:
    numbers = {next_number("T", NOON) for _ in range(50)}
    assert len(numbers) == 50
    assert all(number.startswith("T440626") for number in numbers)


def test_now_stands_still_within_a_scope(foshan: str) -> None:
    assert clock.now() == clock.now()
