"""The work of the clocks bench: a city full of running clocks, ticks, and orders that start their clocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from yuanxin.kernel import acting, clock
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.published.codes import AreaClass, Service
from yuanxin.published.standards import RulebookPublished
from yuanxin.standards import api as standards

TOPIC = "fault.repair"
# Every third clock of a group is due now, the others must be warned about; groups of `due` clocks are an hour apart.
_FILL = """
INSERT INTO standards_clock (id, province_code, city_code, subject, topic, kind, service, area_class, rule_id,
       version_id, started_at, due_at, amber_at, red_at, next_at, state, paused_minutes)
SELECT gen_random_uuid(), '44', '44' || lpad((n %% 20 + 1)::text, 2, '0'), 'ticket:' || gen_random_uuid(),
       %(topic)s, 'assessment', 'broadband', 'urban', %(rule)s, %(version)s, look - interval '2 days',
       CASE WHEN n %% 3 = 0 THEN look ELSE look + interval '2 days' END,
       CASE WHEN n %% 3 = 0 THEN look - interval '1 day' ELSE look END,
       CASE WHEN n %% 3 = 0 THEN look - interval '1 hour' ELSE look + interval '1 day' END,
       look, 'running', 0
  FROM (SELECT n, %(first)s::timestamptz + (n / %(due)s) * interval '1 hour' AS look
          FROM generate_series(0, %(clocks)s - 1) n) numbered
"""
_DIRECT = """
UPDATE standards_clock SET warned_at = now()
 WHERE id = ANY(ARRAY(SELECT id FROM standards_clock WHERE next_at IS NOT NULL ORDER BY next_at DESC LIMIT %s))
"""


@contextmanager
def _as(name: str, code: str) -> Iterator[None]:
    with acting.acting_as(acting.system(name, scope=code)), transaction.atomic(), scope(code):
        yield


def load() -> datetime:
    """Publish the seed rulebooks; returns an instant of which all are in force."""
    with _as("bench", ALL):
        standards.load_rulebooks(at=clock.now())
        return clock.now()


def fill(clocks: int, due: int, first: datetime) -> None:
    """Let that many clocks run; `due` of them have to be looked at in each hour from `first` on."""
    with _as("bench", ALL):
        rule = next(e for e in standards.entries_in_force(at=first) if e.words.rule_id == "P-03.urban")
        rules = {"topic": TOPIC, "version": rule.version_id, "rule": _entry_id(rule.version_id)}
        connection.connection.execute(_FILL, rules | {"first": first, "due": due, "clocks": clocks})


def _entry_id(version_id: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM standards_ruleentry WHERE version_id = %s AND code = 'P-03.urban'", [version_id])
        return cursor.fetchone()[0]


def tick(at: datetime) -> standards.TickResult:
    """One tick as the ticker runs it, with its commit."""
    with _as("ticker", ALL):
        return standards.tick(at=at)


def update_directly(rows: int) -> None:
    """The limit: change as many clocks of the index's other end, without marks and facts."""
    with _as("bench", ALL):
        connection.connection.execute(_DIRECT, [rows])


@command("bench.order")
def _order(*, with_clocks: bool, at: datetime) -> None:
    subject = f"ticket:{new_id()}"
    tell(RulebookPublished(subject=subject, at=at, version_id=new_id(), layer="L0", effective_from=at.date()))
    if with_clocks:
        found = standards.start_clocks(
            topic=TOPIC, subject=subject, service=Service.BROADBAND, area_class=AreaClass.URBAN, at=at
        )
        if found.statutory is None or found.assessment is None:
            raise RuntimeError("a clock is missing")


def order(at: datetime, *, with_clocks: bool) -> None:
    """A command in its own transaction that tells its fact as every order does, with or without both clocks."""
    with acting.acting_as(acting.system("bench", scope="4401")):
        _order(with_clocks=with_clocks, at=at)


def start_batch(orders: int, at: datetime) -> None:
    """Start both clocks of many orders in one command."""
    requests = [
        standards.ClockRequest(
            topic=TOPIC,
            subject=f"ticket:{new_id()}",
            service=Service.BROADBAND,
            area_class=AreaClass.URBAN,
            at=at + timedelta(seconds=number % 3600),
        )
        for number in range(orders)
    ]
    with acting.acting_as(acting.system("bench", scope="4401")):
        standards.start_clocks_many(requests=requests)
