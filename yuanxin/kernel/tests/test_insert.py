import pytest
from django.db import IntegrityError, transaction

from yuanxin.kernel.insert import insert, insert_once
from yuanxin.kernel.models import CommandReceipt, SavedFilter


def kept(name: str, query: str) -> bool:
    return insert_once(SavedFilter(listing="l", owner="staff:1", sharing="private", unit="", name=name, query=query))


def test_a_row_is_inserted_once_and_the_first_one_stays(foshan: str) -> None:
    assert kept("late", "colour=red")
    assert not kept("late", "colour=green")
    assert kept("soon", "colour=amber")
    row = SavedFilter.objects.get(name="late")
    assert (row.query, row.city_code) == ("colour=red", "4406")


def test_a_new_row_leaves_its_defaults_to_the_database(foshan: str) -> None:
    row = CommandReceipt(key="k", command="c.d", actor="staff:1", body_hash=b"\x00\x01")
    insert(row)
    stored = CommandReceipt.objects.get(pk=row.pk)
    assert (bytes(stored.body_hash), stored.answer) == (b"\x00\x01", None)
    assert stored.recorded_at is not None


def test_a_second_row_of_the_same_key_is_refused_by_djangos_name(foshan: str) -> None:
    one, two = (
        SavedFilter(listing="l", owner="staff:1", sharing="private", unit="", name="late", query="q") for _ in range(2)
    )
    insert(one)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(two)


def test_rows_of_several_tables_go_in_one_statement(foshan: str) -> None:
    one = SavedFilter(listing="l", owner="staff:1", sharing="private", unit="", name="late", query="q")
    two = CommandReceipt(key="k", command="c.d", actor="staff:1", body_hash=b"\x00")
    insert(one, two)
    assert SavedFilter.objects.get(pk=one.pk).name == "late"
    assert CommandReceipt.objects.get(pk=two.pk).key == "k"
