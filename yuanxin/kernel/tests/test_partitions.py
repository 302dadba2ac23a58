"""Monthly partitions: rows find their month, coming months are made, nobody who serves reaches past the parent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from yuanxin.kernel import invariants
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests import make

TABLE = "kernel_factrecord"


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE])
        return {name for (name,) in cursor.fetchall()}


def home_of(record: FactRecord) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM {TABLE} WHERE id = %s", [record.id])
        name: str = cursor.fetchone()[0]
        return name


def fact(**changes: object) -> FactRecord:
    values = {"name": "X", "subject": "x:1", "at": make.at("2026-03-10 09:00"), "actor": "t", "body": {}}
    record: FactRecord = FactRecord.objects.create(**(values | changes))
    return record


@pytest.fixture
def owner(transactional_db: None) -> Iterator[None]:
    """Work as the owner of the tables."""
    connection.close()
    connection.settings_dict["USER"] = "owner"
    yield
    connection.close()
    connection.settings_dict["USER"] = "app"


def test_this_month_and_the_two_after_it_are_there_and_a_default(foshan: str) -> None:
    assert len(partitions()) >= 4
    assert f"{TABLE}_default" in partitions()
    assert list(invariants.partitions_are_ready()) == []


def test_a_row_lies_in_the_month_of_its_wall_time_and_no_row_is_refused(foshan: str) -> None:
    now = timezone.now()
    assert home_of(fact()) == f"{TABLE}{now:_%Y%m}"
    assert home_of(fact(recorded_at=now - timedelta(days=4000))) == f"{TABLE}_default"
    assert FactRecord.objects.count() == 2


def test_making_partitions_again_changes_nothing(owner: None) -> None:
    before = partitions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT make_partitions(%s)", [TABLE])
    assert partitions() == before


def test_a_missing_month_is_made_again_and_closed_to_those_who_serve(owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || to_char(now() + interval '1 month', '_YYYYMM')", [TABLE])
        coming = cursor.fetchone()[0]
        cursor.execute(f"DROP TABLE {coming}")
        assert [line.split()[1] for line in invariants.partitions_are_ready()] == [TABLE]
        cursor.execute("SELECT make_partitions(%s)", [TABLE])
    assert coming in partitions()
    assert list(invariants.partitions_are_ready()) == []
    assert list(invariants.drift_of_grants()) == []


def test_nobody_who_serves_reads_or_writes_a_partition_directly(foshan: str) -> None:
    for statement in ("SELECT count(*) FROM {}", "INSERT INTO {} SELECT * FROM kernel_factrecord", "DELETE FROM {}"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(f"{TABLE}_default"))
