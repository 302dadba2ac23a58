"""What ``manage verify`` asks of ``supervision``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from yuanxin.kernel import outbox
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import scope, scope_of
from yuanxin.kernel.verify import invariant
from yuanxin.supervision import reactions
from yuanxin.supervision.models import BoardRow
from yuanxin.supervision.rules import Stage

REPLAYED = 200
"""Rows that one ``verify`` builds again, those that moved last."""
HERE = reactions.__name__.split(".")[1] + "."


@invariant("supervision.open_means_not_closed")
def open_means_not_closed() -> Iterator[str]:
    """A row is on the board exactly as long as its stage is not closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM supervision_boardrow WHERE is_open = (stage = %s) ORDER BY subject LIMIT 100",
            [Stage.CLOSED.code],
        )
        for (subject,) in cursor.fetchall():
            yield f"board row {subject} is open and closed at once"


@invariant("supervision.nothing_is_parked")
def nothing_is_parked() -> Iterator[str]:
    """No delivery is parked; a parked one blocks its lane until somebody replays it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, lane, error FROM kernel_delivery WHERE state = 'parked' AND lane > '' ORDER BY id LIMIT 100"
        )
        for delivery_id, lane, error in cursor.fetchall():
            yield f"delivery {delivery_id} to {lane} is parked: {error[:200]}"


@invariant("supervision.board_is_what_facts_say")
def board_is_what_facts_say() -> Iterator[str]:
    """A row built again from the facts of care, fieldwork and standards is the row on the board; newest rows only.

    Rows with a delivery that is not done yet are left out, and so are those whose first fact was archived.
    """
    rows = {row.subject: row for row in BoardRow.objects.order_by("-moved_at")[:REPLAYED]}
    facts = _facts_about(set(rows))
    waiting = _not_done()
    for subject, row in rows.items():
        mine = facts.get(subject, [])
        if not any(fact.subject == subject for fact in mine) or waiting & {fact.id for fact in mine}:
            continue
        stored, told = _plain(row), _built_again(row, mine)
        different = sorted(name for name in stored if stored[name] != told.get(name))
        if different:
            yield f"board row {subject} differs from its facts: {', '.join(different)}"


def _facts_about(subjects: set[str]) -> dict[str, list[FactRecord]]:
    """Return the facts that the board hears, by the row they belong to; one statement over the facts."""
    heard = {name for name, reaction in _hearing()}
    found: dict[str, list[FactRecord]] = {}
    for fact in FactRecord.objects.filter(name__in=heard).order_by("recorded_at", "id").iterator():
        about = {fact.subject, fact.body.get("cause"), fact.body.get("ticket")} & subjects
        for subject in about:
            found.setdefault(subject, []).append(fact)
    return found


def _hearing() -> list[tuple[str, str]]:
    return [(kind.__name__, name) for kind, names in outbox.later.items() for name in names if name.startswith(HERE)]


def _not_done() -> set[object]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact_id FROM kernel_delivery WHERE state <> 'done' AND lane > '' AND reaction LIKE %s", [HERE + "%"]
        )
        return {fact_id for (fact_id,) in cursor.fetchall()}


def _built_again(row: BoardRow, facts: list[FactRecord]) -> dict[str, object]:
    """Return the row that these facts make, without keeping it."""
    listeners = _hearing()
    with transaction.atomic(), scope(scope_of(row.province_code, row.city_code)):
        BoardRow.objects.filter(pk=row.pk).delete()
        for record in facts:
            fact = outbox.read(record)
            for kind, name in listeners:
                is_wanted = outbox.conditions.get(name)
                if kind == record.name and (is_wanted is None or is_wanted(fact)):
                    outbox.reactions[name](fact)
        built = BoardRow.objects.filter(subject=row.subject).first()
        transaction.set_rollback(True)
    return _plain(built) if built else {}


def _plain(row: BoardRow) -> dict[str, object]:
    names = {column.attname for column in BoardRow._meta.concrete_fields} - {"id", "stamps"}
    return {name: getattr(row, name) for name in names}
