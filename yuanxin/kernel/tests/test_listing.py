"""One declaration of a list gives filters, pages, sorting and Excel; bad questions are named."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db.models import F, Value
from django.db.models.functions import Length, NullIf
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from yuanxin.kernel.errors import BadFilter
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.listing import Column, Filter, Kind, Listing, Page
from yuanxin.kernel.models import FactRecord, SavedFilter
from yuanxin.kernel.tests import make

MORNING = make.at("2026-11-24 09:00")
SHARING = (("private", "Only me"), ("team", "My team"), ("all", "Everybody"))
pytestmark = pytest.mark.usefixtures("foshan")


def _rows() -> Any:
    return SavedFilter.objects.annotate(team=NullIf(F("unit"), Value("")), fen=Length("query") * 7)


views = Listing(
    name="kernel.views",
    title="Views: of [all]",
    rows=_rows,
    columns=(
        Column("name", "Name", is_sortable=True),
        Column("team", "Team", is_sortable=True),
        Column("sharing", "Shared with", Kind.CODE, choices=SHARING),
        Column("fen", "Price", Kind.FEN, is_sortable=True, is_shown=False),
        Column("id", "Id", Kind.ID, is_shown=False),
    ),
    filters=(
        Filter("name", "name", "Name", lookup="startswith"),
        Filter("team", "team", "Team"),
        Filter("shared", "sharing", "Shared with", Kind.CODE, lookup="in", choices=SHARING),
        Filter("fen_from", "fen", "Price from", Kind.FEN, lookup="gte"),
        Filter("id", "id", "Id", Kind.ID),
    ),
    default_sort="name",
    quick=("name", "owner"),
)

facts = Listing(
    name="kernel.facts",
    title="Facts",
    rows=FactRecord.objects.all,
    columns=(Column("at", "At", Kind.INSTANT, is_sortable=True), Column("name", "Name")),
    filters=(
        Filter("on", "at", "On", Kind.INSTANT),
        Filter("from", "at", "From", Kind.INSTANT, lookup="gte"),
        Filter("to", "at", "To", Kind.INSTANT, lookup="lte"),
    ),
    default_sort="-at",
)


def view(name: str, *, team: str = "", sharing: str = "all", query: str = "", owner: str = "") -> None:
    SavedFilter.objects.create(
        listing="x", owner=owner or f"staff:{name}", name=name, unit=team, sharing=sharing, query=query
    )


def fact(name: str, at: datetime) -> None:
    FactRecord.objects.create(name=name, subject="x:1", at=at, actor="t", body={})


def names(page: Page) -> list[str]:
    return [row.name for row in page.rows]


def walk(listing: Listing, params: dict[str, str]) -> list[Any]:
    """Turn every page and return the rows in the order in which they came."""
    rows: list[Any] = []
    cursor = ""
    for _ in range(50):
        page = listing.page({**params, "size": "20", "cursor": cursor})
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            return rows
    raise AssertionError("the pages never end")


def refused(params: dict[str, str], listing: Listing = views) -> tuple[str | None, Any]:
    with pytest.raises(BadFilter) as caught:
        listing.page(params)
    return caught.value.field, caught.value.params.get("value")


class TestFilters:
    def test_each_lookup_finds_its_rows(self) -> None:
        for name, team, sharing in (("ab", "t1", "all"), ("abc", "", "team"), ("b", "t2", "private")):
            view(name, team=team, sharing=sharing, query="x" * len(name))
        assert names(views.page({"name": "ab"})) == ["ab", "abc"]
        assert names(views.page({"team": "t2"})) == ["b"]
        assert names(views.page({"shared": "team,private"})) == ["abc", "b"]
        assert names(views.page({"fen_from": "14"})) == ["ab", "abc"]
        assert names(views.page({"name": " ", "team": ""})) == ["ab", "abc", "b"]

    def test_the_quick_box_searches_its_columns(self) -> None:
        view("lamp")
        view("b", owner="staff:lamp")
        view("x%p")
        assert names(views.page({"q": "lam"})) == ["lamp"]
        assert names(views.page({"q": "staff:la"})) == ["b", "lamp"]
        assert names(views.page({"q": "%"})) == []
        assert names(views.page({"q": "x%"})) == ["x%p"]

    def test_a_day_means_the_whole_day_of_the_city(self) -> None:
        midnight = make.at("2026-11-24 00:00")
        for name, minutes in (("before", -1), ("first", 0), ("last", 1439), ("after", 1440)):
            fact(name, midnight + timedelta(minutes=minutes))
        assert names(facts.page({"on": "2026-11-24"})) == ["last", "first"]
        assert names(facts.page({"from": "2026-11-24"})) == ["after", "last", "first"]
        assert names(facts.page({"to": "2026-11-24"})) == ["last", "first", "before"]
        assert names(facts.page({"from": "2026-11-24T23:59", "to": "2026-11-24T23:59+08:00"})) == ["last"]

    def test_another_city_is_not_listed(self) -> None:
        SavedFilter.objects.create(listing="x", owner="o", name="mine")
        assert names(views.page({})) == ["mine"]

    @pytest.mark.parametrize(
        ("params", "field"),
        [
            ({"shared": "everybody"}, "shared"),
            ({"fen_from": "twelve"}, "fen_from"),
            ({"fen_from": "1e3"}, "fen_from"),
            ({"fen_from": "9" * 5000}, "fen_from"),
            ({"id": "1"}, "id"),
            ({"team": "a\x00"}, "team"),
            ({"team": "x" * 201}, "team"),
            ({"name": "a\x00"}, "name"),
            ({"q": "a\x00"}, "q"),
            ({"sort": "owner"}, "sort"),
            ({"sort": "sharing"}, "sort"),
            ({"sort": "--name"}, "sort"),
            ({"size": "7"}, "size"),
            ({"size": "-20"}, "size"),
            ({"size": "9" * 5000}, "size"),
            ({"size": "²"}, "size"),
            ({"columns": "name,owner"}, "columns"),
        ],
    )
    def test_a_bad_question_is_named_by_its_parameter(self, params: dict[str, str], field: str) -> None:
        assert refused(params)[0] == field

    @pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "2026-11-24T25:00", "0001-01-01", "9999-12-31"])
    def test_a_bad_instant_is_named(self, text: str) -> None:
        assert refused({"on": text}, facts)[0] == "on"

    @pytest.mark.parametrize("cursor", ["x", "%%%", "é", "WyJhIiwgImIiXQ==", "a:b:c", "\x00"])
    def test_a_foreign_cursor_is_named(self, cursor: str) -> None:
        assert refused({"cursor": cursor})[0] == "cursor"

    def test_a_changed_cursor_is_named(self) -> None:
        for n in range(21):
            view(f"n{n}")
        cursor = views.page({}).next_cursor
        changed = cursor.translate(str.maketrans("ab", "ba"))
        assert refused({"cursor": changed})[0] == "cursor"

    def test_a_cursor_of_another_sort_is_named(self) -> None:
        for n in range(21):
            view(f"n{n}")
        cursor = views.page({"size": "20"}).next_cursor
        assert refused({"sort": "fen", "cursor": cursor})[0] == "cursor"


class TestPages:
    @pytest.mark.parametrize("sort", ["team", "-team", "fen", "-fen", "name", "-name"])
    def test_every_row_comes_once_over_ties_and_nulls(self, sort: str) -> None:
        for n in range(63):
            view(f"n{n:03d}", team="" if n % 3 == 0 else f"t{n % 2}", query="q" * (n % 4))
        rows = walk(views, {"sort": sort})
        assert len({row.pk for row in rows}) == len(rows) == 63
        values = [getattr(row, sort.removeprefix("-")) for row in rows]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=sort.startswith("-"))
        assert values == known + [None] * (63 - len(known))

    @hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(teams=st.lists(st.sampled_from(["", "a", "b"]), min_size=0, max_size=50), descending=st.booleans())
    def test_pages_are_the_list_cut_into_pieces(self, teams: list[str], descending: bool) -> None:
        SavedFilter.objects.all().delete()
        for n, team in enumerate(teams):
            view(f"n{n}", team=team)
        rows = walk(views, {"sort": "-team" if descending else "team"})
        assert sorted(row.name for row in rows) == sorted(f"n{n}" for n in range(len(teams)))
        assert [row.team for row in rows] == sorted(
            (team or None for team in teams), key=lambda team: (team is None, team or ""), reverse=False
        ) or descending

    def test_rows_of_a_partitioned_table_with_the_same_instant_come_once(self) -> None:
        for n in range(45):
            fact(f"f{n}", MORNING + timedelta(minutes=n // 30))
        assert len({row.id for row in walk(facts, {})}) == 45

    def test_a_row_that_appears_behind_is_not_missed_and_none_comes_twice(self) -> None:
        for n in range(40):
            view(f"n{n:02d}")
        first = views.page({"size": "20"})
        view("n00a")
        view("n25a")
        rest = views.page({"size": "50", "cursor": first.next_cursor})
        assert names(rest) == [*(f"n{n}" for n in range(20, 26)), "n25a", *(f"n{n}" for n in range(26, 40))]

    def test_the_page_says_what_was_asked_and_forgets_the_cursor(self) -> None:
        page = views.page({"team": "t", "sort": "-name", "cursor": "", "size": "50"})
        assert (page.sort, page.size, page.applied, page.next_cursor) == ("-name", 50, {"team": "t"}, "")
        assert "cursor" not in page.params

    def test_a_page_costs_one_statement_wherever_it_lies(self, django_assert_num_queries: Any) -> None:
        for n in range(25):
            view(f"n{n:02d}")
        cursor = views.page({}).next_cursor
        with django_assert_num_queries(1):
            assert len(views.page({"cursor": cursor}).rows) == 5

    @pytest.mark.parametrize("sort", ["team", "-team", "fen", "-fen", "name", "-name"])
    def test_the_pages_back_are_the_pages_forth(self, sort: str) -> None:
        for n in range(63):
            view(f"n{n:03d}", team="" if n % 3 == 0 else f"t{n % 2}", query="q" * (n % 4))
        forth, params = [views.page({"sort": sort})], {"sort": sort}
        while forth[-1].next_cursor:
            forth.append(views.page({**params, "cursor": forth[-1].next_cursor}))
        back = [forth[-1]]
        while back[-1].previous_cursor:
            back.append(views.page({**params, "before": back[-1].previous_cursor}))
        assert [names(page) for page in back] == [names(page) for page in reversed(forth)]
        assert forth[0].previous_cursor == back[-1].previous_cursor == ""
        assert all(page.next_cursor for page in back[1:])

    def test_the_page_before_is_the_first_when_rows_went_away(self) -> None:
        for n in range(30):
            view(f"n{n:02d}")
        second = views.page({"cursor": views.page({}).next_cursor})
        SavedFilter.objects.filter(name__in=["n00", "n01"]).delete()
        first = views.page({"before": second.previous_cursor})
        assert (names(first)[0], len(first.rows), first.previous_cursor) == ("n02", 20, "")


class TestWhatMatches:
    def test_all_that_match_are_counted_and_named_in_the_order_shown(self) -> None:
        for n in range(25):
            view(f"n{n:02d}", team="t1" if n < 22 else "t2")
        assert (views.count({"team": "t1"}), views.count({}, most=10)) == (22, 11)
        ids = views.ids({"team": "t1", "sort": "-name"}, most=100)
        assert [SavedFilter.objects.get(pk=one).name for one in ids[:2]] == ["n21", "n20"]
        assert len(views.ids({}, most=10)) == 11

    def test_only_rows_of_the_list_are_among_it(self) -> None:
        view("a")
        mine = views.ids({}, most=1)
        assert views.among([*mine, new_id()]) == mine

    def test_the_quick_box_finds_codes_by_the_words_that_the_page_shows(self) -> None:
        view("a", sharing="team")
        view("b", sharing="all")

        def meaning(column: Column, text: str) -> list[str]:
            return [code for code, label in column.choices if text in label]

        assert names(views.page({"q": "team"}, meaning=meaning)) == ["a"]
        assert names(views.page({"q": "team", "columns": "name"}, meaning=meaning)) == [], "only shown columns"


class TestExcel:
    def _sheet(self, params: dict[str, str], **options: Any) -> list[list[Any]]:
        book = load_workbook(BytesIO(views.excel(params, **options)))
        return [list(row) for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]

    def test_it_holds_exactly_the_shown_columns_and_filtered_rows(self) -> None:
        view("a", team="t1", query="x" * 18)
        view("b", sharing="team")
        assert self._sheet({}) == [["Name", "Team", "Shared with"], ["a", "t1", "Everybody"], ["b", None, "My team"]]
        assert self._sheet({"columns": "fen,name", "name": "a"}) == [["Price", "Name"], [1.26, "a"]]

    def test_it_speaks_the_language_of_the_reader(self) -> None:
        view("a")
        words = {"Name": "名称", "Everybody": "全部"}
        assert self._sheet({"columns": "name,sharing"}, words=lambda text: words.get(text, text)) == [
            ["名称", "Shared with"],
            ["a", "全部"],
        ]

    @pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)", "＝1", " =1"])
    def test_a_text_that_looks_like_a_formula_stays_a_text(self, text: str) -> None:
        view("row", team=text)
        book = load_workbook(BytesIO(views.excel({"columns": "team"})))
        cell = book.active["A2"]  # type: ignore[index]
        assert cell.data_type == "s"
        assert str(cell.value).lstrip("'").strip() == text.strip()
        assert not str(cell.value).startswith(("=", "+", "-", "@"))

    def test_a_control_character_does_not_break_the_book(self) -> None:
        view("row", team="a\x0bb\x01")
        assert self._sheet({"columns": "team"})[1] == ["ab"]

    def test_rows_beyond_the_limit_stay_out(self) -> None:
        for n in range(5):
            view(f"n{n}")
        assert len(self._sheet({}, limit=3)) == 4

    def test_a_bad_column_is_named_before_anything_is_written(self) -> None:
        with pytest.raises(BadFilter):
            views.excel({"columns": "owner"})
