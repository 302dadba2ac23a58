"""The outbox runner: claims lanes in batches, keeps a failing reaction to itself, parks what keeps failing.

Lock the head of a lane and you own the lane until the commit; any number of runners may work side by side.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from yuanxin.kernel import acting, outbox
from yuanxin.kernel.errors import Conflict, NotFound
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import ALL, scope, scope_of

log = logging.getLogger(__name__)

# Both inner questions are one look into the index of lanes for each lane. As joins they would be planned by statistics,
# which know nothing of a backlog that was not there a minute ago, and then cost its whole length for every lane.
# "Neither done nor parked" is "owed" in the words of that index; with "owed" the index of all that is owed is taken.
_CLAIM = """
WITH heads AS MATERIALIZED (
    SELECT lane FROM kernel_delivery head
    WHERE state = 'owed' AND due_at <= statement_timestamp() AND id = (
        SELECT first.id FROM kernel_delivery first
        WHERE first.lane = head.lane AND first.state <> 'done' ORDER BY first.id LIMIT 1)
    ORDER BY id LIMIT %(size)s FOR UPDATE SKIP LOCKED)
SELECT recorded_at, id, province_code, city_code, fact_id, reaction, owed.lane, tries
FROM heads CROSS JOIN LATERAL (
    SELECT * FROM kernel_delivery next
    WHERE next.lane = heads.lane AND next.state <> 'done' AND next.state <> 'parked'
    ORDER BY next.id LIMIT %(size)s FOR UPDATE SKIP LOCKED) owed
ORDER BY id LIMIT %(size)s
"""


@dataclass(frozen=True)
class _Owed:
    recorded_at: datetime
    id: int
    province_code: str
    city_code: str
    fact_id: UUID
    reaction: str
    lane: str
    tries: int

    @property
    def tenant(self) -> str:
        return scope_of(self.province_code, self.city_code)


def run_batch(size: int | None = None) -> int:
    """Run up to ``size`` owed deliveries in one transaction; return how many were claimed."""
    with transaction.atomic(), scope(ALL, until_commit=True):
        claimed = _claim(size or settings.YUANXIN_OUTBOX_BATCH)
        if not claimed:
            return 0
        records = _records(claimed)
        done: list[int] = []
        for tenant, group in groupby(sorted(claimed, key=lambda owed: owed.tenant), key=lambda owed: owed.tenant):
            with scope(tenant), acting.acting_as(acting.system("outbox", scope=tenant)):
                done += _run_group(list(group), records)
        _mark_done(claimed, done)
    return len(claimed)


def drain() -> int:
    """Run owed deliveries until none is due; return how many were claimed. Inside a transaction it stays in it."""
    total = 0
    while claimed := run_batch():
        total += claimed
    return total


def run_forever(should_stop: Callable[[], bool]) -> None:
    """Run batches; sleep on NOTIFY, with polling as a net.

    Unless there is a full batch it lets deliveries gather for a moment: a batch costs as much as several of them. It
    listens only when there was nothing, so that a busy time wakes nobody with every commit.
    """
    connection.ensure_connection()
    is_listening = False
    while not should_stop():
        claimed = run_batch()
        if claimed == 0 and is_listening:
            list(connection.connection.notifies(timeout=1, stop_after=1))
        elif (claimed == 0) != is_listening:
            is_listening = not is_listening  # and then it looks again: something may have come in between
            connection.connection.execute("LISTEN outbox" if is_listening else "UNLISTEN outbox")
        if claimed < settings.YUANXIN_OUTBOX_BATCH:
            time.sleep(settings.YUANXIN_OUTBOX_GATHER_S)


def _claim(size: int) -> list[_Owed]:
    rows = connection.connection.execute(_CLAIM, {"size": size}).fetchall()
    return [_Owed(*row) for row in rows]


def _records(claimed: list[_Owed]) -> dict[UUID, FactRecord]:
    wanted = FactRecord.objects.filter(
        recorded_at__gte=min(owed.recorded_at for owed in claimed),
        recorded_at__lte=max(owed.recorded_at for owed in claimed),
        id__in={owed.fact_id for owed in claimed},
    )
    return {record.id: record for record in wanted}


def _run_group(group: list[_Owed], records: Mapping[UUID, FactRecord]) -> list[int]:
    """Run a tenant's deliveries and return those done.

    First all of them in one savepoint, which is what nearly always happens and saves two round trips each; when one
    fails, everything is taken back and each runs again in a savepoint of its own, so that the failure stays alone.
    """
    try:
        with transaction.atomic():
            for owed in group:
                _react(owed, records[owed.fact_id])
    except Exception:
        log.info("a batch of %d deliveries runs one by one", len(group), exc_info=True)
        return _run_one_by_one(group, records)
    return [owed.id for owed in group]


def _run_one_by_one(group: list[_Owed], records: Mapping[UUID, FactRecord]) -> list[int]:
    done: list[int] = []
    stuck: set[str] = set()
    for owed in group:
        if owed.lane in stuck:
            continue
        try:
            with transaction.atomic():
                _react(owed, records[owed.fact_id])
        except Exception as error:  # kept with the delivery and shown to people
            _note_failure(owed, error)
            stuck.add(owed.lane)
        else:
            done.append(owed.id)
    return done


def _react(owed: _Owed, record: FactRecord) -> None:
    with outbox.caused_by(record.id):
        outbox.reactions[owed.reaction](outbox.read(record))


def _note_failure(owed: _Owed, error: Exception) -> None:
    tries = owed.tries + 1
    state = "parked" if tries >= settings.YUANXIN_OUTBOX_TRIES else "owed"
    connection.connection.execute(
        "UPDATE kernel_delivery SET tries = %s, state = %s, error = %s, due_at = now() + %s * interval '1 second'"
        " WHERE recorded_at = %s AND id = %s",
        [tries, state, repr(error)[:2000].replace("\x00", ""), 2**tries, owed.recorded_at, owed.id],
    )


def _mark_done(claimed: list[_Owed], done: list[int]) -> None:
    if done:
        connection.connection.execute(
            "UPDATE kernel_delivery SET state = 'done' WHERE recorded_at BETWEEN %s AND %s AND id = ANY(%s)",
            [min(owed.recorded_at for owed in claimed), max(owed.recorded_at for owed in claimed), done],
        )


def parked() -> list[dict[str, Any]]:
    """Return parked deliveries of the scope, oldest first, with their facts' names and errors."""
    cursor = connection.connection.execute(
        "SELECT id, recorded_at, fact_name, reaction, lane, tries, error, city_code FROM kernel_delivery"
        " WHERE state = 'parked' AND lane > '' ORDER BY id LIMIT 500"
    )
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def replay(delivery_id: int) -> None:
    """Owe a parked delivery again, from its first try. Raises NotFound, and Conflict when it is not parked."""
    run = connection.connection.execute
    row = run(
        "SELECT recorded_at, state FROM kernel_delivery WHERE id = %s AND state <> 'done'", [delivery_id]
    ).fetchone()
    if row is None:
        raise NotFound(delivery=delivery_id)
    if row[1] != "parked":
        raise Conflict(delivery=delivery_id)
    run(
        "UPDATE kernel_delivery SET state = 'owed', tries = 0, due_at = now() WHERE recorded_at = %s AND id = %s",
        [row[0], delivery_id],
    )
    run("NOTIFY outbox")
