"""Audit chain 审计链: history rows are sealed in batches, each seal over its rows' digest and the seal before.

Rows are written by triggers (pghistory); they hold no clear personal value, so erasing a person leaves every
seal valid. A row takes its number before its transaction commits, so a lower number may appear after a higher one.
The sealer therefore looks twice: it notes the newest number, and seals up to it at a later look, when every
transaction that ran at the first look has ended. Nothing slips into a sealed range.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.db import connection

from yuanxin.kernel.models import AuditSeal
from yuanxin.kernel.ticks import every

_BATCH = """
SELECT count(*), min(pgh_id), max(pgh_id),
       encode(sha256(string_agg(sha256(convert_to(line, 'UTF8')), ''::bytea ORDER BY pgh_id)), 'hex')
FROM (SELECT pgh_id, event::text AS line FROM {table} event WHERE pgh_id > %(after)s AND pgh_id <= %(last)s
      ORDER BY pgh_id LIMIT %(size)s) batch
"""
_NEWEST = """
SELECT name, pg_sequence_last_value(pg_get_serial_sequence(quote_ident(name), 'pgh_id')::regclass)
FROM unnest(%s::text[]) name
"""
_START = -(2**63)


@dataclass(frozen=True)
class _Look:
    """What was seen: the newest number given to a row, and the number of the transaction that looked afterwards.

    Whoever had taken a row's number by then has a lower transaction number.
    """

    last_id: int
    seen_by: int


_looks: dict[str, _Look] = {}


def history_tables() -> list[str]:
    """Return the names of all history tables."""
    models = (model for model in apps.get_models() if issubclass(model, pghistory.models.Event))
    return sorted(model._meta.db_table for model in models if not model._meta.abstract)


def _batch(table: str, after: int, last: int, size: int) -> tuple[int, int, int, str]:
    statement = _BATCH.format(table=f'"{table}"')
    row: tuple[int, int, int, str] = connection.connection.execute(
        statement, {"after": after, "last": last, "size": size}
    ).fetchone()
    return row


def _link(previous: str, table: str, first: int, last: int, digest: str) -> str:
    return hashlib.sha256(f"{previous}|{table}|{first}|{last}|{digest}".encode()).hexdigest()


@every(seconds=60)
def seal_history(at: datetime) -> None:
    """Seal what was written before the last look, table by table, in batches. One sealer at a time."""
    connection.connection.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.audit.seal'))")
    tables = history_tables()
    oldest_running = _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
    settled = {table: look.last_id for table, look in _looks.items() if look.seen_by <= oldest_running}
    _look_at([table for table in tables if table in settled or table not in _looks])
    newest = AuditSeal.objects.order_by("-id").first()
    chain = newest.chain if newest else ""
    for table in tables:
        if table in settled:
            chain = _seal(table, settled[table], chain)


def _look_at(tables: list[str]) -> None:
    newest = connection.connection.execute(_NEWEST, [tables]).fetchall()
    seen_by = _number("SELECT pg_current_xact_id()::text")
    for table, last_id in newest:
        _looks[table] = _Look(last_id or 0, seen_by)


def _number(statement: LiteralString) -> int:
    row: tuple[str] = connection.connection.execute(statement).fetchone()
    return int(row[0])


def _seal(table: str, last_id: int, chain: str) -> str:
    tail = AuditSeal.objects.filter(table=table).order_by("-id").first()
    after = tail.last_id if tail else _START
    while True:
        count, first, last, digest = _batch(table, after, last_id, settings.YUANXIN_SEAL_BATCH)
        if not count:
            return chain
        link = _link(chain, table, first, last, digest)
        AuditSeal.objects.create(
            table=table, first_id=first, last_id=last, count=count, digest=digest, previous=chain, chain=link
        )
        after, chain = last, link


def broken_seals() -> Iterator[str]:
    """Yield one line per seal that no longer fits its rows or the seal before it."""
    previous = ""
    ends: dict[str, int] = {}
    for seal in AuditSeal.objects.order_by("id").iterator():
        if seal.previous != previous or seal.chain != _link(
            seal.previous, seal.table, seal.first_id, seal.last_id, seal.digest
        ):
            yield f"seal {seal.id}: the chain is broken before it"
        count, _, _, digest = _batch(seal.table, ends.get(seal.table, _START), seal.last_id, seal.count + 1)
        if (count, digest) != (seal.count, seal.digest):
            yield f"seal {seal.id}: rows {seal.first_id}-{seal.last_id} of {seal.table} were changed"
        ends[seal.table] = seal.last_id
        previous = seal.chain
