"""Facts and their deliveries: the only way in which contexts tell each other what happened.

``tell`` writes the fact and one delivery per reaction in the teller's transaction. Reactions declared
``within=True`` run at once, in the same transaction. All others wait for a runner (``kernel.runner``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from yuanxin.kernel import acting, codec, prepared, tenancy
from yuanxin.kernel.errors import NotInTransaction
from yuanxin.kernel.fact import Fact
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord

_F = TypeVar("_F", bound=Fact)
Reaction = Callable[[Any], None]

facts: dict[str, type[Fact]] = {}
within: dict[type[Fact], list[Reaction]] = {}
later: dict[type[Fact], list[str]] = {}
reactions: dict[str, Reaction] = {}
conditions: dict[str, Callable[[Any], bool]] = {}


@dataclass
class _Told:
    facts: list[dict[str, Any]] = field(default_factory=list)
    owed: list[dict[str, Any]] = field(default_factory=list)


# One text of JSON for all rows: a list of psycopg's arrays costs more than the rest of the statement.
_FACTS = """
INSERT INTO kernel_factrecord (id, province_code, city_code, name, version, subject, at, caused_by, actor, body)
SELECT id, province_code, city_code, name, 1, subject, at, caused_by, actor, body
  FROM jsonb_to_recordset(%s::jsonb)
    AS fact (id uuid, province_code text, city_code text, name text, subject text, at timestamptz, caused_by uuid,
             actor text, body jsonb)
"""
_FACTS_AND_DELIVERIES = """
WITH told AS (FACTS), owed AS (
    INSERT INTO kernel_delivery (province_code, city_code, fact_id, fact_name, reaction, lane, state, tries, error)
    SELECT province_code, city_code, fact_id, fact_name, reaction, lane, 'owed', 0, ''
      FROM ROWS FROM (jsonb_to_recordset(%s::jsonb)
           AS (province_code text, city_code text, fact_id uuid, fact_name text, reaction text, lane text))
           WITH ORDINALITY AS owed (province_code, city_code, fact_id, fact_name, reaction, lane, place)
     ORDER BY place)
SELECT pg_notify('outbox', '')
""".replace("FACTS", _FACTS)

_told: ContextVar[_Told | None] = ContextVar("told", default=None)
_cause: ContextVar[UUID | None] = ContextVar("cause", default=None)


def name_of(reaction: Reaction) -> str:
    """Return the stable name of a reaction: ``<context>.<function>``."""
    return f"{reaction.__module__.split('.')[1]}.{reaction.__name__}"


def reacts_to(
    fact: type[_F], *, within: bool = False, when: Callable[[_F], bool] | None = None
) -> Callable[[Callable[[_F], None]], Callable[[_F], None]]:
    """Register a reaction. It may run twice and calls one action.

    within: run in the teller's own transaction; only for what must never diverge, short and without outside calls.
    when: a pure question to the fact; a fact that it denies is not owed to this reaction and costs it nothing.
    """
    in_transaction = within

    def register(reaction: Callable[[_F], None]) -> Callable[[_F], None]:
        facts[fact.__name__] = fact
        if in_transaction:
            _within(fact).append(reaction)
        else:
            reactions[name_of(reaction)] = reaction
            if when is not None:
                conditions[name_of(reaction)] = when
            later.setdefault(fact, []).append(name_of(reaction))
        return reaction

    return register


def _within(fact: type[Fact]) -> list[Reaction]:
    return within.setdefault(fact, [])


def tell(fact: Fact) -> None:
    """Tell a fact. Raises NotInTransaction outside a transaction, NoScope outside a scope."""
    if not connection.in_atomic_block:
        raise NotInTransaction(fact=type(fact).__name__)
    kind, fact_id, cause = type(fact), str(new_id()), _cause.get()
    province_code, city_code = tenancy.home_codes()
    home = {"province_code": province_code, "city_code": city_code}
    body = codec.to_json(kind, fact)
    subject = body.pop("subject")
    with collecting() as told:
        told.facts.append(
            {
                "id": fact_id,
                **home,
                "name": kind.__name__,
                "subject": subject,
                "at": fact.at.isoformat(),
                "caused_by": str(cause) if cause else None,
                "actor": acting.current().who,
                "body": body,
            }
        )
        for name in later.get(kind, ()):
            if (is_wanted := conditions.get(name)) is None or is_wanted(fact):
                told.owed.append(
                    {
                        **home,
                        "fact_id": fact_id,
                        "fact_name": kind.__name__,
                        "reaction": name,
                        "lane": f"{name}|{subject}",
                    }
                )
        if kind in within:
            with caused_by(UUID(fact_id)):
                for reaction in within[kind]:
                    reaction(fact)


@contextmanager
def collecting() -> Iterator[_Told]:
    """Write the facts told in the block in one statement at its end; an exception drops them with the block."""
    outer = _told.get()
    if outer is not None:
        yield outer
        return
    told = _Told()
    before = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(before)
    if told.owed:
        prepared.run(_FACTS_AND_DELIVERIES, [json.dumps(told.facts), json.dumps(told.owed)])
    elif told.facts:
        prepared.run(_FACTS, [json.dumps(told.facts)])


@contextmanager
def caused_by(fact_id: UUID) -> Iterator[None]:
    """Note this fact as the cause of those told in the block."""
    before = _cause.set(fact_id)
    try:
        yield
    finally:
        _cause.reset(before)


def read(record: FactRecord) -> Fact:
    """Return the fact that a record holds."""
    fact: Fact = codec.from_json(facts[record.name], record.body | {"subject": record.subject})
    return fact
