"""Reading rulebooks: what is refused, and how exactly it is said."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yuanxin.standards.rules import plain_yaml
from yuanxin.standards.rules.entries import Layer, SourceKind, Values
from yuanxin.standards.rules.errors import (
    RulebookInvalid,
    RulebookUnreadable,
    RuleNeedsNumber,
    RuleNotDeclared,
    RuleNotVerified,
    RuleRepeated,
)
from yuanxin.standards.rules.reading import content_hash, read_rulebook, write_rulebook
from yuanxin.standards.rules.reference import put, table
from yuanxin.standards.tests import books

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(data=PLAIN)
@example(data={"\x85": "\u2028 \ufeff"})
def test_what_is_written_is_read_back_unchanged(data: Any) -> None:
    assert plain_yaml.read(plain_yaml.write(data), file="x") == data


@pytest.mark.parametrize("book", books.seeds(), ids=lambda book: book.name)
def test_every_seed_survives_the_round_trip(book: Any) -> None:
    again = read_rulebook(write_rulebook(book), file=f"rulebooks/{book.name}.yaml", schema=books.schema())
    assert content_hash(again.body) == content_hash(book.body)
    assert again.entries == book.entries


def test_times_and_days_and_decimals_stay_text() -> None:
    text = "a: 16:00\nb: 2026-03-01\nc: 0.75\nd: no\ne: 017\nf: 12\ng: 1e3\n"
    assert plain_yaml.read(text, file="x") == {
        "a": "16:00",
        "b": "2026-03-01",
        "c": "0.75",
        "d": "no",
        "e": "017",
        "f": 12,
        "g": "1e3",
    }


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: [1, 2\n", 3, "expected ',' or ']'"),
        ("a: 1\na: 2\n", 2, "stands twice"),
        ("a: &x [1]\nb: *x\n", 2, "aliases"),
        ("a: !!python/object:os.system {}\n", 1, "could not determine a constructor"),
        ("a: \x00\n", 0, "special characters"),
        ("? [a]\n: 1\n", 1, "unhashable"),
        ("[" * 3000, 0, "nested too deeply"),
    ],
)
def test_a_text_that_is_no_plain_yaml_is_named_by_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(RulebookUnreadable) as caught:
        plain_yaml.read(text, file="rulebooks/law/x.yaml")
    assert caught.value.params["file"] == "rulebooks/law/x.yaml"
    assert caught.value.params["line"] == line
    assert problem in caught.value.params["problem"]


def test_a_text_of_two_megabytes_is_refused() -> None:
    with pytest.raises(RulebookUnreadable):
        plain_yaml.read("a" * 2_000_000, file="x")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"measure": {"kind": "elapsed", "limit": "two days", "stricter": "lower"}}, "entries.0.measure.limit"),
        ({"measure": {"kind": "elapsed", "limit": "24h"}}, "entries.0.measure"),
        ({"measure": {"kind": "elapsed", "limit": 24, "stricter": "lower"}}, "entries.0.measure.limit"),
        ({"measure": {"kind": "sooner"}}, "entries.0.measure.kind"),
        ({"area_class": ["moon"]}, "entries.0.area_class.0"),
        ({"applies_to": {"services": []}}, "entries.0.applies_to.services"),
        ({"effective_from": "2026-02-30"}, "effective_from"),
        ({"surprise": 1}, "entries.0"),
    ],
)
def test_a_misfit_is_named_by_file_entry_and_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(RulebookInvalid) as caught:
        books.book(books.entry(**change))
    assert caught.value.params["file"] == "trial"
    assert caught.value.params["entry"] == "X-1"
    assert caught.value.params["path"] == path


def test_the_name_of_a_rulebook_is_the_name_of_its_file() -> None:
    first = books.seeds()[0]
    with pytest.raises(RulebookInvalid) as caught:
        read_rulebook(write_rulebook(first), file="rulebooks/law/other.yaml", schema=books.schema())
    assert caught.value.params["path"] == "rulebook.name"


def test_two_entries_of_one_id_are_refused() -> None:
    with pytest.raises(RuleRepeated):
        books.book(books.entry(), books.entry(area_class=["urban"]))


def test_an_active_rule_needs_its_number_and_a_draft_does_not() -> None:
    empty = {"kind": "elapsed", "limit": None, "stricter": "lower"}
    with pytest.raises(RuleNeedsNumber) as caught:
        books.book(books.entry(measure=empty))
    assert caught.value.params["path"] == "measure.limit"
    assert not books.book(books.entry(measure=empty, status="draft")).entries[0].is_active


@pytest.mark.parametrize("grade", ["B", "C", "D"])
def test_law_that_nobody_read_cannot_be_active(grade: str) -> None:
    law = {"document": "d", "article": "1", "kind": "law", "grade": grade}
    with pytest.raises(RuleNotVerified):
        books.book(books.entry(source=law))
    assert books.book(books.entry(source=law, status="draft"))


def test_every_number_says_which_way_is_stricter() -> None:
    share = {"kind": "share", "target": "85%", "within": "15s", "stricter": {"target": "higher"}}
    with pytest.raises(RuleNotDeclared) as caught:
        books.book(books.entry(measure=share))
    assert caught.value.params["path"] == "measure.within"


def test_the_seeds_hold_all_that_the_domain_names() -> None:
    entries = {entry.id: entry for book in books.seeds() for entry in book.entries}
    law = [e for e in entries.values() if e.source.document == "电信条例"]
    assert {e.id.split(".")[0] for e in law} == {
        *("T-30", "T-31", "T-32", "T-33a", "T-33b", "T-34a", "T-34b", "T-34c", "T-34d", "T-35", "T-36", "T-39", "T-40")
    }
    assert all(e.is_active and e.services == {"broadband", "mobile"} for e in law)
    promised = {e.id.split(".")[0] for e in entries.values() if e.id.startswith("P-")}
    assert promised == {f"P-{number:02}" for number in range(1, 14)}
    assert all(e.source.kind is SourceKind.COMPANY for e in entries.values() if e.id.startswith("P-"))


def test_no_cable_rule_is_active_with_a_number() -> None:
    for book in books.seeds():
        for entry in book.entries:
            if "tv" in entry.services and entry.source.is_statutory:
                assert not entry.is_active or not entry.is_clock
                assert "limit" not in entry.body["measure"] or entry.body["measure"]["limit"] is None


def test_every_number_that_is_no_clock_of_law_says_that_it_is_assumed() -> None:
    for book in books.seeds():
        for entry in book.entries:
            if isinstance(entry.measure, Values) and entry.layer is not Layer.L0:
                assert entry.source.kind in (SourceKind.ASSUMPTION, SourceKind.COMPANY)


def test_editing_a_read_body_does_not_touch_its_hash_twin() -> None:
    body = books.seeds()[0].body
    other = copy.deepcopy(body)
    other["entries"][0]["title_en"] = "Another"
    assert content_hash(other) != content_hash(body)


def test_the_reference_lists_every_rule_as_it_is() -> None:
    page = (books.ROOT.parent / "docs" / "reference" / "rulebooks.md").read_text(encoding="utf-8")
    ordered = sorted(books.seeds(), key=lambda book: (book.layer, book.name))
    assert put(page, table(ordered)) == page, "run ./run manage rulebook_table"
