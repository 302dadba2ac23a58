"""Many at once, and the address file from upload to storage."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests.make import at
from yuanxin.org import api as org
from yuanxin.org.tests import make as org_make
from yuanxin.parties import api as parties
from yuanxin.parties.models import Contact, Customer, Estate, StandardAddress
from yuanxin.parties.tests import make

NOON = at("2026-11-24 12:00")
DISTRICTS = {"禅城区": "440604"}
HEADER = "name,district,address,lng_bd09,lat_bd09,households\n"
GOOD = HEADER + "汇信华府,禅城区,建设二路,113.133286,23.02769,5229\n大榄村,禅城区,,,,\n"
BAD = GOOD + ",禅城区,,,,\n汇信华府,禅城区,,,,\n"
pytestmark = pytest.mark.usefixtures("foshan")


def test_a_batch_of_customers_is_stored_found_and_told_once() -> None:
    told = FactRecord.objects.filter(name="CustomersLoaded").count()
    ids = make.customers(["张三", "李四", "张三"], estate_id=make.estate("汇信华府"))
    assert FactRecord.objects.filter(name="CustomersLoaded").count() == told + 1
    numbers = {parties.customer(id_).number for id_ in ids}
    assert len(numbers) == 3
    assert {hit.subject for hit in parties.search("张三")} == {f"customer:{ids[0]}", f"customer:{ids[2]}"}
    (home,) = parties.addresses_of(ids[1])
    assert home.text.startswith("祖庙汇信华府")
    assert home.text_masked.startswith("祖庙汇信华府*")
    assert parties.search(next(iter(numbers)))[0].kind == "customer"


def test_further_numbers_of_a_loaded_customer_are_contacts_and_are_found() -> None:
    row = parties.CustomerRow(id=new_id(), account_id=new_id(), name="张三", phones="13800138000/8333-1234")
    parties.load_customers(rows=[row], at=NOON, area_code="0757")
    assert Contact.objects.get().phone == "075783331234"
    assert parties.search("83331234")[0].subject == f"customer:{row.id}"


def test_a_batch_with_one_bad_row_stores_nothing() -> None:
    good = parties.CustomerRow(id=new_id(), account_id=new_id(), name="张三", phones="13800138000")
    for bad, error in (
        (parties.CustomerRow(id=new_id(), account_id=new_id(), name="李四", phones="99"), parties.PhoneNotValid),
        (
            parties.CustomerRow(id=new_id(), account_id=new_id(), name="李四", address_id=new_id()),
            parties.AddressNotFound,
        ),
        (parties.CustomerRow(id=good.id, account_id=new_id(), name="李四"), parties.NumberTaken),
    ):
        with pytest.raises(error):
            parties.load_customers(rows=[good, bad], at=NOON)
        assert not Customer.objects.exists()


def test_an_estate_is_stored_once_in_wgs84_with_its_original() -> None:
    point = parties.Coordinate(113.133286, 23.02769, parties.Datum.BD09)
    estate = make.estate("汇信华府", point=point)
    (place,) = parties.places()
    assert place.estate_id == estate
    assert place.lng == pytest.approx(113.12131, abs=3e-5)
    row = StandardAddress.objects.get()
    assert (float(row.source_lng), row.datum) == (113.133286, "bd09")
    with pytest.raises(parties.AddressTaken):
        make.estate(" 汇信 华府")
    with pytest.raises(parties.OutsideChina):
        make.estate("埃菲尔", point=parties.Coordinate(2.29, 48.86))


def test_a_door_is_added_once_and_takes_the_point_of_its_estate() -> None:
    estate = make.estate("汇信华府", grid_code="440604G01")
    door = parties.add_address(estate_id=estate, door="3栋 1201", at=NOON)
    assert parties.add_address(estate_id=estate, door="3栋1201", at=NOON) == door
    view = parties.address(door)
    assert (view.text, view.grid_code, view.kind, view.is_located) == ("祖庙汇信华府3栋1201", "440604G01", "home", True)
    with pytest.raises(parties.AddressNotFound):
        parties.add_address(estate_id=new_id(), door="1栋", at=NOON)


def test_a_village_without_coordinates_is_an_address_too() -> None:
    make.estate("大榄村", kind="village", point=None)
    (place,) = parties.places()
    view = parties.address(place.address_id)
    assert (view.is_located, view.lng, view.kind, view.datum) == (False, None, "village", "")
    moved = parties.move_address_point(address_id=view.id, point=make.TOWN_HALL, at=NOON)
    assert moved == 0
    assert parties.address(view.id).is_located
    north = parties.Coordinate(make.TOWN_HALL.lng, make.TOWN_HALL.lat + 0.001)
    assert parties.move_address_point(address_id=view.id, point=north, at=NOON) == 111


def test_a_file_is_seen_before_it_is_stored() -> None:
    batch = parties.preview_import(content=GOOD.encode(), file_name="C:\\a\\佛山.csv", districts=DISTRICTS, at=NOON)
    view = parties.import_batch(batch)
    assert (view.state, view.good_rows, view.bad_rows, view.file_name) == ("staged", 2, 0, "佛山.csv")
    assert not Estate.objects.exists()
    assert parties.commit_import(batch_id=batch, at=NOON) == 2
    assert {place.name for place in parties.places()} == {"汇信华府", "大榄村"}
    assert parties.import_batch(batch).state == "committed"
    with pytest.raises(parties.BatchSettled):
        parties.commit_import(batch_id=batch, at=NOON)


def test_bad_rows_are_reported_by_line_and_block_until_somebody_leaves_them_out() -> None:
    batch = parties.preview_import(content=BAD.encode("gb18030"), file_name="a.csv", districts=DISTRICTS, at=NOON)
    bad = parties.import_rows(batch, only_bad=True)
    assert [(row.line, row.column, row.fault) for row in bad] == [(4, "name", "missing_name"), (5, "name", "duplicate")]
    assert [row.line for row in parties.import_rows(batch)] == [4, 5, 2, 3]
    with pytest.raises(parties.BatchHasErrors):
        parties.commit_import(batch_id=batch, at=NOON)
    assert not Estate.objects.exists()
    assert parties.commit_import(batch_id=batch, at=NOON, leave_out_bad_rows=True) == 2


def test_what_is_stored_already_is_a_duplicate_and_a_race_stores_nothing() -> None:
    first = parties.preview_import(content=GOOD.encode(), file_name="a.csv", districts=DISTRICTS, at=NOON)
    second = parties.preview_import(content=GOOD.encode() + b"\n", file_name="b.csv", districts=DISTRICTS, at=NOON)
    parties.commit_import(batch_id=first, at=NOON)
    with pytest.raises(parties.BatchOutdated):
        parties.commit_import(batch_id=second, at=NOON)
    assert Estate.objects.count() == 2
    third = parties.preview_import(content=GOOD.encode() + b"\n\n", file_name="c.csv", districts=DISTRICTS, at=NOON)
    assert parties.import_batch(third).bad_rows == 2
    parties.discard_import(batch_id=third, at=NOON)
    assert parties.import_rows(third) == []


def test_the_same_file_again_is_refused_unless_rows_were_left_out() -> None:
    told: dict[str, Any] = {"file_name": "a.csv", "districts": DISTRICTS, "at": NOON}
    whole = parties.preview_import(content=GOOD.encode(), **told)
    with pytest.raises(parties.AddressFileKnown):
        parties.preview_import(content=GOOD.encode(), **told)
    parties.commit_import(batch_id=whole, at=NOON)
    with pytest.raises(parties.AddressFileKnown):
        parties.preview_import(content=GOOD.encode(), **told)
    part = parties.preview_import(content=BAD.encode(), **told)
    assert set(parties.import_faults(part)) == {"duplicate", "missing_name"}
    parties.commit_import(batch_id=part, at=NOON, leave_out_bad_rows=True)
    assert parties.preview_import(content=BAD.encode(), **told)


def test_an_unreadable_file_leaves_no_batch() -> None:
    with pytest.raises(parties.AddressFileNotReadable):
        parties.preview_import(content=b"\x89PNG\r\n\x00", file_name="a.csv", districts=DISTRICTS, at=NOON)
    assert parties.import_batches() == []


def test_the_command_lists_bad_rows_and_stores_only_when_told(tmp_path: Path) -> None:
    org_make.city()
    org.create_unit(code="440604", name="禅城区", level="district", parent_code="4406")
    file = tmp_path / "佛山.csv"
    file.write_text(BAD, encoding="utf-8")
    said = io.StringIO()
    call_command("import_addresses", file, "--city", "4406", stdout=said)
    assert "line 4: name: missing_name" in said.getvalue()
    assert "2 good rows, 2 bad rows, encoding utf-8-sig" in said.getvalue()
    assert not Estate.objects.exists()
    with pytest.raises(CommandError, match="batch_has_errors"):
        call_command("import_addresses", file, "--commit", stdout=said)
    call_command("import_addresses", file, "--commit", "--leave-out-bad-rows", stdout=said)
    assert Estate.objects.count() == 2
    for bad in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(CommandError):
            call_command("import_addresses", bad, stdout=said)
