"""Two at once: one key gives one execution and one answer, numbers stay unique."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import pytest
from django.db import connection, transaction

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import KeyReused
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.models import CommandReceipt, SavedFilter
from yuanxin.kernel.numbers import next_number, numbers_block
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make

pytestmark = pytest.mark.django_db(transaction=True)
NOON = make.at("2026-11-24 12:00")
_T = TypeVar("_T")

inside, may_go_on = threading.Event(), threading.Event()
failures: list[str] = []


@command("kernel.pour_tea")
def pour_tea(*, cup: str, at: datetime, key: IdempotencyKey | None = None) -> str:
    """Take a number and wait until the test lets it go on."""
    number = next_number("C", at)
    SavedFilter.objects.create(listing="tea", owner=cup, name=number)
    inside.set()
    may_go_on.wait(20)
    if failures:
        raise RuntimeError(failures.pop())
    return number


@pytest.fixture(autouse=True)
def _fresh() -> None:
    inside.clear()
    may_go_on.clear()
    failures.clear()


def on_own_connection(work: Callable[[], _T], *, city: str = "4406") -> Callable[[], _T]:
    """Wrap work for a thread: it acts in a city and gives its connection back."""

    def run() -> _T:
        try:
            with acting_as(make.acting(city)):
                return work()
        finally:
            connection.close()

    return run


def second_waits_for_first(first: Callable[[], str], second: Callable[[], str]) -> tuple[Future[str], Future[str]]:
    """Start the first, start the second while the first has not committed, then let both end."""
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(on_own_connection(first))
        assert inside.wait(20)
        other = pool.submit(on_own_connection(second))
        _wait_until_blocked()
        may_go_on.set()
    return one, other


def _wait_until_blocked() -> None:
    pause = threading.Event()
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        pause.wait(0.02)
    raise AssertionError("nobody waits for the key")


def poured() -> list[str]:
    with transaction.atomic(), scope("4406"):
        return list(SavedFilter.objects.filter(listing="tea").values_list("name", flat=True))


def test_two_concurrent_first_calls_give_one_execution_and_one_answer() -> None:
    key = make.key()

    def call() -> str:
        return pour_tea(cup="a", at=NOON, key=key)

    one, other = second_waits_for_first(call, call)
    assert one.result() == other.result()
    assert poured() == [one.result()]


def test_a_concurrent_call_with_another_body_is_refused() -> None:
    key = make.key()
    one, other = second_waits_for_first(
        lambda: pour_tea(cup="a", at=NOON, key=key), lambda: pour_tea(cup="b", at=NOON, key=key)
    )
    assert isinstance(other.exception(), KeyReused)
    assert poured() == [one.result()]


def test_when_the_first_call_fails_the_waiting_one_runs() -> None:
    key = make.key()
    failures.append("spilled")

    def call() -> str:
        return pour_tea(cup="a", at=NOON, key=key)

    one, other = second_waits_for_first(call, call)
    assert isinstance(one.exception(), RuntimeError)
    assert poured() == [other.result()]


def test_the_same_key_in_another_city_is_another_key() -> None:
    key = make.key()
    may_go_on.set()
    for city in ("4406", "4401"):
        on_own_connection(lambda: pour_tea(cup="a", at=NOON, key=key), city=city)()
    with transaction.atomic(), scope("44"):
        assert CommandReceipt.objects.filter(key=key).count() == 2


def test_numbers_taken_at_once_are_unique_even_on_the_first_day_of_the_year() -> None:
    start = threading.Barrier(6)

    def take() -> list[str]:
        taken: list[str] = []
        start.wait(20)
        for _ in range(20):
            with transaction.atomic(), scope("4406"):
                taken += [next_number("T", NOON), *numbers_block("T", 3, NOON)]
        return taken

    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(on_own_connection(take)) for _ in range(6)]
    numbers = [number for future in futures for number in future.result()]
    assert len(numbers) == len(set(numbers)) == 6 * 20 * 4
    assert {number[:7] for number in numbers} == {"T440626"}


def test_open_transactions_do_not_make_each_other_wait_for_a_number() -> None:
    with transaction.atomic(), scope("4406"):
        next_number("T", NOON)  # opens the lanes
    with transaction.atomic(), scope("4406"):
        mine = next_number("T", NOON)

        def take() -> str:
            with transaction.atomic(), scope("4406"):
                return next_number("T", NOON)

        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(on_own_connection(take)).result(timeout=10)
    assert mine != other
