"""Pay by the published rulebooks and the order's own clocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.kernel.verify import registry, verify
from yuanxin.published.codes import AreaClass, ClockKind, CloseType, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.published.refs import ref
from yuanxin.quality import api as quality
from yuanxin.quality.scheme import terms_at
from yuanxin.quality.tests import make
from yuanxin.standards import api as standards
from yuanxin.standards.tests import make as standards_make

REPORTED = kernel_make.at(standards_make.TUESDAY)


@pytest.fixture
def rules(foshan: str) -> str:
    """The seed rulebooks are published and the working days known."""
    standards_make.calendar()
    standards_make.rulebooks()
    return foshan


def price(kind: str = "repair") -> int:
    """Return the scheme's price of a kind of work (fen)."""
    return standards.parameter("pay.piece", f"{kind}_fen", at=REPORTED)


def clocks_of_an_order() -> standards.ClockSet:
    """Start the clocks of a broadband fault, for work that no trouble ticket asked for."""
    return standards_make.clocks(subject=ref("product_order", new_id()))


def finish(clocks: standards.ClockSet, *, late: timedelta = timedelta(0), **changes: Any) -> WorkOrderFinished:
    """Tell the finish of a broadband fault, so much after the promise."""
    assert clocks.assessment is not None
    at = clocks.assessment.due_at + late
    begun = REPORTED + timedelta(hours=1)
    fact = make.finished(at, cause=clocks.assessment.subject, opened_at=REPORTED, started_at=begun, **changes)
    tell(fact)
    return fact


def violations() -> list[str]:
    """Return what the invariants of pay and books find."""
    names = [name for name in registry if name.startswith(("quality.", "ledger."))]
    return [line for finding in verify(names) for line in finding.violations]


def test_a_kept_promise_earns_the_price_and_the_outcome_holds_both_clocks(rules: str) -> None:
    clocks = clocks_of_an_order()
    fact = finish(clocks)
    outcome = quality.outcome(fact.subject)
    assert outcome.amount_fen == price()
    assert (outcome.statutory_late_minutes, outcome.assessment_late_minutes) == (0, 0)
    assert outcome.statutory_due_at == clocks.statutory_due_at
    assert tuple(outcome.clock_rule_ids) == clocks.rule_ids
    assert str(clocks.version_id) in outcome.clock_version_ids
    assert len(outcome.scheme_versions) >= 2
    assert violations() == []


def test_a_promise_broken_by_a_minute_earns_the_first_step(rules: str) -> None:
    fact = finish(clocks_of_an_order(), late=timedelta(minutes=1))
    (line,) = quality.pay_of(fact.subject)
    percent = standards.parameter("pay.timeliness", "late_first_percent", at=REPORTED)
    assert line.amount_fen == price() * percent // 100
    assert quality.outcome(fact.subject).assessment_late_minutes == 1


def test_a_cut_fibre_makes_late_and_costs_the_technician_nothing(rules: str) -> None:
    fact = finish(clocks_of_an_order(), late=timedelta(days=5), segment=Segment.LINE)
    assert quality.outcome(fact.subject).amount_fen == price()


def test_an_approved_hold_moves_the_promise_and_stands_in_the_outcome(rules: str) -> None:
    clocks = clocks_of_an_order()
    assert clocks.assessment is not None
    subject = clocks.assessment.subject
    held = REPORTED + timedelta(minutes=30)
    standards.pause_clocks(
        subject=subject, reason_code="customer", evidence="call:1", approved_by="staff:leader", at=held
    )
    standards.resume_clocks(subject=subject, at=held + timedelta(hours=2))
    moved = {clock.kind: clock for clock in standards.clocks_of(subject)}[ClockKind.ASSESSMENT]
    fact = make.finished(moved.due_at, cause=subject, opened_at=REPORTED)
    tell(fact)
    outcome = quality.outcome(fact.subject)
    assert outcome.assessment_late_minutes == 0
    assert {hold["reason_code"] for hold in outcome.pauses} == {"customer"}
    assert outcome.pauses[0]["approved_by"] == "staff:leader"


@pytest.mark.parametrize("kind", OrderKind)
@pytest.mark.parametrize("area", AreaClass)
def test_every_kind_of_work_has_terms(rules: str, kind: OrderKind, area: AreaClass) -> None:
    for close_type in CloseType:
        found = terms_at(REPORTED, kind=kind, service=Service.TV, close_type=close_type, area=area)
        assert found is not None
        terms, windows = found
        assert terms.price_fen == price(kind)
        assert terms.close_percent > 0
        assert windows.adjust_within_days >= terms.repeat_days


def test_without_a_published_scheme_the_order_is_closed_with_nothing(foshan: str) -> None:
    fact = make.finished(REPORTED)
    tell(fact)
    (line,) = quality.pay_of(fact.subject)
    assert line.amount_fen == 0
    assert quality.why(line.id).calculation.steps[0].note == "no_scheme"


def test_a_close_out_asks_the_database_little(rules: str) -> None:
    finish(clocks_of_an_order())
    clocks = clocks_of_an_order()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        finish(clocks)
    assert len(queries) <= 24, "\n".join(query["sql"][:150] for query in queries)
