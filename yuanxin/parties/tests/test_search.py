"""The one search box, as the serving role."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests.make import at
from yuanxin.parties import api as parties
from yuanxin.parties.queries import search as searching
from yuanxin.parties.queries import tokens
from yuanxin.parties.rules.asking import Probe
from yuanxin.parties.rules.tokens import TokenKind
from yuanxin.parties.tests import make

NOON = at("2026-11-24 12:00")
pytestmark = pytest.mark.usefixtures("foshan")


def subjects(text: str) -> set[str]:
    return {hit.subject for hit in parties.search(text)}


def test_a_customer_is_found_by_everything_that_people_know() -> None:
    estate = make.estate("汇信华府", street="建设二路8号")
    home = make.address("3栋2单元1201", estate_id=estate)
    one = make.customer("欧阳少芳", "13800138000", address_id=home)
    make.customer("陈大文", "13900139001", address_id=make.address("4栋301", estate_id=estate))
    parties.write_tokens(rows=[parties.SerialRow(serial="8230-AA01:BC99", subject_kind="customer", subject_id=one)])
    number = parties.customer(one).number
    for known in (
        "13800138000",
        "+86 138 0013 8000",
        "1380013",
        "8000",
        "欧阳少芳",
        "欧阳",
        "少芳",
        "oysf",
        "OYSF",
        number,
        number.lower(),
        "8230aa01bc99",
        "01BC99",
        "汇信华府3栋1201",
        "汇信华府 3-2-1201",
        "建设二路8号3栋1201",
        "欧阳 8000",
        "oysf 8000",
        "汇信 8000",
        "欧阳少芳 汇信华府",
    ):
        assert subjects(known) == {f"customer:{one}"}, known


def test_a_place_comes_first_and_its_people_after_it() -> None:
    estate = make.estate("汇信华府", street="建设二路8号")
    one = make.customer("张三", address_id=make.address("1栋101", estate_id=estate))
    hits = parties.search("汇信华府")
    assert [hit.subject for hit in hits] == [f"estate:{estate}", f"customer:{one}"]
    assert (hits[0].title, hits[0].detail, hits[0].kind) == ("汇信华府", "祖庙建设二路8号", "estate")
    assert subjects("建设二路") == subjects("汇信华府")
    assert subjects("汇信华庭") == set()


def test_a_door_is_found_in_a_house_of_many_doors() -> None:
    estate = make.estate("汇信华府")
    people = make.customers(["陈大文"] * 60, estate_id=estate)
    door = parties.addresses_of(people[-1])[0].text.removeprefix("祖庙汇信华府")
    assert subjects(f"汇信华府{door}") == {f"customer:{people[-1]}"}
    unit = make.address("7栋2单元1201", estate_id=estate)
    one = make.customer("张三", address_id=unit)
    for n in range(25):
        make.customer("李四", address_id=make.address(f"7栋2单元{n + 101}", estate_id=estate))
    assert subjects("汇信华府7栋1201") == subjects("汇信华府 1201室") == {f"customer:{one}"}


def test_what_is_shown_is_masked() -> None:
    make.customer("张三丰", "13800138000", address_id=make.address("3栋1201", estate_id=make.estate("汇信华府")))
    (hit,) = parties.search("13800138000")
    assert hit.title == "张**"
    assert "138****8000" in hit.detail
    assert "1201" not in hit.detail


def test_nothing_is_found_by_nothing() -> None:
    make.customer("张三")
    for text in (
        "",
        "   ",
        "x",
        "1",
        "?",
        "'; DROP TABLE parties_customer; --",
        "不存在的人",
        "0000 张三",
        "%",
        "\x00" * 3,
    ):
        assert subjects(text) == set(), text


def test_other_cities_find_nothing_here_and_headquarters_finds_all() -> None:
    make.customer("张三丰", "13800138000", address_id=make.address("3栋1201", estate_id=make.estate("汇信华府")))
    for text in ("13800138000", "8000", "张三丰", "zsf", "汇信华府", "汇信华府3栋", "zsf 8000"):
        with scope("4401"):
            assert subjects(text) == set()
        with scope("44"):
            assert subjects(text) != set()
        with scope("*"):
            assert subjects(text) != set()


def test_a_device_in_stock_is_a_hit_of_its_own() -> None:
    device = new_id()
    row = parties.SerialRow(serial="STB00012345", subject_kind="device", subject_id=device)
    parties.write_tokens(rows=[row])
    (hit,) = parties.search("stb00012345")
    assert (hit.subject, hit.title) == (f"device:{device}", "STB00012345")
    assert parties.forget_serial(row=row) == 2
    assert parties.search("stb00012345") == []


def test_a_long_list_is_cut_and_says_so() -> None:
    make.customers(["陈大文"] * 30)
    found = parties.find("陈大文", 20)
    assert (len(found.hits), found.is_cut) == (20, True)
    assert not parties.find("陈大文", 40).is_cut


def test_a_search_costs_few_statements_whatever_is_typed() -> None:
    estate = make.estate("汇信华府")
    make.customers([f"陈{name}文" for name in "大小中东西南北"], estate_id=estate)
    for text in ("13900000001", "陈", "cdw", "汇信华府", "汇信华府3栋101", "陈大文 汇信华府 0001"):
        with CaptureQueriesContext(connection) as through_django:
            parties.search(text)
        assert len(through_django) <= 7, text


def test_a_search_that_takes_too_long_is_given_up_and_the_story_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make.customer("张三", "13800138000")

    def asleep(probe: Probe, limit: int) -> list[Any]:
        connection.connection.execute("SELECT pg_sleep(1)")
        return []

    with monkeypatch.context() as slow:
        slow.setattr(searching, "_LONGEST_STATEMENT_MS", 20)
        slow.setattr(searching, "subjects_of", asleep)
        with pytest.raises(parties.SearchTooWide):
            parties.search("8000")
    assert subjects("8000") == {f"customer:{customer}"}


def test_a_common_token_is_not_read_to_its_end() -> None:
    make.customers(["陈大文"] * 50)
    assert len(tokens.subjects_of(Probe(TokenKind.NAME, "陈大文"), 10)) == 10
