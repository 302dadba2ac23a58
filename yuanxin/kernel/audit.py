"""Audit chain 审计链: history rows are sealed in batches, each seal over its rows' digest and the seal before.

Rows are written by triggers (pghistory); they hold no clear personal value, so erasing a person leaves every
seal valid. A seal covers rows whose transactions all ended, so nothing slips into a sealed range later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.db import connection

from yuanxin.kernel.models import AuditSeal
from yuanxin.kernel.ticks import every

_BATCH = """
SELECT count(*), min(pgh_id), max(pgh_id),
       encode(sha256(string_agg(sha256(convert_to(line, 'UTF8')), ''::bytea ORDER BY pgh_id)), 'hex')
FROM (SELECT pgh_id, event::text AS line FROM {table} event WHERE pgh_id > %(after)s {until}
      ORDER BY pgh_id LIMIT %(size)s) batch
"""
_ENDED = "AND xmin::text::bigint < (pg_snapshot_xmin(pg_current_snapshot())::text::bigint & 4294967295)"


def history_tables() -> list[str]:
    """Return the names of all history tables."""
    models = (model for model in apps.get_models() if issubclass(model, pghistory.models.Event))
    return sorted(model._meta.db_table for model in models if not model._meta.abstract)


def _batch(table: str, after: int, size: int, until: str, last: int = 0) -> tuple[int, int, int, str]:
    statement = _BATCH.format(table=f'"{table}"', until=until)
    row: tuple[int, int, int, str] = connection.connection.execute(
        statement, {"after": after, "size": size, "last": last}
    ).fetchone()
    return row


def _link(previous: str, table: str, first: int, last: int, digest: str) -> str:
    return hashlib.sha256(f"{previous}|{table}|{first}|{last}|{digest}".encode()).hexdigest()


@every(seconds=60)
def seal_history(at: datetime) -> None:
    """Seal what is not sealed yet, table by table, in batches. One sealer at a time."""
    connection.connection.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.audit.seal'))")
    newest = AuditSeal.objects.order_by("-id").first()
    chain = newest.chain if newest else ""
    for table in history_tables():
        tail = AuditSeal.objects.filter(table=table).order_by("-id").first()
        after = tail.last_id if tail else 0
        while True:
            count, first, last, digest = _batch(table, after, settings.YUANXIN_SEAL_BATCH, _ENDED)
            if not count:
                break
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
        count, _, _, digest = _batch(
            seal.table, ends.get(seal.table, 0), seal.count + 1, "AND pgh_id <= %(last)s", seal.last_id
        )
        if (count, digest) != (seal.count, seal.digest):
            yield f"seal {seal.id}: rows {seal.first_id}-{seal.last_id} of {seal.table} were changed"
        ends[seal.table] = seal.last_id
        previous = seal.chain
