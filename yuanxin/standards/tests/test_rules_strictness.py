"""Only stricter: the seeds prove it for themselves, and every way of being looser is refused with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.kernel.errors import Conflict
from yuanxin.published.codes import AreaClass, ClockKind, Service
from yuanxin.standards.rules.entries import Entry, Layer
from yuanxin.standards.rules.errors import RuleAmbiguous, RuleLooser, RuleNotComparable, RuleRepeated
from yuanxin.standards.rules.resolution import Case, Ruleset
from yuanxin.standards.rules.strictness import prove
from yuanxin.standards.tests import books

CALENDAR = books.calendar()
EVERY: list[Entry] = [entry for book in books.seeds() for entry in book.entries]
ABOVE = [entry for entry in EVERY if entry.layer is not Layer.L3]


def refused(*entries: dict[str, Any], above: list[Entry] | None = None) -> Conflict:
    with pytest.raises((RuleLooser, RuleNotComparable)) as caught:
        prove(books.book(*entries), ABOVE if above is None else above, CALENDAR)
    return caught.value


@pytest.mark.parametrize("book", books.seeds(), ids=lambda book: book.name)
def test_every_seed_is_at_least_as_strict_as_what_stands_above(book: Any) -> None:
    prove(book, EVERY, CALENDAR)


def test_a_city_that_tries_60_hours_is_refused_with_the_clause() -> None:
    error = refused(books.entry(measure={"kind": "elapsed", "limit": "60h", "stricter": "lower"}, area_class=["urban"]))
    assert isinstance(error, RuleLooser)
    assert error.params["document"] == "电信条例"
    assert error.params["article"] == "32"
    assert error.params["path"] == "due_at"


def test_24_hours_are_looser_than_the_same_day_but_only_before_four() -> None:
    error = refused(books.entry(measure={"kind": "elapsed", "limit": "24h", "stricter": "lower"}, area_class=["urban"]))
    assert error.params["above"] == "P-03.urban"
    assert error.params["hours"] == 400 * 15  # at midnight sharp the same day has 24 hours, too


def test_working_days_that_pass_in_an_ordinary_week_fail_over_a_holiday() -> None:
    law = books.book(
        books.entry(id="U-1", topic="refund", measure={"kind": "elapsed", "limit": "9d", "stricter": "lower"}),
        layer="L1",
        org="00",
    )
    error = refused(
        books.entry(topic="refund", measure={"kind": "elapsed", "limit": "5wd", "stricter": "lower"}),
        above=list(law.entries),
    )
    assert error.params["hours"] < 400 * 24 / 4


def test_what_measures_another_thing_is_not_comparable() -> None:
    share = {"kind": "share", "target": "99%", "within": "1h", "stricter": {"target": "higher", "within": "lower"}}
    error = refused(books.entry(measure=share, area_class=["urban"]))
    assert isinstance(error, RuleNotComparable)
    assert "another measure" in error.params["problem"]


def test_turning_round_what_is_stricter_is_refused() -> None:
    error = refused(books.entry(measure={"kind": "elapsed", "limit": "1h", "stricter": "higher"}, area_class=["urban"]))
    assert isinstance(error, RuleNotComparable)


@pytest.mark.parametrize(
    ("topic", "measure", "path"),
    [
        (
            "hotline.answer",
            {"kind": "share", "target": "80%", "within": "15s", "stricter": {"target": "higher", "within": "lower"}},
            "measure.target",
        ),
        (
            "hotline.answer",
            {"kind": "share", "target": "85%", "within": "20s", "stricter": {"target": "higher", "within": "lower"}},
            "measure.within",
        ),
        ("planned_work.notice", {"kind": "notice_before", "limit": "48h", "stricter": "higher"}, "measure.limit"),
        ("arrears.suspend", {"kind": "elapsed", "limit": "10d", "stricter": "higher"}, "due_at"),
        ("bill.itemised", {"kind": "price", "amount_fen": 100, "stricter": "lower"}, "measure.amount_fen"),
        (
            "arrears.late_fee",
            {"kind": "amount", "rate": "5‰", "base": "owed", "stricter": {"rate": "lower"}},
            "measure.rate",
        ),
        (
            "visit.duration",
            {"kind": "values", "values": {"repair_minutes": 5}, "stricter": {"repair_minutes": {"free": [10, 480]}}},
            "measure.repair_minutes",
        ),
        (
            "appointment.window",
            {"kind": "slot", "width": "2h", "tolerance": "30min", "stricter": {"width": "lower", "tolerance": "lower"}},
            "measure.tolerance",
        ),
    ],
)
def test_each_measure_knows_its_looser_side(topic: str, measure: dict[str, Any], path: str) -> None:
    error = refused(books.entry(topic=topic, measure=measure, area_class=["urban"]))
    assert isinstance(error, RuleLooser)
    assert error.params["path"] == path


def test_a_promise_that_pays_less_is_looser() -> None:
    cheap = books.entry(
        measure={"kind": "elapsed", "limit": "12h", "stricter": "lower"},
        area_class=["rural"],
        reported={"from": "16:00"},
        compensation=[{"pay": "fixed_per_day", "amount_fen": 500, "cap_fen": 10000}],
    )
    error = refused(cheap)
    assert error.params["path"] == "compensation.fixed_per_day"


def test_two_answers_to_one_question_are_ambiguous() -> None:
    short = {"kind": "elapsed", "limit": "2h", "stricter": "lower"}
    with pytest.raises(RuleAmbiguous):
        prove(books.book(books.entry(measure=short), books.entry(id="X-2", measure=short)), [], CALENDAR)
    morning = books.entry(measure=short, reported={"before": "12:00"})
    evening = books.entry(id="X-2", measure=short, reported={"from": "12:00"})
    prove(books.book(morning, evening), [], CALENDAR)


def test_two_rulebooks_of_one_place_may_not_answer_the_same_question() -> None:
    short = {"kind": "elapsed", "limit": "2h", "stricter": "lower"}
    other = books.book(books.entry(id="X-2", measure=short))
    with pytest.raises(RuleAmbiguous):
        prove(books.book(books.entry(measure=short)), list(other.entries), CALENDAR)
    with pytest.raises(RuleRepeated):
        prove(books.book(books.entry(id="X-2", topic="other", measure=short)), list(other.entries), CALENDAR)


def test_another_city_and_a_draft_bind_nobody() -> None:
    other = books.book(books.entry(measure={"kind": "elapsed", "limit": "1h", "stricter": "lower"}), org="4401")
    loose = books.entry(measure={"kind": "elapsed", "limit": "2h", "stricter": "lower"})
    prove(books.book(loose), list(other.entries), CALENDAR)
    draft = books.entry(status="draft", measure={"kind": "elapsed", "limit": None, "stricter": "lower"})
    assert prove(books.book(draft), ABOVE, CALENDAR) == 0


@settings(max_examples=25, deadline=None)
@given(hours=st.integers(1, 80), area=st.sampled_from(AreaClass), start=st.integers(0, 399 * 24))
def test_what_the_proof_lets_pass_is_never_later_than_the_rules_above(hours: int, area: str, start: int) -> None:
    limit = {"kind": "elapsed", "limit": f"{hours}h", "stricter": "lower"}
    pays = [{"pay": "fixed_per_day", "amount_fen": 1000, "cap_fen": 10000}]
    book = books.book(books.entry(measure=limit, area_class=[str(area)], compensation=pays))
    at = books.at("2025-11-01 00:00").replace(hour=start % 24)
    case = Case("fault.repair", Service.BROADBAND, area, "resident", at)
    above = Ruleset(tuple(ABOVE)).binding(ClockKind.STATUTORY, case, CALENDAR)
    own = books.book(books.entry(measure=limit), day=books.at("2020-01-01 00:00").date())
    try:
        prove(book, ABOVE, CALENDAR)
    except (RuleLooser, RuleNotComparable):
        return
    mine = Ruleset(own.entries).binding(ClockKind.ASSESSMENT, case, CALENDAR)
    assert above is not None
    assert mine is not None
    assert mine.due_at <= above.due_at
