"""Stories of inspection: who is looked at, what it costs, who may not look; and two deductions at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from yuanxin.kernel import acting
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.runner import drain
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.kernel.verify import registry, verify
from yuanxin.org import api as org
from yuanxin.org.tests import make as org_make
from yuanxin.published.care import CallbackRecorded, RatingReceived
from yuanxin.published.codes import CloseType, Segment
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.published.refs import ref_id
from yuanxin.quality import api as quality
from yuanxin.quality import reactions
from yuanxin.quality.actions import findings, inspecting
from yuanxin.quality.models import DeductionMonth, Inspection, OrderPay
from yuanxin.quality.rules.inspection import CheckTerms, is_sampled
from yuanxin.quality.tests import make

NOON = kernel_make.at("2026-11-24 12:00")
SHARES = {"photo_missing": 10, "not_repaired": 50, "false_record": 100}
PRICE = 2000


def check_terms(**changes: Any) -> CheckTerms:
    values: dict[str, Any] = {
        "sample_permille": 0,
        "low_score_upto": 4,
        "late_over_minutes": 1440,
        "close_types": ("no_fault",),
        "findings": SHARES,
    }
    return CheckTerms(**(values | changes))


@pytest.fixture(autouse=True)
def round_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "terms_at", lambda at, **kind: (make.terms(), make.WINDOWS))
    monkeypatch.setattr(findings, "clocks_of", lambda cause: [])
    monkeypatch.setattr(findings, "pauses_of", lambda cause: [])
    monkeypatch.setattr(inspecting, "check_terms_at", lambda at: check_terms())


def sample_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "check_terms_at", lambda at: check_terms(sample_permille=1000))


def finish(**changes: Any) -> UUID:
    changes.setdefault("technician_id", org_make.technician())
    fact = make.finished(NOON, **changes)
    tell(fact)
    return ref_id(fact.subject, "work_order")


def as_inspector(staff_id: UUID) -> Any:
    return acting.acting_as(org.acting_for(staff_id))


def inspector(**options: Any) -> UUID:
    return org_make.staff("quality_inspector", name="质检员", **options)


def deny(fact: WorkOrderFinished) -> None:
    reactions.adjust_when_callback_recorded(
        CallbackRecorded(
            subject=fact.cause, at=NOON + timedelta(hours=3), ticket=fact.cause, work_order=fact.subject, reached=True,
            agrees=False, score=None,
        )
    )  # fmt: skip


@given(some.uuids(), some.integers(0, 1000), some.integers(0, 1000))
def test_a_larger_sample_holds_the_smaller_one_and_is_drawn_the_same_again(order: UUID, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert is_sampled(order, small) == is_sampled(order, small)
    assert not is_sampled(order, small) or is_sampled(order, large)
    assert is_sampled(order, 1000)
    assert not is_sampled(order, 0)


def test_the_sample_is_as_large_as_the_rulebook_says() -> None:
    drawn = sum(is_sampled(new_id(), 50) for _ in range(4000))
    assert 120 <= drawn <= 280


@pytest.mark.usefixtures("foshan")
class TestWhoIsLookedAt:
    def test_most_orders_are_not(self) -> None:
        finish()
        assert not Inspection.objects.exists()

    def test_the_sample_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sample_all(monkeypatch)
        assert quality.inspection(finish()).reason is quality.Reason.SAMPLE

    def test_a_close_type_that_the_rulebook_names_is(self) -> None:
        assert quality.inspection(finish(close_type=CloseType.NO_FAULT)).reason is quality.Reason.CLOSE_TYPE

    def test_a_repeat_of_ones_own_repair_is(self) -> None:
        technician, home = org_make.technician(), new_id()
        earlier = NOON - timedelta(days=10)
        tell(make.finished(earlier, technician_id=technician, address_id=home))
        assert quality.inspection(finish(technician_id=technician, address_id=home)).reason is quality.Reason.REPEAT

    def test_a_low_score_is_and_a_begged_one_is_not(self) -> None:
        for score, begged, looked_at in ((2, False, True), (2, True, False), (9, False, False)):
            fact = make.finished(NOON, technician_id=org_make.technician())
            tell(fact)
            rating = RatingReceived(
                subject=fact.cause, at=NOON, ticket=fact.cause, work_order=None, score=score, begged=begged
            )
            reactions.adjust_when_rating_received(rating)
            assert Inspection.objects.filter(pay__number=fact.number, pay__cause=fact.cause).exists() is looked_at

    def test_denied_work_is_and_its_pay_waits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sample_all(monkeypatch)
        fact = make.finished(NOON, technician_id=org_make.technician())
        tell(fact)
        assert not quality.inspection(fact.subject).stops_pay
        deny(fact)
        asked = quality.inspection(fact.subject)
        assert (asked.reason, asked.stops_pay) == (quality.Reason.MISMATCH, True)
        settle_for_days()
        assert quality.order_pay(fact.subject).state is quality.PayState.IN_CHECK
        with as_inspector(inspector()):
            quality.inspect(work_order=asked.work_order_id, findings=(), at=NOON + timedelta(days=9))
        quality.settle_due(at=NOON + timedelta(days=9, minutes=1))
        assert quality.order_pay(fact.subject).state is quality.PayState.CONFIRMED


def settle_for_days() -> None:
    for days in (1, 2, 8):
        quality.settle_due(at=NOON + timedelta(days=days))


@pytest.mark.usefixtures("foshan")
class TestFindings:
    @pytest.fixture(autouse=True)
    def sampled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sample_all(monkeypatch)

    def test_a_finding_costs_its_share_with_its_reason_and_reckons_again(self) -> None:
        order = finish()
        with as_inspector(inspector()):
            left = quality.inspect(work_order=order, findings=["photo_missing"], note="没有设备照片", at=NOON)
        assert left == PRICE * 90 // 100
        _, taken = quality.pay_of(order)
        assert (taken.reason_code, taken.amount_fen) == ("check.found", -PRICE // 10)
        step = quality.why(taken.id).calculation.steps[-1]
        assert (step.code, step.note, step.factor_percent) == ("finding", "finding.photo_missing", 10)
        assert quality.inspection(order).state is quality.InspectionState.FOUND
        assert violations() == []

    def test_nothing_found_changes_nothing_but_the_state(self) -> None:
        order = finish()
        with as_inspector(inspector()):
            assert quality.inspect(work_order=order, findings=[], at=NOON) == PRICE
        assert [line.reason_code for line in quality.pay_of(order)] == ["finished"]
        assert quality.inspection(order).state is quality.InspectionState.PASSED
        assert quality.order_pay(order).state is quality.PayState.IN_CHECK

    def test_all_findings_together_never_cost_more_than_the_piece(self) -> None:
        order = finish()
        with as_inspector(inspector()):
            left = quality.inspect(work_order=order, findings=list(SHARES), at=NOON)
        assert left == make.terms().floor_fen

    def test_a_cut_fibre_costs_the_technician_nothing_until_somebody_finds_a_fault_of_his_own(self) -> None:
        order = finish(segment=Segment.LINE)
        assert quality.order_pay(order).amount_fen == PRICE
        with as_inspector(inspector()):
            assert quality.inspect(work_order=order, findings=["photo_missing"], at=NOON) == PRICE * 90 // 100

    def test_it_is_inspected_once(self) -> None:
        order = finish()
        with as_inspector(inspector()):
            quality.inspect(work_order=order, findings=[], at=NOON)
            with pytest.raises(quality.InspectionDone):
                quality.inspect(work_order=order, findings=["false_record"], at=NOON)

    def test_an_unknown_finding_is_named_and_nothing_is_written(self) -> None:
        order = finish()
        with as_inspector(inspector()), pytest.raises(quality.FindingUnknown):
            quality.inspect(work_order=order, findings=["photo_missing", "bad_mood"], at=NOON)
        assert quality.inspection(order).state is quality.InspectionState.OPEN
        assert len(quality.outcome_versions(order)) == 1

    def test_after_the_window_a_finding_is_refused(self) -> None:
        order = finish()
        with as_inspector(inspector()), pytest.raises(quality.PayWindowClosed):
            quality.inspect(work_order=order, findings=["photo_missing"], at=NOON + timedelta(days=31))

    def test_an_order_that_nobody_asked_to_look_at_is_not_inspected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inspecting, "check_terms_at", lambda at: check_terms())
        order = finish()
        with as_inspector(inspector()), pytest.raises(quality.InspectionUnknown):
            quality.inspect(work_order=order, findings=[], at=NOON)

    def test_what_nobody_looked_at_in_time_lapses_and_is_confirmed(self) -> None:
        order = finish()
        settle_for_days()
        assert quality.inspection(order).state is quality.InspectionState.LAPSED
        assert quality.order_pay(order).state is quality.PayState.CONFIRMED

    @pytest.mark.parametrize("shared", ["unit", "vendor", "person"])
    def test_nobody_inspects_the_own_team(self, shared: str) -> None:
        told = {"unit": {"unit_code": org_make.grid()}, "vendor": {"vendor": "hongtu"}, "person": {}}[shared]
        technician = org_make.technician("陈志强", **told)
        looks = technician if shared == "person" else inspector(**told)
        if shared == "person":
            org.grant_role(staff_id=looks, role="quality_inspector", at=NOON)
        order = finish(technician_id=technician)
        with as_inspector(looks), pytest.raises(quality.OwnTeamRefused) as refused:
            quality.inspect(work_order=order, findings=[], at=NOON)
        assert refused.value.params["name"] == "陈志强"
        assert quality.inspection(order).state is quality.InspectionState.OPEN


@pytest.mark.usefixtures("foshan")
def test_a_statement_tells_the_contractors_month_person_by_person() -> None:
    first, second = org_make.technician("甲", vendor="hongtu"), org_make.technician("乙", vendor="hongtu")
    for technician in (first, first, second):
        finish(technician_id=technician, payee="vendor:hongtu")
    own = finish()
    order = finish(technician_id=second, payee="vendor:hongtu")
    quality.correct_pay(work_order=order, reason_code="damage", fen=-500, at=NOON)
    lines = {line.technician_id: line for line in quality.statement(date(2026, 11, 30), payee="vendor:hongtu")}
    assert set(lines) == {first, second}
    assert (lines[first].orders, lines[first].total_fen) == (2, 2 * PRICE)
    assert (lines[second].earned_fen, lines[second].taken_fen, lines[second].paid_fen) == (2 * PRICE, -500, 0)
    assert sum(line.total_fen for line in quality.statement(date(2026, 11, 1))) == 5 * PRICE - 500
    assert quality.statement(date(2026, 12, 1)) == []
    assert quality.order_pay(own).payee.startswith("staff:")


def violations() -> list[str]:
    names = [name for name in registry if name.startswith(("quality.", "ledger."))]
    return [line for finding in verify(names) for line in finding.violations]


CAP = make.terms().monthly_cap_fen
ORDERS = 8
EACH = 8000  # eight times this is more than the cap of a month


@pytest.mark.usefixtures("in_foshan")
def test_deductions_at_once_cannot_exceed_the_cap_of_the_month(monkeypatch: pytest.MonkeyPatch) -> None:
    rich = make.terms(price_fen=EACH + 1000)
    monkeypatch.setattr(findings, "terms_at", lambda at, **kind: (rich, make.WINDOWS))
    with transaction.atomic(), scope("4406"):
        technician = org_make.technician()
        orders = [finish(technician_id=technician) for _ in range(ORDERS)]
    drain()
    with ThreadPoolExecutor(ORDERS) as crowd:
        list(crowd.map(deduct, orders))
    with transaction.atomic(), scope("4406"):
        taken = sum(OrderPay.objects.filter(technician_id=technician).values_list("deducted_fen", flat=True))
        assert taken == CAP
        assert DeductionMonth.objects.count() == 1


def deduct(order: UUID) -> None:
    """Take something from an order in a thread of its own."""
    try:
        with acting.acting_as(kernel_make.acting("4406")):
            quality.correct_pay(work_order=order, reason_code="damage", fen=-EACH, at=NOON)
    finally:
        connection.close()
