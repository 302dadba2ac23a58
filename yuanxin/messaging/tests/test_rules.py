from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.messaging import rules
from yuanxin.messaging.rules import MessageState, QuietHours, Suppressed
from yuanxin.published.codes import MessageClass

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(21), time(8), SHANGHAI)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def judge(message_class: MessageClass, at: datetime, **change: object) -> rules.Verdict:
    facts: dict[str, object] = {"quiet": NIGHT, "has_consent": False, "has_phone": True} | change
    return rules.judge(message_class, at=at, **facts)  # type: ignore[arg-type]


def test_a_notice_of_late_evening_waits_for_the_morning() -> None:
    assert judge(MessageClass.NOTICE, wall("2026-11-24 21:00")).send_at == wall("2026-11-25 08:00")


def test_a_notice_of_the_small_hours_waits_for_the_same_morning() -> None:
    assert judge(MessageClass.NOTICE, wall("2026-11-25 02:30")).send_at == wall("2026-11-25 08:00")


def test_a_promise_of_the_day_goes_at_once() -> None:
    at = wall("2026-11-24 10:00")
    assert judge(MessageClass.PROMISE, at).send_at == at


def test_quiet_hours_within_one_day() -> None:
    siesta = QuietHours(time(12), time(14), SHANGHAI)
    assert siesta.next_open(wall("2026-11-24 13:00")) == wall("2026-11-24 14:00")
    assert siesta.next_open(wall("2026-11-24 14:00")) == wall("2026-11-24 14:00")


def test_equal_ends_mean_never_quiet() -> None:
    at = wall("2026-11-24 08:00")
    assert QuietHours(time(8), time(8), SHANGHAI).next_open(at) == at


def test_an_emergency_ignores_the_night_and_missing_consent() -> None:
    at = wall("2026-11-25 03:00")
    assert judge(MessageClass.EMERGENCY, at).send_at == at


def test_marketing_without_consent_is_held_back() -> None:
    assert judge(MessageClass.MARKETING, wall("2026-11-24 10:00")).reason is Suppressed.NO_CONSENT
    assert judge(MessageClass.MARKETING, wall("2026-11-24 10:00"), has_consent=True).reason is None


def test_words_that_would_be_untrue_in_the_morning_are_held_back() -> None:
    verdict = judge(MessageClass.PROMISE, wall("2026-11-24 22:00"), useful_until=wall("2026-11-25 01:00"))
    assert verdict.reason is Suppressed.STALE


def test_nobody_can_be_told_without_a_telephone() -> None:
    assert judge(MessageClass.EMERGENCY, wall("2026-11-24 10:00"), has_phone=False).reason is Suppressed.NO_PHONE


def test_emergency_comes_first_and_marketing_last() -> None:
    classes = [MessageClass.MARKETING, MessageClass.NOTICE, MessageClass.EMERGENCY, MessageClass.PROMISE]
    assert sorted(classes, key=rules.priority_of) == list(rules.LANES)


def test_retries_follow_the_schedule_and_then_end() -> None:
    schedule = (timedelta(seconds=30), timedelta(minutes=5))
    assert [rules.wait_before_retry(tries, schedule) for tries in (1, 2, 3)] == [*schedule, None]


RECEIPTS = st.sampled_from([MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED])


@given(st.lists(RECEIPTS, min_size=1), st.randoms())
def test_receipts_in_any_order_and_number_end_in_the_same_state(receipts: list[MessageState], dice: Any) -> None:
    def end(order: list[MessageState]) -> MessageState:
        state = MessageState.QUEUED
        for receipt in order:
            state = rules.after_receipt(state, receipt)
        return state

    shuffled = [*receipts, dice.choice(receipts)]
    dice.shuffle(shuffled)
    assert end(receipts) == end(shuffled)


def test_a_late_failure_does_not_undo_a_delivery() -> None:
    assert rules.after_receipt(MessageState.DELIVERED, MessageState.FAILED) is MessageState.DELIVERED


def test_a_receipt_for_a_held_back_message_is_refused() -> None:
    with pytest.raises(rules.NeverSent):
        rules.after_receipt(MessageState.SUPPRESSED, MessageState.SENT)


def test_words_in_both_languages() -> None:
    params: dict[str, str | int] = {
        "number": "T4406260000001",
        "service": "tv",
        "due_at": "2026-11-24T10:00:00+00:00",
        "credit_fen": 1050,
    }
    text = "{number} {service} {due_at} {credit_fen}"
    assert rules.render(text, params, language="zh", zone=SHANGHAI) == "T4406260000001 电视 11月24日18:00 10.50"
    assert rules.render(text, params, language="en", zone=SHANGHAI) == "T4406260000001 TV 24/11 18:00 10.50"


def test_a_window_names_its_day_once() -> None:
    params = {"window_from": "2026-11-24T02:00:00+00:00", "window_to": "2026-11-24T04:00:00+00:00"}
    assert rules.render("{window_from}-{window_to}", params, language="zh", zone=SHANGHAI) == "11月24日10:00-12:00"


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(rules.TemplateParameterMissing) as refused:
        rules.render("{number}", {}, language="zh", zone=SHANGHAI)
    assert refused.value.params == {"parameter": "number"}


@pytest.mark.parametrize("value", ["tomorrow", "2026-11-24T10:00:00"])
def test_an_instant_without_offset_or_sense_is_named(value: str) -> None:
    with pytest.raises(rules.ParameterUnreadable):
        rules.render("{due_at}", {"due_at": value}, language="zh", zone=SHANGHAI)


@pytest.mark.parametrize("text", ["{Number}", "{a.b}", "{", "{{number}}", "{0}"])
def test_a_stray_brace_is_refused(text: str) -> None:
    with pytest.raises(rules.TemplateMalformed):
        rules.parameters_of(text)


def test_both_languages_name_the_same_parameters() -> None:
    assert rules.check_template("单号{number}", "No. {number}") == {"number"}
    with pytest.raises(rules.TemplateLanguagesDiffer) as refused:
        rules.check_template("{number}", "{due_at}")
    assert refused.value.params == {"parameters": "due_at, number"}
