"""Writing clocks with their marks: one statement each, because every ticket passes here several times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from yuanxin.kernel import acting
from yuanxin.kernel.tenancy import home_codes
from yuanxin.published.codes import Segment
from yuanxin.standards.models import Clock, ClockMark
from yuanxin.standards.rules.errors import ClocksRunAlready

_START = """
WITH fresh AS (
    SELECT * FROM unnest(%(id)s::uuid[], %(subject)s::text[], %(topic)s::text[], %(kind)s::text[], %(service)s::text[],
                         %(area_class)s::text[], %(rule_id)s::uuid[], %(limit_rule_id)s::uuid[], %(version_id)s::uuid[],
                         %(started_at)s::timestamptz[], %(window_to)s::timestamptz[], %(chosen_at)s::timestamptz[],
                         %(due_at)s::timestamptz[], %(amber_at)s::timestamptz[], %(red_at)s::timestamptz[],
                         %(segment)s::text[])
           AS new (id, subject, topic, kind, service, area_class, rule_id, limit_rule_id, version_id, started_at,
                   window_to, chosen_at, due_at, amber_at, red_at, segment)
), started AS (
    INSERT INTO standards_clock (id, province_code, city_code, subject, topic, kind, service, area_class, rule_id,
           limit_rule_id, version_id, started_at, window_to, chosen_at, due_at, amber_at, red_at, next_at, state,
           paused_minutes)
    SELECT id, %(province)s, %(city)s, subject, topic, kind, service, area_class, rule_id, limit_rule_id, version_id,
           started_at, window_to, chosen_at, due_at, amber_at, red_at, amber_at, 'running', 0
      FROM fresh
)
INSERT INTO standards_clockmark
       (id, province_code, city_code, clock_id, subject, kind, at, due_at, segment, reason, actor)
SELECT gen_random_uuid(), %(province)s, %(city)s, id, subject, 'started', started_at, due_at, segment, '', %(actor)s
  FROM fresh
"""
_CHANGE = """
WITH fresh AS (
    SELECT * FROM unnest(%(id)s::uuid[], %(state)s::text[], %(next_at)s::timestamptz[], %(due_at)s::timestamptz[],
                         %(amber_at)s::timestamptz[], %(red_at)s::timestamptz[], %(stopped_at)s::timestamptz[],
                         %(paused_minutes)s::int[], %(late_minutes)s::int[])
           AS new (id, state, next_at, due_at, amber_at, red_at, stopped_at, paused_minutes, late_minutes)
), changed AS (
    UPDATE standards_clock clock
       SET state = fresh.state, next_at = fresh.next_at, due_at = fresh.due_at, amber_at = fresh.amber_at,
           red_at = fresh.red_at, stopped_at = fresh.stopped_at, paused_minutes = fresh.paused_minutes,
           late_minutes = fresh.late_minutes
      FROM fresh WHERE clock.id = fresh.id
    RETURNING clock.province_code, clock.city_code, clock.id, clock.subject, clock.due_at
)
INSERT INTO standards_clockmark
       (id, province_code, city_code, clock_id, subject, kind, at, due_at, segment, reason, actor)
SELECT gen_random_uuid(), province_code, city_code, id, subject, %(mark)s, %(at)s, due_at, '', %(reason)s, %(actor)s
  FROM changed
"""
_STARTED = (
    *("id", "subject", "topic", "kind", "service", "area_class", "rule_id", "limit_rule_id", "version_id"),
    *("started_at", "window_to", "chosen_at", "due_at", "amber_at", "red_at"),
)
_CHANGED = (
    *("id", "state", "next_at", "due_at", "amber_at", "red_at", "stopped_at"),
    *("paused_minutes", "late_minutes"),
)


def insert(clocks: Sequence[Clock], segments: Sequence[Segment]) -> None:
    """Store new clocks and their ``started`` marks. Raises ClocksRunAlready."""
    if not clocks:
        return
    province, city = home_codes()
    arguments = _columns(clocks, _STARTED) | {
        "segment": [str(segment) for segment in segments],
        "province": province,
        "city": city,
        "actor": acting.current().who,
    }
    try:
        _run(_START, arguments)
    except psycopg.errors.UniqueViolation:
        raise ClocksRunAlready(subject=clocks[0].subject, topic=clocks[0].topic) from None


def change(clocks: Sequence[Clock], mark: ClockMark.Kind, at: datetime, *, reason: str = "") -> None:
    """Store what changed in locked clocks, with one mark for each."""
    if clocks:
        arguments = _columns(clocks, _CHANGED)
        _run(_CHANGE, arguments | {"mark": str(mark), "at": at, "reason": reason, "actor": acting.current().who})


def _columns(clocks: Sequence[Clock], names: Sequence[str]) -> dict[str, Any]:
    return {name: [_plain(getattr(clock, name)) for clock in clocks] for name in names}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _run(statement: str, arguments: dict[str, Any]) -> None:
    """Execute on Django's connection as a prepared statement; the ORM's cursor would plan it anew each time."""
    psycopg.Cursor(connection.connection).execute(statement, arguments, prepare=True)
