"""Which rule binds, and what a broken one costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yuanxin.kernel.money import Money
from yuanxin.published.codes import ClockKind
from yuanxin.standards.rules.compensation import Breach, payout
from yuanxin.standards.rules.entries import Entry
from yuanxin.standards.rules.errors import CompensationBaseMissing, ParameterUnknown, RuleUnknown
from yuanxin.standards.rules.resolution import Case, in_scope, lineage
from yuanxin.standards.tests import books

CALENDAR = books.calendar()
LAW, PROMISE = ClockKind.STATUTORY, ClockKind.ASSESSMENT


def bound(
    clock: ClockKind,
    *,
    topic: str = "fault.repair",
    service: str = "broadband",
    area: str = "urban",
    at: str = "2026-03-10 09:10",
    city: str = "4406",
    chosen: str = "",
    window_to: str = "",
) -> tuple[str, str]:
    case = Case(
        topic,
        service,
        area,
        "resident",
        books.at(at),
        chosen=books.at(chosen) if chosen else None,
        window_to=books.at(window_to) if window_to else None,
    )
    found = books.ruleset(city).binding(clock, case, CALENDAR)
    return (found.entry.id, found.due_at.strftime("%m-%d %H:%M")) if found else ("", "")


def test_a_broadband_fault_in_town_is_due_in_48_hours_by_law_and_today_by_promise() -> None:
    assert bound(LAW) == ("T-32.urban", "03-12 09:10")
    assert bound(PROMISE) == ("P-03.urban", "03-11 00:00")


@pytest.mark.parametrize("topic", ["fault.repair", "install.finish", "complaint.solve", "arrears.resume"])
def test_no_law_of_telecommunication_leaks_to_television(topic: str) -> None:
    assert bound(LAW, service="tv", topic=topic) == ("", "")
    assert bound(PROMISE, service="tv", topic=topic)[0].startswith(("P-", "FS-"))


def test_a_television_case_shows_the_drafts_that_nobody_has_read() -> None:
    case = Case("fault.repair", "tv", "urban", "resident", books.at("2026-03-10 09:10"))
    assert [entry.id for entry in books.ruleset().drafts(case)] == ["C67-x2", "CLOC.fault"]


def test_after_four_the_city_is_stricter_than_the_nation() -> None:
    assert bound(PROMISE, at="2026-03-10 16:00") == ("FS-04.urban", "03-11 12:00")
    assert bound(PROMISE, at="2026-03-10 16:00", city="4401") == ("P-04.urban", "03-11 16:00")
    assert bound(PROMISE, at="2026-03-10 16:00", area="rural") == ("GD-04.rural", "03-11 22:00")
    assert bound(PROMISE, at="2026-03-10 16:00", area="rural", city="4101") == ("P-04.rural", "03-12 04:00")


def test_country_and_remote_places_have_72_hours_by_law() -> None:
    assert bound(LAW, area="rural") == bound(LAW, area="remote") == ("T-32.rural", "03-13 09:10")


def test_a_repeated_fault_has_its_own_promise_and_the_same_law() -> None:
    assert bound(PROMISE, topic="fault.repair.again") == ("P-10.urban", "03-11 00:00")
    assert bound(LAW, topic="fault.repair.again") == ("T-32.urban", "03-12 09:10")


def test_the_law_on_installing_takes_the_published_promise() -> None:
    assert bound(LAW, topic="install.finish") == ("T-31", "03-11 09:10")
    assert bound(PROMISE, topic="install.finish") == ("P-05.urban", "03-11 09:10")
    assert bound(PROMISE, topic="install.finish", chosen="2026-03-14 12:00") == ("P-05.urban", "03-14 12:00")


def test_a_province_of_its_own_law_has_a_statutory_clock_where_others_have_none() -> None:
    assert bound(LAW, topic="complaint.solve") == ("", "")
    assert bound(LAW, topic="complaint.solve", city="4101") == ("T-H38", "03-17 09:10")
    assert bound(LAW, topic="arrears.resume", city="4101") == ("T-H34d", "03-11 09:10")


def test_the_earliest_day_of_a_stop_is_later_where_it_is_stricter() -> None:
    assert bound(LAW, topic="arrears.suspend") == ("T-34b", "04-09 09:10")


def test_an_appointment_is_kept_until_the_tolerance_of_its_window_ends() -> None:
    assert bound(PROMISE, topic="appointment.window", at="2026-03-10 10:00", window_to="2026-03-10 12:00") == (
        "FS-06.urban",
        "03-10 12:10",
    )


def test_a_first_contact_in_the_evening_waits_for_the_morning() -> None:
    assert bound(PROMISE, topic="contact.first", at="2026-03-10 19:50") == ("P-02.urban", "03-11 08:20")


def test_a_rule_binds_from_its_day_on() -> None:
    assert bound(PROMISE, at="2025-12-31 09:00") == ("T-32.urban", "01-02 09:00")


def test_parameters_come_from_the_lowest_layer_by_name_and_area() -> None:
    rules, at = books.ruleset(), books.at("2026-03-10 09:00")
    assert rules.parameter("visit.geofence", "radius_m", at=at, area="urban") == 200
    assert rules.parameter("visit.geofence", "radius_m", at=at, area="remote") == 500
    assert rules.parameter("visit.geofence", "accuracy_m", at=at, area="remote") == 100
    assert rules.parameter("hotline.answer", "target_permille", at=at) == 850
    assert rules.parameter("hotline.answer", "within_seconds", at=at) == 15
    assert "weather" in rules.parameter("hold.reasons", "reasons", at=at)  # type: ignore[operator]
    with pytest.raises(ParameterUnknown):
        rules.parameter("visit.geofence", "height_m", at=at)
    with pytest.raises(RuleUnknown):
        rules.parameter("visit.weather", "radius_m", at=at)


def test_rulebooks_bind_downwards_only() -> None:
    assert in_scope("00", "4406")
    assert in_scope("44", "4406")
    assert not in_scope("4401", "4406")
    assert not in_scope("4406", "44")
    assert lineage("4406") == ("00", "44", "4406")
    assert lineage("*") == ("00",)


def entry(rule_id: str) -> Entry:
    return books.ruleset().entry(rule_id)


def test_a_breach_of_54_hours_at_60_yuan_shows_law_and_promise_apart() -> None:
    found = payout(
        law=entry("T-32.urban"),
        promise=entry("P-04.urban"),
        law_breach=Breach(late=timedelta(hours=6), fault=timedelta(hours=54)),
        promise_breach=Breach(late=timedelta(hours=30), fault=timedelta(hours=54)),
        bases={"monthly_fee": Money.yuan("60.00")},
    )
    assert [(line.rule_id, str(line.amount), line.is_statutory) for line in found.lines] == [
        ("T-32.urban", "6.00", True),
        ("P-04.urban", "20.00", False),
    ]
    assert found.due == Money.yuan("26.00")


def test_the_daily_amount_stops_at_its_cap() -> None:
    found = payout(
        law=None,
        promise=entry("P-03.urban"),
        law_breach=None,
        promise_breach=Breach(late=timedelta(days=30), fault=timedelta(days=31)),
        bases={},
    )
    assert found.due == Money.yuan("100.00")


def test_where_the_higher_counts_it_is_not_paid_twice() -> None:
    both = payout(
        law=entry("T-32.urban"),
        promise=entry("P-07.restore.urban"),
        law_breach=Breach(late=timedelta(hours=1), fault=timedelta(hours=49)),
        promise_breach=Breach(late=timedelta(hours=45), fault=timedelta(hours=49)),
        bases={"monthly_fee": Money.yuan("60.00")},
    )
    assert both.due == Money.yuan("6.00")
    assert len(both.lines) == 2


def test_a_late_install_costs_one_percent_a_day_and_twenty_yuan() -> None:
    found = payout(
        law=entry("T-31"),
        promise=entry("P-05.urban"),
        law_breach=Breach(late=timedelta(days=3, minutes=1), fault=timedelta(0)),
        promise_breach=Breach(late=timedelta(days=1), fault=timedelta(0)),
        bases={"install_fee": Money.yuan("100.50")},
    )
    assert [str(line.amount) for line in found.lines] == ["4.02", "20.00"]


def test_a_kept_promise_costs_nothing_and_a_missing_fee_is_named() -> None:
    kept = Breach(late=timedelta(0), fault=timedelta(hours=20))
    assert payout(law=entry("T-32.urban"), promise=None, law_breach=kept, promise_breach=None, bases={}).due == Money()
    with pytest.raises(CompensationBaseMissing):
        payout(
            law=entry("T-32.urban"),
            promise=None,
            law_breach=Breach(late=timedelta(hours=1), fault=timedelta(hours=49)),
            promise_breach=None,
            bases={},
        )
