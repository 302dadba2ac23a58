"""Stories of pay, from the close-out to the payroll."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from psycopg.errors import InsufficientPrivilege

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import CalendarDay, FactRecord
from yuanxin.kernel.money import Money
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.runner import drain
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.kernel.verify import registry, verify
from yuanxin.ledger import api as ledger
from yuanxin.published.care import CallbackRecorded, RatingReceived
from yuanxin.published.codes import AreaClass, CloseType, Segment
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.published.refs import ref_id
from yuanxin.quality import api as quality
from yuanxin.quality import reactions
from yuanxin.quality.actions import findings
from yuanxin.quality.models import OrderOutcome, OrderPay, PayLine
from yuanxin.quality.rules.terms import SchemeIncomplete, Terms, Windows
from yuanxin.quality.tests import make

NOON = kernel_make.at("2026-11-24 12:00")
PERSON = ledger.AccountKey("pay.technician", owner=f"staff:{make.TECHNICIAN}")


@pytest.fixture(autouse=True)
def round_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stories play with a scheme of round numbers and without clocks."""
    monkeypatch.setattr(findings, "terms_at", lambda at, **kind: (make.terms(), make.WINDOWS))
    monkeypatch.setattr(findings, "clocks_of", lambda cause: [])
    monkeypatch.setattr(findings, "pauses_of", lambda cause: [])


def finish(at: datetime = NOON, **changes: Any) -> WorkOrderFinished:
    """Tell that an order was finished and return the fact."""
    fact = make.finished(at, **changes)
    tell(fact)
    return fact


def call_back(fact: WorkOrderFinished, *, agrees: bool | None, at: datetime, score: int | None = None) -> None:
    """Let the customer of an order be reached."""
    reactions.adjust_when_callback_recorded(
        CallbackRecorded(
            subject=fact.cause,
            at=at,
            ticket=fact.cause,
            work_order=fact.subject,
            reached=True,
            agrees=agrees,
            score=score,
        )
    )


def rate(fact: WorkOrderFinished, score: int, *, at: datetime, begged: bool = False) -> None:
    """Let the customer of an order rate it; care knows the ticket only."""
    reactions.adjust_when_rating_received(
        RatingReceived(subject=fact.cause, at=at, ticket=fact.cause, work_order=None, score=score, begged=begged)
    )


def lines_of(fact: WorkOrderFinished) -> list[tuple[str, int]]:
    """Return (reason, fen) of an order's lines."""
    return [(line.reason_code, line.amount_fen) for line in quality.pay_of(fact.subject)]


def told(name: str) -> list[dict[str, Any]]:
    """Return the bodies of the facts of a name that were told."""
    return [record.body for record in FactRecord.objects.filter(name=name).order_by("recorded_at", "id")]


def violations() -> list[str]:
    """Return what the invariants of pay and books find."""
    names = [name for name in registry if name.startswith(("quality.", "ledger."))]
    return [line for finding in verify(names) for line in finding.violations]


@pytest.mark.usefixtures("foshan")
class TestCloseOut:
    def test_a_close_out_posts_a_provisional_amount_and_says_why(self) -> None:
        fact = finish()
        (line,) = quality.pay_of(fact.subject)
        assert (line.amount_fen, line.kind, line.state) == (2000, "provisional", quality.PayState.PROVISIONAL)
        why = quality.why(line.id)
        assert why.calculation.total_fen == 2000
        assert [step.code for step in why.calculation.steps] == ["item", "close", "timeliness", "quality"]
        assert ledger.balance(PERSON) == Money(2000)
        assert quality.earned(make.TECHNICIAN, NOON.date()).total == Money(2000)
        assert quality.earned(make.TECHNICIAN, NOON.date() + timedelta(days=1)).lines == ()
        outcome = quality.outcome(fact.subject)
        assert (outcome.version, outcome.amount_fen, outcome.arrived_at) == (1, 2000, fact.arrived_at)
        assert violations() == []

    def test_the_same_finish_told_twice_pays_once(self) -> None:
        fact = finish()
        reactions.pay_when_work_order_finished(fact)
        assert lines_of(fact) == [("finished", 2000)]

    def test_rework_finished_later_is_a_new_version_that_pays_the_difference(self) -> None:
        fact = finish()
        again = make.finished(NOON + timedelta(days=1), subject=fact.subject, close_type=CloseType.NO_FAULT, visits=2)
        tell(again)
        assert lines_of(fact) == [("finished", 2000)]  # the same price in this scheme
        assert quality.outcome(fact.subject).visits == 2
        assert [each.version for each in quality.outcome_versions(fact.subject)] == [1, 2]
        assert violations() == []

    def test_an_empty_pool_pays_and_raises_one_alarm_a_day(self) -> None:
        finish()
        finish()
        assert quality.pool_balance() == Money(-4000)
        assert [body["balance_fen"] for body in told("PoolOverdrawn")] == [-2000]
        finish(at=NOON + timedelta(days=1))
        assert len(told("PoolOverdrawn")) == 2

    def test_a_funded_pool_is_quiet_and_pool_and_people_sum_to_the_budget(self) -> None:
        quality.fund_pool(fen=100_000, cause="decision:2026-11", at=NOON)
        finish()
        assert told("PoolOverdrawn") == []
        assert quality.pool_balance() + ledger.balance(PERSON) == ledger.balance(ledger.account("incentive.budget"))

    def test_the_payee_may_be_a_vendor_and_the_person_still_sees_the_line(self) -> None:
        fact = finish(payee="vendor:guangxin")
        assert ledger.balance(ledger.AccountKey("pay.vendor", owner="vendor:guangxin")) == Money(2000)
        assert ledger.balance(PERSON) == Money(0)
        assert quality.earned(make.TECHNICIAN, NOON.date()).total == Money(2000)
        assert quality.order_pay(fact.subject).payee == "vendor:guangxin"
        assert violations() == []

    def test_a_statutory_holiday_pays_its_allowance_and_a_plain_sunday_does_not(self) -> None:
        CalendarDay.objects.create(on=NOON.date(), is_working=False, name="Spring Festival")
        CalendarDay.objects.create(on=NOON.date() + timedelta(days=5), is_working=False, name="")
        assert lines_of(finish()) == [("finished", 4000)]
        assert lines_of(finish(at=NOON + timedelta(days=5))) == [("finished", 2000)]

    def test_a_scheme_that_cannot_be_read_does_not_stop_the_close_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(at: datetime, **kind: Any) -> tuple[Terms, Windows]:
            raise SchemeIncomplete(topic="pay.piece", parameter="repair_fen")

        with monkeypatch.context() as patch:
            patch.setattr(findings, "terms_at", broken)
            fact = finish()
        (line,) = quality.pay_of(fact.subject)
        assert (line.amount_fen, line.transaction_id) == (0, None)
        assert quality.why(line.id).calculation.steps[0].note == "no_scheme"
        assert quality.reprice(work_order=ref_id(fact.subject, "work_order"), at=NOON) == 2000
        assert lines_of(fact) == [("finished", 0), ("repriced", 2000)]
        assert violations() == []


@pytest.mark.usefixtures("foshan")
class TestFindings:
    def test_a_customer_who_denies_the_work_halves_the_piece_and_a_second_call_gives_it_back(self) -> None:
        fact = finish()
        call_back(fact, agrees=False, at=NOON + timedelta(hours=2))
        assert lines_of(fact) == [("finished", 2000), ("callback.mismatch", -1000)]
        assert quality.order_pay(fact.subject).state == quality.PayState.IN_CHECK
        call_back(fact, agrees=True, at=NOON + timedelta(hours=3))
        assert lines_of(fact)[-1] == ("callback", 1000)
        assert ledger.balance(PERSON) == Money(2000)
        assert [body["delta_fen"] for body in told("PayAdjusted")] == [-1000, 1000]
        assert violations() == []

    def test_a_call_back_told_twice_or_late_changes_nothing_more(self) -> None:
        fact = finish()
        call_back(fact, agrees=False, at=NOON + timedelta(hours=2))
        call_back(fact, agrees=False, at=NOON + timedelta(hours=2))
        call_back(fact, agrees=True, at=NOON + timedelta(hours=1))
        assert lines_of(fact) == [("finished", 2000), ("callback.mismatch", -1000)]
        assert quality.outcome(fact.subject).version == 2

    def test_one_low_score_costs_nothing(self) -> None:
        fact = finish()
        rate(fact, 1, at=NOON + timedelta(hours=2))
        assert lines_of(fact) == [("finished", 2000)]
        assert quality.outcome(fact.subject).score == 1
        assert violations() == []

    def test_praise_pays_from_the_thirtieth_score_on_and_begged_scores_do_not_count(self) -> None:
        facts = [finish(at=NOON + timedelta(minutes=minute)) for minute in range(32)]
        for fact in facts[:2]:
            rate(fact, 10, at=NOON + timedelta(hours=2), begged=True)
        for fact in facts[2:]:
            rate(fact, 10, at=NOON + timedelta(hours=2))
        assert lines_of(facts[0]) == [("finished", 2000)]
        assert lines_of(facts[30]) == [("finished", 2000)]
        assert lines_of(facts[31]) == [("finished", 2000), ("rating", 200)]
        assert violations() == []

    def test_a_repeat_of_ones_own_repair_is_not_paid_twice(self) -> None:
        first = finish()
        repeat = finish(at=NOON + timedelta(days=10), address_id=first.address_id, opened_at=NOON + timedelta(days=9))
        assert lines_of(repeat) == [("finished", 2000), ("repeat_fault", -2000)]
        outcome = quality.outcome(repeat.subject)
        assert (outcome.repeat_of_id, outcome.is_own_repeat) == (ref_id(first.subject, "work_order"), True)
        assert outcome.amount_fen == 0
        assert ledger.balance(PERSON) == Money(2000)
        assert violations() == []

    def test_a_repair_that_somebody_else_does_again_keeps_its_share_once(self) -> None:
        first = finish()
        for days in (9, 10):
            again = finish(
                at=NOON + timedelta(days=days, hours=1),
                address_id=first.address_id,
                opened_at=NOON + timedelta(days=days),
                technician_id=UUID(int=days),
            )
            assert lines_of(again)[0] == ("finished", 2000)
        assert lines_of(first) == [("finished", 2000), ("repeated", -1000)]
        assert ledger.balance(PERSON) == Money(1000)
        assert violations() == []

    def test_a_denied_repair_is_not_charged_twice_when_somebody_else_comes(self) -> None:
        first = finish()
        call_back(first, agrees=False, at=NOON + timedelta(hours=2))
        finish(
            at=NOON + timedelta(hours=6),
            cause=first.cause,
            address_id=first.address_id,
            opened_at=NOON + timedelta(hours=2),
            technician_id=UUID(int=9),
        )
        assert [reason for reason, _ in lines_of(first)] == ["finished", "callback.mismatch"]

    def test_after_the_window_the_first_repair_keeps_its_amount(self) -> None:
        first = finish(at=NOON - timedelta(days=31))
        OrderPay.objects.filter(work_order_id=ref_id(first.subject, "work_order")).update(adjust_until=NOON)
        finish(
            at=NOON + timedelta(hours=1), address_id=first.address_id, opened_at=NOON - timedelta(days=2),
            technician_id=UUID(int=9),
        )  # fmt: skip
        assert lines_of(first) == [("finished", 2000)]

    @pytest.mark.parametrize(
        "changes",
        [
            {"technician_id": UUID(int=7)},
            {"at": NOON + timedelta(days=40), "opened_at": NOON + timedelta(days=31)},
            {"address_id": UUID(int=8)},
            {"close_type": CloseType.TAUGHT},
            {"segment": Segment.LINE},
        ],
    )
    def test_what_is_no_repeat_of_ones_own_repair_is_paid(self, changes: dict[str, Any]) -> None:
        first = finish()
        other: dict[str, Any] = {
            "at": NOON + timedelta(days=10),
            "address_id": first.address_id,
            "opened_at": NOON + timedelta(days=9),
        }
        assert lines_of(finish(**(other | changes))) == [("finished", 2000)]

    def test_a_correction_is_posted_with_its_reason_and_overturned_to_the_fen(self) -> None:
        fact = finish(area_class=AreaClass.REMOTE)
        id_ = ref_id(fact.subject, "work_order")
        assert quality.correct_pay(work_order=id_, reason_code="private_fee", fen=-777, at=NOON) == 1723
        assert quality.correct_pay(work_order=id_, reason_code="private_fee", fen=777, at=NOON) == 2500
        assert lines_of(fact) == [
            ("finished", 2500),
            ("correction.private_fee", -777),
            ("correction.private_fee", 777),
        ]
        assert violations() == []

    def test_deductions_of_a_month_stop_at_the_cap(self) -> None:
        facts = [finish(at=NOON + timedelta(minutes=minute)) for minute in range(40)]
        for fact in facts:
            call_back(fact, agrees=False, at=NOON + timedelta(hours=2))
        taken = -sum(fen for fact in facts for reason, fen in lines_of(fact) if reason == "callback.mismatch")
        assert taken == make.terms().monthly_cap_fen
        assert violations() == []

    def test_after_the_window_a_finding_is_kept_and_the_amount_stays(self) -> None:
        fact = finish()
        late = NOON + timedelta(days=31)
        call_back(fact, agrees=False, at=late)
        assert lines_of(fact) == [("finished", 2000)]
        assert quality.outcome(fact.subject).is_callback_agreed is False
        with pytest.raises(quality.PayWindowClosed):
            quality.correct_pay(work_order=ref_id(fact.subject, "work_order"), reason_code="award", fen=1, at=late)

    def test_a_finding_about_an_order_that_nobody_finished_is_no_error(self) -> None:
        fact = make.finished(NOON)
        call_back(fact, agrees=True, at=NOON)
        rate(fact, 9, at=NOON)
        with pytest.raises(quality.PayUnknown):
            quality.outcome(fact.subject)
        with pytest.raises(quality.PayUnknown):
            quality.why(new_id())


@pytest.mark.usefixtures("foshan")
class TestStates:
    def test_pay_is_checked_confirmed_and_paid_out_in_its_time(self) -> None:
        fact = finish()
        id_ = ref_id(fact.subject, "work_order")
        assert quality.settle_due(at=NOON + timedelta(hours=23)) == 0
        assert quality.settle_due(at=NOON + timedelta(hours=24)) == 1
        assert quality.settle_due(at=NOON + timedelta(days=7)) == 1
        quality.pay_out(work_order=id_, at=NOON + timedelta(days=20))
        assert quality.order_pay(id_).state == quality.PayState.PAID_OUT
        assert ledger.balance(PERSON) == Money(0)
        assert ledger.balance(ledger.account("pay.payroll")) == Money(2000)
        with pytest.raises(quality.PayStateRefused):
            quality.pay_out(work_order=id_, at=NOON + timedelta(days=20))
        assert violations() == []

    def test_denied_work_waits_for_a_person(self) -> None:
        fact = finish()
        id_ = ref_id(fact.subject, "work_order")
        call_back(fact, agrees=False, at=NOON + timedelta(hours=1))
        quality.settle_due(at=NOON + timedelta(days=8))
        assert quality.order_pay(id_).state == quality.PayState.IN_CHECK
        quality.confirm_pay(work_order=id_, at=NOON + timedelta(days=8))
        assert quality.order_pay(id_).state == quality.PayState.CONFIRMED
        call_back(fact, agrees=False, at=NOON + timedelta(days=9))
        assert quality.order_pay(id_).state == quality.PayState.IN_CHECK

    def test_provisional_pay_cannot_be_paid_out(self) -> None:
        fact = finish()
        with pytest.raises(quality.PayStateRefused):
            quality.pay_out(work_order=ref_id(fact.subject, "work_order"), at=NOON)


@pytest.mark.usefixtures("foshan")
class TestTables:
    @pytest.mark.parametrize("table", ["quality_orderoutcome", "quality_payline", "quality_orderpayevent"])
    def test_outcomes_and_lines_are_append_only(self, table: str) -> None:
        finish()
        with pytest.raises(InsufficientPrivilege), transaction.atomic():
            connection.connection.execute(f"DELETE FROM {table}")

    def test_another_city_sees_nothing(self) -> None:
        fact = finish()
        with scope("4401"):
            assert quality.pay_of(fact.subject) == []
            assert quality.outcomes.page({}).rows == []

    def test_a_stored_amount_that_does_not_follow_from_its_inputs_is_found(self) -> None:
        fact = finish()
        line = PayLine.objects.get()
        wrong = line.calculation | {"deducted_fen": 1}
        PayLine.objects.create(
            **{
                name: getattr(line, name)
                for name in ("pay_id", "outcome_id", "kind", "technician_id", "payee", "occurred_at", "actor")
            },
            reason_code="forged",
            before_fen=2000,
            amount_fen=0,
            calculation=wrong,
        )
        OrderPay.objects.update(amount_fen=1999)
        found = "\n".join(violations())
        assert "recomputed" in found
        assert f"order {fact.number}: pay 1999, lines 2000" in found
        assert f"order {fact.number}: pay 1999 fen, books 2000 fen" in found

    def test_the_lists_show_the_newest_version_and_filter(self) -> None:
        remote = finish(area_class=AreaClass.REMOTE)
        town = finish(at=NOON + timedelta(hours=1))
        call_back(town, agrees=False, at=NOON + timedelta(hours=2))
        rows = quality.outcomes.page({}).rows
        assert [(str(row.work_order_id), row.amount_fen, row.state) for row in rows] == [
            (town.subject.partition(":")[2], 1000, "in_check"),
            (remote.subject.partition(":")[2], 2500, "provisional"),
        ]
        assert [row.amount_fen for row in quality.outcomes.page({"area": "remote"}).rows] == [2500]
        assert [row.amount_fen for row in quality.pay_lines.page({"kind": "adjustment"}).rows] == [-1000]
        assert quality.outcomes.excel({})[:2] == b"PK"
        assert OrderOutcome.objects.count() == 3


def test_a_finding_told_to_the_outbox_reaches_the_books(in_foshan: str) -> None:
    with transaction.atomic(), scope(in_foshan):
        fact = finish()
        tell(
            CallbackRecorded(
                subject=fact.cause,
                at=NOON + timedelta(hours=1),
                ticket=fact.cause,
                work_order=fact.subject,
                reached=True,
                agrees=False,
                score=9,
            )
        )
    drain()
    with transaction.atomic(), scope(in_foshan):
        assert lines_of(fact) == [("finished", 2000), ("callback.mismatch", -1000)]
        assert quality.outcome(fact.subject).score == 9
    assert violations() == []
