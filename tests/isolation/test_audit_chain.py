"""The audit chain: whoever changes, removes or swaps sealed history rows is found, and where; busy writers are not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from yuanxin.kernel import audit
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.models import AuditSeal, SavedFilter
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make
from yuanxin.org.models import OrgUnit
from yuanxin.org.tests import make as people

TABLE = "org_orgunitevent"
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def city(code: str = "4406") -> Iterator[None]:
    """Work in a city in a transaction of its own."""
    with acting_as(make.acting(code)), transaction.atomic(), scope(code):
        yield


def seal() -> None:
    """Let the sealer look twice: rows are sealed at the second look, when nobody still writes before them."""
    for _ in range(2):
        with transaction.atomic(), scope(ALL):
            audit.seal_history(make.at("2026-11-24 10:00"))


def seal_all() -> None:
    """Seal every row. Tests beside this one may hold transactions open in the same cluster, and the sealer waits."""
    for _ in range(300):
        seal()
        with transaction.atomic(), scope(ALL), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {TABLE}")
            rows = cursor.fetchone()[0]
            sealed = sum(each.count for each in AuditSeal.objects.filter(table=TABLE))
        if rows == sealed:
            return
        time.sleep(0.1)


def broken() -> list[str]:
    with transaction.atomic(), scope(ALL):
        return list(audit.broken_seals())


def seals() -> list[AuditSeal]:
    with transaction.atomic(), scope(ALL):
        return list(AuditSeal.objects.order_by("id"))


def as_superuser(statement: str) -> None:
    """Change history as nobody who serves can: past the trigger."""
    connection.close()
    connection.settings_dict["USER"] = "postgres"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER append_only")
            cursor.execute(statement)
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER append_only")
    finally:
        connection.close()
        connection.settings_dict["USER"] = "app"


@pytest.fixture
def three_seals(settings: pytest.FixtureRequest) -> list[AuditSeal]:
    """Three sealed batches of three history rows, nine in all."""
    settings.YUANXIN_SEAL_BATCH = 3  # type: ignore[attr-defined]
    with city():
        people.city()
        for _ in range(8):
            people.grid()
    seal_all()
    assert broken() == []
    made = [each for each in seals() if each.table == TABLE]
    assert [each.count for each in made] == [3, 3, 3]
    return made


def test_a_changed_row_is_found_in_its_seal(three_seals: list[AuditSeal]) -> None:
    middle = three_seals[1]
    as_superuser(f"UPDATE {TABLE} SET name = name || ' ' WHERE pgh_id = {middle.last_id}")
    assert broken() == [f"seal {middle.id}: rows {middle.first_id}-{middle.last_id} of {TABLE} were changed"]


def test_a_removed_tail_is_found_in_the_last_seal(three_seals: list[AuditSeal]) -> None:
    last = three_seals[2]
    as_superuser(f"DELETE FROM {TABLE} WHERE pgh_id >= {last.last_id}")
    assert broken() == [f"seal {last.id}: rows {last.first_id}-{last.last_id} of {TABLE} were changed"]


def test_a_whole_removed_batch_is_found(three_seals: list[AuditSeal]) -> None:
    first = three_seals[0]
    as_superuser(f"DELETE FROM {TABLE} WHERE pgh_id <= {first.last_id}")
    assert broken() == [f"seal {first.id}: rows {first.first_id}-{first.last_id} of {TABLE} were changed"]


def test_two_swapped_rows_are_found_in_both_seals(three_seals: list[AuditSeal]) -> None:
    one, other = three_seals[0], three_seals[2]
    as_superuser(
        f"UPDATE {TABLE} SET pgh_id = CASE pgh_id WHEN {one.first_id} THEN -1 ELSE -2 END"
        f" WHERE pgh_id IN ({one.first_id}, {other.first_id})"
    )
    as_superuser(
        f"UPDATE {TABLE} SET pgh_id = CASE pgh_id WHEN -1 THEN {other.first_id} ELSE {one.first_id} END"
        " WHERE pgh_id < 0"
    )
    assert [line.split(":")[0] for line in broken()] == [f"seal {one.id}", f"seal {other.id}"]


def test_an_inserted_row_is_found(three_seals: list[AuditSeal]) -> None:
    first = three_seals[0]
    as_superuser(
        f"CREATE TEMP TABLE copied AS SELECT * FROM {TABLE} WHERE pgh_id = {first.last_id};"
        f" UPDATE copied SET pgh_id = 0; INSERT INTO {TABLE} SELECT * FROM copied"
    )
    assert [line.split(":")[0] for line in broken()] == [f"seal {first.id}"]


def test_a_changed_seal_breaks_the_chain_behind_it(three_seals: list[AuditSeal]) -> None:
    middle = three_seals[1]
    connection.close()
    connection.settings_dict["USER"] = "postgres"
    try:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_auditseal DISABLE TRIGGER append_only")
            cursor.execute("DELETE FROM kernel_auditseal WHERE id = %s", [middle.id])
            cursor.execute("ALTER TABLE kernel_auditseal ENABLE TRIGGER append_only")
    finally:
        connection.close()
        connection.settings_dict["USER"] = "app"
    assert any(line.startswith(f"seal {three_seals[2].id}: the chain is broken") for line in broken())


def test_verify_tells_it_and_fails(three_seals: list[AuditSeal], capsys: pytest.CaptureFixture[str]) -> None:
    as_superuser(f"UPDATE {TABLE} SET name = 'x' WHERE pgh_id = {three_seals[0].first_id}")
    with pytest.raises(CommandError, match="1 invariants do not hold"):
        call_command("verify", "kernel.audit_chain", "kernel.migrations")
    assert f"FAIL kernel.audit_chain\n     seal {three_seals[0].id}: rows" in capsys.readouterr().out


def _in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_slow_writer_whose_rows_come_before_sealed_ones_is_no_alarm_and_is_sealed_too() -> None:
    """The slow writer took its row's number first and commits last; the sealer must wait for it."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with city("4401"):
            people.city()
            written.set()
            may_commit.wait(20)

    with city():
        SavedFilter.objects.create(listing="x", owner="o", name="n")  # this transaction is older than the slow one
        thread = _in_thread(slow)
        assert written.wait(20)
        OrgUnit.objects.create(code="4406", name="佛山", level="city")
    seal()
    may_commit.set()
    thread.join(20)
    seal_all()
    assert broken() == []
    assert sum(each.count for each in seals() if each.table == TABLE) == 2
