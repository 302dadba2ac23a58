"""Teller and runner of the outbox bench; ``main`` is one runner with the bench's reaction."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from yuanxin.kernel import clock, outbox, runner
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.fact import Fact
from yuanxin.kernel.models import SavedFilter
from yuanxin.kernel.tenancy import scope

GATE = 740_401


@dataclass(frozen=True, kw_only=True)
class Counted(Fact):
    """A fact of the bench."""

    number: int


@outbox.reacts_to(Counted)
def write_when_counted(fact: Counted) -> None:
    """Write one row through the ORM, under the policy."""
    SavedFilter.objects.create(listing=fact.subject, owner="bench", name=str(fact.number), query="")


def cities(count: int) -> list[str]:
    """Return that many city codes of one province."""
    return [f"44{number:02d}" for number in range(1, count + 1)]


def tell_all(facts: int, subjects: int, city_count: int) -> None:
    """Tell the facts, city by city; each subject lives in one city and hears its numbers in order. Holds the gate."""
    connection.ensure_connection()
    connection.connection.execute("SELECT pg_advisory_lock(%s)", [GATE])
    per_city = subjects // city_count
    for place, city in enumerate(cities(city_count)):
        with transaction.atomic(), scope(city), acting_as(system("bench", scope=city)), outbox.collecting():
            at = clock.now()
            for number in range(facts // city_count):
                subject = f"bench:{place * per_city + number % per_city}"
                outbox.tell(Counted(subject=subject, at=at, number=number))


def write_directly(rows: int, city_count: int) -> None:
    """Write the same rows as the reaction does, in transactions of a batch's size."""
    for start in range(0, rows, 50):
        city = cities(city_count)[start // 50 % city_count]
        with transaction.atomic(), scope(city):
            for number in range(start, start + 50):
                SavedFilter.objects.create(listing="direct", owner="bench", name=str(number), query="")


def lanes_in_order(pairs: Callable[[list[int]], Any]) -> int:
    """Return how many subjects heard their numbers in the order told."""
    heard: dict[str, list[int]] = {}
    with transaction.atomic(), scope("*"):
        rows = SavedFilter.objects.exclude(listing="direct").order_by("id")
        for subject, number in rows.values_list("listing", "name"):
            heard.setdefault(subject, []).append(int(number))
    return sum(all(one < two for one, two in pairs(numbers)) for numbers in heard.values())


def main() -> None:
    """Wait at the gate, then run deliveries until told to stop."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    connection.ensure_connection()
    with transaction.atomic():
        connection.connection.execute("SET LOCAL lock_timeout = 0")
        connection.connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [GATE])
    runner.run_forever(lambda: bool(stopped))
