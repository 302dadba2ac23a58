"""Facts and their deliveries: the only way in which contexts tell each other what happened.

``tell`` writes the fact and one delivery per reaction in the teller's transaction. Reactions declared
``within=True`` run at once, in the same transaction. All others wait for a runner (``kernel.runner``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from yuanxin.kernel import acting, codec, tenancy
from yuanxin.kernel.errors import NotInTransaction
from yuanxin.kernel.fact import Fact
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import Delivery, FactRecord

_F = TypeVar("_F", bound=Fact)
Reaction = Callable[[Any], None]

facts: dict[str, type[Fact]] = {}
within: dict[type[Fact], list[Reaction]] = {}
later: dict[type[Fact], list[str]] = {}
reactions: dict[str, Reaction] = {}
conditions: dict[str, Callable[[Any], bool]] = {}


@dataclass
class _Told:
    records: list[FactRecord] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


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
    with collecting() as told:
        record = _record(fact)
        told.records.append(record)
        for name in later.get(type(fact), ()):
            if (is_wanted := conditions.get(name)) and not is_wanted(fact):
                continue
            told.deliveries.append(
                Delivery(
                    province_code=record.province_code,
                    city_code=record.city_code,
                    fact_id=record.id,
                    fact_name=record.name,
                    reaction=name,
                    lane=f"{name}|{fact.subject}",
                )
            )
        with caused_by(record.id):
            for reaction in within.get(type(fact), ()):
                reaction(fact)


def _record(fact: Fact) -> FactRecord:
    province_code, city_code = tenancy.home_codes()
    body = codec.to_json(type(fact), fact)
    return FactRecord(
        id=new_id(),
        province_code=province_code,
        city_code=city_code,
        name=type(fact).__name__,
        subject=body.pop("subject"),
        at=fact.at,
        caused_by=_cause.get(),
        actor=acting.current().who,
        body=body,
    )


@contextmanager
def collecting() -> Iterator[_Told]:
    """Write the facts told in the block in two statements at its end; an exception drops them with the block."""
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
    if told.records:
        FactRecord.objects.bulk_create(told.records)
    if told.deliveries:
        Delivery.objects.bulk_create(told.deliveries)
        connection.connection.execute("NOTIFY outbox")


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
