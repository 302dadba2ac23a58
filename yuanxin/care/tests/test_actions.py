"""Actions of customer care as small stories, bad input included."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from yuanxin.care import api as care
from yuanxin.care.models import StateChange, TroubleTicket
from yuanxin.care.rules import callbacks, intake
from yuanxin.care.rules.complaints import ComplaintStepRefused
from yuanxin.care.rules.contacts import ReasonUnreadable, UnknownOutcome
from yuanxin.care.rules.errors import (
    CallbackTooEarly,
    ContactUnknown,
    MergedIntoItself,
    RatedBefore,
    RatingTooEarly,
    TicketEnded,
    TicketUnknown,
)
from yuanxin.care.rules.faults import UnknownFault
from yuanxin.care.rules.tickets import TicketStepRefused
from yuanxin.care.tests import make
from yuanxin.kernel import verify as verifying
from yuanxin.kernel.errors import DomainError, KeyReused, NotFound
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests.make import at, key
from yuanxin.published.codes import Channel, Service
from yuanxin.standards import api as standards
from yuanxin.standards.tests import make as make_standards

pytestmark = pytest.mark.usefixtures("rules")
MONDAY = at("2026-11-23 09:10")
HOUR = timedelta(hours=1)


@pytest.fixture
def rules(foshan: str) -> None:
    """The seed rulebooks bind, and the calendar knows the year."""
    make_standards.rulebooks()
    make_standards.calendar()


def told(name: str) -> list[FactRecord]:
    return list(FactRecord.objects.filter(name=name).order_by("at", "id"))


def test_a_reported_fault_gets_a_number_a_promise_and_is_told_to_the_field() -> None:
    opened = make.ticket(at=MONDAY, note="  路由器红灯  ")
    seen = care.ticket(opened.id)
    assert seen.number.startswith("T4406")
    assert (seen.state, seen.note, seen.opened_at) == ("received", "路由器红灯", MONDAY)
    assert seen.assessment_due_at is not None
    assert seen.assessment_due_at > MONDAY
    fact = told("TicketOpened")[0]
    assert fact.subject == f"ticket:{opened.id}"
    assert "路由器" not in str(fact.body)


def test_the_same_key_opens_one_ticket() -> None:
    home, once = make.home(), key()
    first = make.ticket(home=home, key=once, at=MONDAY)
    assert make.ticket(home=home, key=once, at=MONDAY + HOUR) == first
    with pytest.raises(KeyReused):
        make.ticket(home=home, key=once, at=MONDAY, fault_code="slow_speed")
    assert TroubleTicket.objects.count() == 1


def test_a_second_report_of_an_open_fault_is_shown_as_a_duplicate() -> None:
    home = make.home()
    first = make.ticket(home=home, at=MONDAY)
    warning = care.duplicates(home.address_id, Service.BROADBAND, MONDAY + HOUR)
    assert [earlier.id for earlier in warning.open_tickets] == [first.id]
    assert care.duplicates(home.address_id, Service.TV, MONDAY + HOUR).open_tickets == ()


def test_a_fault_within_thirty_days_of_a_repair_is_a_repeat() -> None:
    home = make.home()
    first = make.resolved_ticket(home=home, at=MONDAY)
    again = make.ticket(home=home, at=MONDAY + timedelta(days=20))
    later = make.ticket(home=home, at=MONDAY + timedelta(days=60))
    assert care.ticket(again.id).repeat_of == first.id
    assert care.ticket(later.id).repeat_of is None


def test_a_visit_that_found_nothing_makes_no_repeat() -> None:
    home = make.home()
    make.resolved_ticket(home=home, at=MONDAY, close_type="no_fault")
    again = make.ticket(home=home, at=MONDAY + timedelta(days=2))
    assert care.ticket(again.id).repeat_of is None


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"fault_code": "bad_weather"}, UnknownFault, "fault_code"),
        ({"fault_code": "tv_fault"}, UnknownFault, "fault_code"),
        ({"note": "长" * 2001}, intake.TextTooLong, "note"),
        ({"note": "a\x00b"}, intake.TextUnreadable, "note"),
        ({"wanted_from": MONDAY + HOUR, "wanted_to": MONDAY}, intake.WindowReversed, "wanted_to"),
        ({"wanted_from": MONDAY - 3 * HOUR, "wanted_to": MONDAY - HOUR}, intake.WindowPast, "wanted_from"),
        ({"contact_id": uuid4()}, ContactUnknown, "contact_id"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_written(
    wrong: dict[str, Any], error: type[DomainError], field: str
) -> None:
    with pytest.raises(error) as caught:
        make.ticket(at=MONDAY, **wrong)
    assert caught.value.field == field
    assert not TroubleTicket.objects.exists()
    assert told("TicketOpened") == []


def test_an_unknown_or_closed_customer_gets_no_ticket() -> None:
    with pytest.raises(NotFound):
        make.ticket(home=make.Home(uuid4(), uuid4()), at=MONDAY)
    with pytest.raises(DomainError) as caught:
        make.ticket(home=make.closed_home(), at=MONDAY)
    assert caught.value.code == "parties.customer_closed"
    assert not TroubleTicket.objects.exists()


def test_an_address_of_somebody_else_is_refused() -> None:
    mine, other = make.home(), make.home()
    with pytest.raises(DomainError) as caught:
        make.ticket(home=make.Home(mine.customer_id, other.address_id), at=MONDAY)
    assert caught.value.code == "parties.address_not_of_customer"


def test_an_address_of_another_city_is_unknown_here() -> None:
    with pytest.raises(NotFound):
        make.ticket(home=make.Home(make.home().customer_id, uuid4()), at=MONDAY)


def test_an_order_of_another_city_is_unknown_here() -> None:
    opened = make.ticket(at=MONDAY)
    with scope("4401"), pytest.raises(TicketUnknown):
        care.ticket(opened.id)


def test_a_finished_visit_resolves_the_ticket_once() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    seen = care.ticket(opened.id)
    assert (seen.state, seen.resolved_how, seen.resolved_at) == ("awaiting_callback", "fixed", MONDAY + 3 * HOUR)
    make.finish_visit(opened, at=MONDAY + 5 * HOUR)
    assert care.ticket(opened.id).resolved_at == MONDAY + 3 * HOUR
    assert len(told("TicketResolved")) == 1


def test_a_customer_who_agrees_closes_the_ticket() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    later = MONDAY + 6 * HOUR
    care.record_callback(ticket_id=opened.id, reached=True, agrees=True, score=9, at=later)
    seen = care.ticket(opened.id)
    assert (seen.state, seen.closed_at) == ("closed", later)
    assert [fact.name for fact in told("TicketClosed")] == ["TicketClosed"]


def test_a_customer_who_disagrees_gets_the_ticket_back_to_work_with_a_new_promise() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    before = care.ticket(opened.id)
    later = MONDAY + timedelta(days=1)
    care.record_callback(ticket_id=opened.id, reached=True, agrees=False, at=later)
    seen = care.ticket(opened.id)
    assert (seen.state, seen.resolved_at) == ("in_progress", None)
    assert seen.rule_version_id == before.rule_version_id
    assert seen.assessment_due_at is not None
    assert seen.assessment_due_at > later
    make.finish_visit(opened, at=later + HOUR)
    assert care.ticket(opened.id).state == "awaiting_callback"


def test_nobody_reached_keeps_the_ticket_waiting() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    care.record_callback(ticket_id=opened.id, reached=False, agrees=None, at=MONDAY + 5 * HOUR)
    assert care.ticket(opened.id).state == "awaiting_callback"
    assert [row.number for row in care.callbacks_due.page({}).rows] == [opened.number]


def test_a_call_back_needs_a_finished_repair_and_a_clear_answer() -> None:
    opened = make.ticket(at=MONDAY)
    with pytest.raises(CallbackTooEarly):
        care.record_callback(ticket_id=opened.id, reached=True, agrees=True, at=MONDAY)
    with pytest.raises(callbacks.CallbackContradictory):
        care.record_callback(ticket_id=opened.id, reached=True, agrees=None, at=MONDAY)
    with pytest.raises(callbacks.ScoreOutOfRange):
        care.record_callback(ticket_id=opened.id, reached=True, agrees=True, score=11, at=MONDAY)


def test_a_rating_comes_once_and_after_the_repair() -> None:
    opened = make.ticket(at=MONDAY)
    with pytest.raises(RatingTooEarly):
        care.record_rating(ticket_id=opened.id, score=10, at=MONDAY)
    make.finish_visit(opened, at=MONDAY + HOUR)
    care.record_rating(ticket_id=opened.id, score=10, begged=True, at=MONDAY + 2 * HOUR)
    assert told("RatingReceived")[0].body["begged"] is True
    with pytest.raises(RatedBefore):
        care.record_rating(ticket_id=opened.id, score=3, at=MONDAY + 3 * HOUR)


def test_solved_on_the_phone_is_a_result_and_needs_no_visit() -> None:
    opened = make.ticket(at=MONDAY)
    care.solve_on_phone(ticket_id=opened.id, note="重启后恢复", at=MONDAY + HOUR)
    seen = care.ticket(opened.id)
    assert (seen.state, seen.resolved_how) == ("closed", "phone")
    assert told("TicketResolved")[0].body["work_order"] is None
    assert all(clock.state != "running" for clock in standards.clocks_of(f"ticket:{opened.id}"))


def test_a_cancelled_ticket_takes_no_further_step() -> None:
    opened = make.ticket(at=MONDAY)
    care.cancel_ticket(ticket_id=opened.id, reason_code="customer_withdrew", at=MONDAY + HOUR)
    assert told("TicketCancelled")[0].body["reason_code"] == "customer_withdrew"
    with pytest.raises(TicketStepRefused):
        care.solve_on_phone(ticket_id=opened.id, at=MONDAY + HOUR)
    with pytest.raises(TicketEnded):
        care.chase(ticket_id=opened.id, at=MONDAY + HOUR)


def test_a_duplicate_is_merged_into_the_first_report() -> None:
    home = make.home()
    first, second = make.ticket(home=home, at=MONDAY), make.ticket(home=home, at=MONDAY + HOUR)
    care.merge_duplicate(ticket_id=second.id, into_id=first.id, at=MONDAY + HOUR)
    seen = care.ticket(second.id)
    assert (seen.state, seen.merged_into) == ("merged", first.id)
    for wrong in (first.id, second.id):
        with pytest.raises((MergedIntoItself, TicketStepRefused)):
            care.merge_duplicate(ticket_id=wrong, into_id=second.id, at=MONDAY + HOUR)


def test_a_customer_who_asks_again_is_counted_and_stands_in_the_thread() -> None:
    opened = make.ticket(at=MONDAY)
    assert care.chase(ticket_id=opened.id, note="还没来人", at=MONDAY + HOUR) == 1
    assert care.chase(ticket_id=opened.id, at=MONDAY + 2 * HOUR) == 2
    care.post_message(subject=f"ticket:{opened.id}", text="@机房 请查光功率", at=MONDAY + 3 * HOUR)
    kinds = [entry.kind for entry in care.thread_of(opened.id)]
    assert kinds == ["chase", "chase", "note"]
    assert [fact.body["chases"] for fact in told("TicketChased")] == [1, 2]


def test_every_step_names_an_unknown_ticket() -> None:
    nobody = uuid4()
    for step in (
        lambda: care.chase(ticket_id=nobody, at=MONDAY),
        lambda: care.solve_on_phone(ticket_id=nobody, at=MONDAY),
        lambda: care.cancel_ticket(ticket_id=nobody, reason_code="x", at=MONDAY),
        lambda: care.record_callback(ticket_id=nobody, reached=False, agrees=None, at=MONDAY),
        lambda: care.ticket(nobody),
    ):
        with pytest.raises(TicketUnknown):
            step()


def test_changes_of_state_cannot_be_rewritten() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    assert StateChange.objects.filter(ticket_id=opened.id).count() == 2
    with pytest.raises(Exception, match="permission denied"):
        StateChange.objects.all().update(reason_code="nicer")


def test_a_contact_without_a_ticket_is_recorded() -> None:
    home = make.home()
    care.record_contact(
        channel=Channel.PHONE,
        caller_number="+86 138-0013-8000",
        customer_id=home.customer_id,
        reason_code="balance",
        outcome="information",
        at=MONDAY,
    )
    assert [contact.reason_code for contact in care.contacts_of(home.customer_id)] == ["balance"]
    assert "13800138000" not in str(told("ContactRecorded")[0].body)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"outcome": "lost"}, UnknownOutcome),
        ({"reason_code": "Résumé!"}, ReasonUnreadable),
        ({"caller_number": "call me"}, intake.CallerNumberUnreadable),
        ({"note": "x\x00"}, intake.TextUnreadable),
        ({"customer_id": uuid4()}, NotFound),
    ],
)
def test_a_bad_contact_is_refused(wrong: dict[str, object], error: type[DomainError]) -> None:
    good: dict[str, object] = {"channel": Channel.PHONE, "reason_code": "balance", "outcome": "information"}
    with pytest.raises(error):
        care.record_contact(**(good | wrong), at=MONDAY)  # type: ignore[arg-type]


def test_a_complaint_is_led_to_its_conclusion() -> None:
    opened = care.open_complaint(category="billing", channel=Channel.PHONE, note="多收费", at=MONDAY)
    moment = MONDAY
    for step in ("first_reply", "check", "handle", "answer", "call_back", "conclude"):
        moment += HOUR
        care.advance_complaint(complaint_id=opened.id, step=care.ComplaintStepKind(step), at=moment)
    seen = care.complaint(opened.id)
    assert (seen.state, seen.ended_at, seen.next_steps) == (
        care.ComplaintState.CONCLUDED,
        moment,
        (care.ComplaintStepKind.REOPEN,),
    )
    assert len(care.steps_of(opened.id)) == 6
    assert len(told("ComplaintClosed")) == 1


def test_a_regulators_case_is_escalated_from_the_start_and_a_rejected_answer_goes_back() -> None:
    opened = care.open_complaint(
        category="service_attitude", channel=Channel.REGULATOR, external_number="12345-77", at=MONDAY
    )
    assert care.complaint(opened.id).level == 2
    for step in ("first_reply", "check", "handle", "answer", "reject_answer"):
        state = care.advance_complaint(complaint_id=opened.id, step=care.ComplaintStepKind(step), at=MONDAY + HOUR)
    assert state == "handling"
    with pytest.raises(ComplaintStepRefused):
        care.advance_complaint(complaint_id=opened.id, step=care.ComplaintStepKind.CONCLUDE, at=MONDAY + HOUR)


def test_lists_filter_page_and_sort() -> None:
    home = make.home()
    numbers = [make.ticket(home=home, at=MONDAY + index * HOUR).number for index in range(3)]
    page = care.tickets.page({"state": "received", "customer": str(home.customer_id)})
    assert [row.number for row in page.rows] == numbers[::-1]
    care.open_complaint(category="price", channel=Channel.WEB, at=MONDAY)
    assert len(care.complaints.page({"level": "0"}).rows) == 1
    assert care.contacts.page({}).rows == []


def test_law_binds_broadband_and_a_tv_fault_has_no_statutory_limit_while_no_cable_rule_is_verified() -> None:
    broadband = care.ticket(make.ticket(at=MONDAY).id)
    television = care.ticket(make.ticket(service=Service.TV, fault_code="tv_fault", at=MONDAY).id)
    assert broadband.statutory_due_at == MONDAY + timedelta(hours=48)
    assert television.statutory_due_at is None
    assert television.assessment_due_at is not None


def test_the_invariants_hold_after_a_day_of_everything() -> None:
    home = make.home()
    make.resolved_ticket(home=home, at=MONDAY)
    again = make.resolved_ticket(home=home, at=MONDAY + timedelta(days=1))
    care.record_callback(ticket_id=again.id, reached=True, agrees=False, at=MONDAY + timedelta(days=2))
    done = make.resolved_ticket(at=MONDAY)
    care.record_callback(ticket_id=done.id, reached=True, agrees=True, at=MONDAY + timedelta(days=1))
    care.solve_on_phone(ticket_id=make.ticket(at=MONDAY).id, at=MONDAY + HOUR)
    care.cancel_ticket(ticket_id=make.ticket(at=MONDAY).id, reason_code="other", at=MONDAY + HOUR)
    names = [name for name in verifying.registry if name.startswith("care.")]
    assert len(names) == 4
    assert [finding for finding in verifying.verify(names) if finding.violations] == []


def test_the_invariants_see_a_ticket_whose_state_was_forged() -> None:
    opened = make.ticket(at=MONDAY)
    TroubleTicket.objects.filter(pk=opened.id).update(state="closed", work_order="work_order:x")
    found = {finding.name for finding in verifying.verify(["care.ticket_states_possible"]) if finding.violations}
    found |= {finding.name for finding in verifying.verify(["care.ticket_changes_lead_to_state"]) if finding.violations}
    assert found == {"care.ticket_states_possible", "care.ticket_changes_lead_to_state"}


def test_intake_counts_what_came_in_and_what_customers_said() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    care.record_callback(ticket_id=opened.id, reached=True, agrees=True, at=MONDAY + 6 * HOUR)
    care.record_rating(ticket_id=opened.id, score=8, at=MONDAY + 7 * HOUR)
    care.record_contact(channel=Channel.WEB, reason_code="balance", outcome="information", at=MONDAY)
    came = care.intake(MONDAY - HOUR, MONDAY + HOUR)
    assert came.contacts == {("information", "balance"): 1}
    assert [ticket.id for ticket in came.tickets] == [opened.id]
    answers = care.answers([opened.id], until=MONDAY + timedelta(days=1))
    assert (answers.tried, answers.agreed, answers.ratings, answers.mean_score) == (1, 1, 1, "8.0")


def test_one_report_costs_few_statements(django_assert_max_num_queries: Any) -> None:
    home = make.home()
    make.ticket(home=home, at=MONDAY)
    with django_assert_max_num_queries(14):
        make.ticket(home=home, at=MONDAY + HOUR)
