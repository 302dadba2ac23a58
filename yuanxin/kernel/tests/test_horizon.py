"""The version of a scope: it moves with facts and with deliveries, also with those that commit late."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from yuanxin.kernel import horizon
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.fact import Fact
from yuanxin.kernel.models import Delivery, FactRecord
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make

NOON = make.at("2026-11-24 12:00")


@dataclass(frozen=True, kw_only=True)
class BellRung(Fact):
    """A bell rang."""


def ring() -> None:
    tell(BellRung(subject="bell:1", at=NOON))


def version(code: str) -> str:
    with transaction.atomic(), scope(code):
        return horizon.version()


def rung_in(code: str) -> None:
    with transaction.atomic(), scope(code), acting_as(make.acting(code)):
        ring()


@pytest.mark.django_db(transaction=True)
def test_a_fact_moves_its_city_its_province_and_headquarters_only() -> None:
    codes = ("4406", "44", ALL, "4401", "45")
    before = {code: version(code) for code in codes}
    assert before == {code: version(code) for code in codes}
    rung_in("4406")
    assert [code for code in codes if version(code) != before[code]] == ["4406", "44", ALL]


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_transaction_that_began_earlier_and_commits_later_moves_it_too() -> None:
    told, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic(), scope("4406"), acting_as(make.acting("4406")):
                ring()
                told.set()
                may_commit.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(slowly)
        assert told.wait(20)
        rung_in("4406")
        before = version("4406")
        may_commit.set()
        late.result(20)
    assert version("4406") != before


@pytest.mark.django_db
def test_a_reaction_that_was_owed_and_is_done_moves_it(foshan: str) -> None:
    ring()
    fact = FactRecord.objects.get()
    before = horizon.version()
    owed = Delivery.objects.create(fact_id=fact.id, fact_name=fact.name, reaction="x.y", lane="x.y|bell:1")
    assert (while_owed := horizon.version()) != before
    Delivery.objects.filter(id=owed.id).update(state="done")
    assert horizon.version() not in {while_owed}
