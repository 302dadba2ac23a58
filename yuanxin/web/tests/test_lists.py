"""Lists on pages: what is shown is what Excel holds, filters are kept under a name, rows are ticked for one deed."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from openpyxl import load_workbook

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import runner
from yuanxin.kernel.errors import NothingSelected, TooManyRows
from yuanxin.kernel.listing import saved_filters
from yuanxin.web.components.lists import selected_ids
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
POOL = "/dispatch/"


@pytest.fixture
def here() -> city.City:
    city.rules()
    home = city.city()
    agent = make.client("agent")
    loop.report(agent, home)
    loop.report(agent, home, "tv", "tv_fault")
    runner.drain()
    return home


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def sheet(browser: Client, path: str) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(browser.get(path).content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_excel_holds_the_columns_and_words_of_the_page(here: city.City) -> None:
    browser = make.client("dispatcher")
    page = text(browser.get(f"{POOL}?columns=service&columns=grid_name"))
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<↑↓ ]+)', page)
    rows = sheet(browser, f"{POOL}?columns=service&columns=grid_name&format=xlsx")
    assert list(rows[0]) == heads == ["业务", "网格"]
    assert {row[0] for row in rows[1:]} == {"宽带", "电视"}
    assert all(row[1] in page and not row[1].isdigit() for row in rows[1:]), "the grid by name"


def test_words_of_the_shown_columns_are_found_and_an_empty_list_says_why(here: city.City) -> None:
    browser = make.client("dispatcher")
    assert "共1条" in text(browser.get(POOL, {"q": "宽带"}))
    empty = text(browser.get(POOL, {"q": "宽带", "service": "tv"}))
    assert "没有符合筛选条件" in empty or "不加筛选" in empty
    assert re.search(r'href="\?q=%E5%AE%BD%E5%B8%A6"', empty), "finding among all keeps the text and drops the filter"


def test_a_filter_is_saved_pinned_with_its_count_shared_renamed_and_removed(here: city.City) -> None:
    leader, colleague = make.client("dispatch_leader"), make.client("dispatcher")
    told = {"listing": "fieldwork.pool", "path": POOL, "query": "service=tv&size=50", "name": "电视单"}
    kept = leader.post("/lists/save/", {**told, "sharing": "all", "is_pinned": "1"})
    assert parse_qs(urlsplit(kept["Location"]).query) == {"service": ["tv"], "size": ["50"]}
    chip = re.search(
        r'href="/dispatch/\?service=tv&amp;size=50"[^>]*>电视单 <strong>(\d+)</strong>', text(colleague.get(POOL))
    )
    assert chip
    assert chip[1] == "1"
    page = text(leader.get("/lists/"))
    (filter_id,) = set(re.findall(r"/lists/([0-9a-f-]{36})/\"", page))
    assert colleague.post(f"/lists/{filter_id}/delete/").status_code == 404
    renamed = {f"{filter_id}-name": "电视", f"{filter_id}-sharing": "private"}
    leader.post(f"/lists/{filter_id}/", renamed)
    assert "电视单" not in text(colleague.get(POOL))
    leader.post(f"/lists/{filter_id}/delete/")
    assert "您还没有常用筛选" in text(leader.get("/lists/"))


def test_a_filter_shared_with_the_team_stays_in_the_unit(here: city.City) -> None:
    leader = make.client("dispatch_leader")
    told = {"listing": "fieldwork.pool", "path": POOL, "query": "service=tv", "name": "本班", "sharing": "team"}
    leader.post("/lists/save/", told)
    assert "本班" in text(make.client("dispatcher").get(POOL)), "made in the same unit"


@pytest.mark.parametrize(
    "told",
    [{"path": "//evil.example/"}, {"path": "/nowhere/"}, {"listing": "no.list"}],
)
def test_what_is_no_list_of_ours_is_not_kept(here: city.City, told: dict[str, str]) -> None:
    leader = make.client("dispatch_leader")
    sent = {"listing": "fieldwork.pool", "path": POOL, "query": "service=tv", "name": "x", **told}
    assert leader.post("/lists/save/", sent).status_code == 422
    with city.inside("4406"):
        assert saved_filters() == []


def test_a_filter_without_a_name_is_refused_in_words(here: city.City) -> None:
    leader = make.client("dispatch_leader")
    told = {"listing": "fieldwork.pool", "path": POOL, "query": "service=tv", "name": " "}
    assert "alert-danger" in text(leader.post("/lists/save/", told, follow=True))


def bulk(**told: Any) -> HttpRequest:
    return RequestFactory().post("/x/", told)


def test_rows_are_taken_one_by_one_or_all_that_match(here: city.City) -> None:
    with city.inside("4406"):
        both = fieldwork.pool.ids({}, most=10)
        assert selected_ids(bulk(row=[str(both[1]), "nonsense", str(uuid4())]), fieldwork.pool) == [both[1]]
        assert selected_ids(bulk(all_matching="1", matching="service=tv"), fieldwork.pool) == fieldwork.pool.ids(
            {"service": "tv"}, most=10
        )
        with pytest.raises(TooManyRows):
            selected_ids(bulk(all_matching="1", matching=""), fieldwork.pool, most=1)
        with pytest.raises(NothingSelected):
            selected_ids(bulk(row=[str(uuid4())]), fieldwork.pool)
    with city.inside("4401"), pytest.raises(NothingSelected):
        selected_ids(bulk(row=[str(one) for one in both]), fieldwork.pool)


@pytest.mark.parametrize(("role", "path"), [("agent", "/service/tickets/"), ("dispatcher", POOL)])
def test_the_table_alone_comes_to_a_page_that_asks_by_itself(here: city.City, role: str, path: str) -> None:
    browser = make.client(role)
    part = browser.get(path, headers={"X-Yuanxin-Live": "1"})
    assert "<html" not in text(part)
    assert "csrfmiddlewaretoken" not in text(part), "what several readers share has nothing of one of them"
    assert "data-row" in text(part)
    again = browser.get(path, headers={"X-Yuanxin-Live": "1", "If-None-Match": part["ETag"]})
    assert again.status_code == 304
