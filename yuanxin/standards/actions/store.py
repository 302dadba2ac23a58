"""Writing clocks with their marks: one statement each, because every ticket passes here several times."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from psycopg.errors import UniqueViolation

from yuanxin.kernel import acting, prepared
from yuanxin.kernel.tenancy import home_codes
from yuanxin.published.codes import Segment
from yuanxin.standards.models import Clock, ClockMark
from yuanxin.standards.rules.errors import ClocksRunAlready

_START = """
WITH fresh AS (
    SELECT * FROM jsonb_to_recordset(%(clocks)s::jsonb)
           AS new (id uuid, subject text, topic text, kind text, service text, area_class text, rule_id uuid,
                   limit_rule_id uuid, version_id uuid, started_at timestamptz, window_to timestamptz,
                   chosen_at timestamptz, due_at timestamptz, amber_at timestamptz, red_at timestamptz, segment text)
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
    SELECT * FROM jsonb_to_recordset(%(clocks)s::jsonb)
           AS new (id uuid, state text, next_at timestamptz, due_at timestamptz, amber_at timestamptz,
                   red_at timestamptz, stopped_at timestamptz, breached_at timestamptz, paused_minutes int,
                   late_minutes int)
), changed AS (
    UPDATE standards_clock clock
       SET state = fresh.state, next_at = fresh.next_at, due_at = fresh.due_at, amber_at = fresh.amber_at,
           red_at = fresh.red_at, stopped_at = fresh.stopped_at, breached_at = fresh.breached_at,
           paused_minutes = fresh.paused_minutes, late_minutes = fresh.late_minutes
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
    *("id", "state", "next_at", "due_at", "amber_at", "red_at", "stopped_at", "breached_at"),
    *("paused_minutes", "late_minutes"),
)


def insert(clocks: Sequence[Clock], segments: Sequence[Segment]) -> None:
    """Store new clocks and their ``started`` marks. Raises ClocksRunAlready."""
    if not clocks:
        return
    province, city = home_codes()
    rows = [{**_row(clock, _STARTED), "segment": str(segment)} for clock, segment in zip(clocks, segments, strict=True)]
    arguments = {"clocks": json.dumps(rows), "province": province, "city": city, "actor": acting.current().who}
    try:
        prepared.run(_START, arguments)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise ClocksRunAlready(subject=clocks[0].subject, topic=clocks[0].topic) from None
        raise


def change(clocks: Sequence[Clock], mark: ClockMark.Kind, at: datetime, *, reason: str = "") -> None:
    """Store what changed in locked clocks, with one mark for each."""
    if clocks:
        rows = json.dumps([_row(clock, _CHANGED) for clock in clocks])
        actor = acting.current().who
        prepared.run(_CHANGE, {"clocks": rows, "mark": str(mark), "at": at, "reason": reason, "actor": actor})


def _row(clock: Clock, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(clock, name)) for name in names}


def _plain(value: Any) -> Any:
    """Return what JSON knows."""
    if value is None or isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
