"""Earlier reports of a home and of its network path, and what the agent decides about them."""

from datetime import timedelta

import pytest

from yuanxin.care import api as care
from yuanxin.care.models import DuplicateDecision
from yuanxin.care.rules import duplicates as rules
from yuanxin.care.rules.errors import TicketEnded
from yuanxin.care.tests import make
from yuanxin.inventory.tests import make as inventory
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests.make import at
from yuanxin.published.codes import Service
from yuanxin.standards import api as standards
from yuanxin.standards.tests import make as make_standards

MONDAY = at("2026-11-23 09:10")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
SEEN_NONE = care.Decision(care.DecisionKind.NONE_SEEN)
REPEAT = care.Decision(care.DecisionKind.REPEAT)
OTHER = care.Decision(care.DecisionKind.OTHER_FAULT, "other_room")


@pytest.fixture
def home(foshan: str) -> make.Home:
    """The seed rulebooks bind; a home that will report."""
    make_standards.rulebooks()
    make_standards.calendar()
    return make.home()


def test_two_agents_on_one_caller_open_one_ticket(home: make.Home) -> None:
    make.ticket(home=home, duplicate_decision=SEEN_NONE, at=MONDAY)
    with pytest.raises(rules.DuplicateDecisionMissing) as refused:
        make.ticket(home=home, duplicate_decision=SEEN_NONE, at=MONDAY + 4 * SECOND)
    assert refused.value.field == "decision"
    seen = care.duplicates(home.address_id, Service.BROADBAND, MONDAY + 4 * SECOND)
    assert [one.opened_by for one in seen.open_tickets] == ["staff:00000000-0000-7000-8000-000000000001"]


def test_the_same_fault_is_attached_as_a_chase_and_the_decision_kept(home: make.Home) -> None:
    first = make.ticket(home=home, at=MONDAY)
    assert care.attach_report(ticket_id=first.id, note="又打来了", at=MONDAY + HOUR) == 1
    assert len(care.tickets_of(home.customer_id)) == 1
    kept = DuplicateDecision.objects.get()
    assert (kept.kind, kept.earlier_id, kept.ticket_id) == ("same_fault", first.id, None)
    assert FactRecord.objects.filter(name="TicketChased").count() == 1
    assert care.thread(f"ticket:{first.id}")[0].kind == "chase"
    care.cancel_ticket(ticket_id=first.id, reason_code="customer", at=MONDAY + HOUR)
    with pytest.raises(TicketEnded):
        care.attach_report(ticket_id=first.id, at=MONDAY + HOUR)


def test_another_fault_needs_its_reason(home: make.Home) -> None:
    first = make.ticket(home=home, at=MONDAY)
    wrong = care.Decision(care.DecisionKind.OTHER_FAULT)
    with pytest.raises(rules.OtherFaultReasonMissing):
        make.ticket(home=home, duplicate_decision=wrong, at=MONDAY + HOUR)
    second = make.ticket(home=home, duplicate_decision=OTHER, at=MONDAY + HOUR)
    kept = DuplicateDecision.objects.get(ticket=second.id)
    assert (kept.kind, kept.reason_code, kept.candidates) == ("other_fault", "other_room", [str(first.id)])


def test_a_repeat_is_flagged_by_the_agent_and_another_fault_is_not(home: make.Home) -> None:
    first = make.resolved_ticket(home=home, at=MONDAY)
    later = MONDAY + timedelta(days=10)
    assert care.duplicates(home.address_id, Service.BROADBAND, later).repeat_of is not None
    again = make.ticket(home=home, duplicate_decision=REPEAT, at=later)
    assert care.ticket(again.id).repeat_of == first.id
    assert DuplicateDecision.objects.get(ticket=again.id).earlier_id == first.id
    elsewhere = make.home()
    make.resolved_ticket(home=elsewhere, at=MONDAY)
    other = make.ticket(home=elsewhere, duplicate_decision=OTHER, at=later)
    assert care.ticket(other.id).repeat_of is None
    with pytest.raises(rules.NothingToRepeat):
        make.ticket(home=make.home(), duplicate_decision=REPEAT, at=later)


def test_machines_are_not_asked_and_the_rule_alone_flags(home: make.Home) -> None:
    make.resolved_ticket(home=home, at=MONDAY)
    again = make.ticket(home=home, at=MONDAY + timedelta(days=10))
    assert care.ticket(again.id).repeat_of is not None
    assert not DuplicateDecision.objects.exists()


def test_another_service_of_the_home_is_shown_and_needs_no_decision(home: make.Home) -> None:
    tv = make.ticket(home=home, service=Service.TV, fault_code="tv_fault", at=MONDAY)
    seen = care.duplicates(home.address_id, Service.BROADBAND, MONDAY + MINUTE)
    assert [one.id for one in seen.other_services] == [tv.id]
    assert not seen.needs_decision
    both = make.ticket(home=home, duplicate_decision=SEEN_NONE, at=MONDAY + MINUTE)
    assert DuplicateDecision.objects.get(ticket=both.id).candidates == [str(tv.id)]


def test_many_homes_under_one_node_within_minutes_are_a_sign_of_an_outage(home: make.Home) -> None:
    inventory.nodes()
    threshold = standards.parameter("ticket.triage", "same_node_reports", at=MONDAY)
    minutes = standards.parameter("ticket.triage", "within_minutes", at=MONDAY)
    homes = [make.home() for _ in range(threshold)]
    for one in homes:
        inventory.path(one.address_id)
    for number, one in enumerate(homes[:-1]):
        make.ticket(home=one, at=MONDAY + number * SECOND)
    seen = care.duplicates(homes[-1].address_id, Service.BROADBAND, MONDAY + MINUTE)
    assert seen.node is not None
    assert (seen.node.reports, seen.node.is_outage, len(seen.under_node)) == (threshold, True, threshold - 1)
    assert not seen.needs_decision
    opened = make.ticket(home=homes[-1], duplicate_decision=SEEN_NONE, at=MONDAY + MINUTE)
    kept = DuplicateDecision.objects.get(ticket=opened.id)
    assert (kept.node_code, kept.node_reports) == (seen.node.node_code, threshold)
    late = MONDAY + (minutes + 2) * MINUTE
    assert care.duplicates(homes[0].address_id, Service.TV, late).node is None
    assert care.duplicates(home.address_id, Service.TV, MONDAY + MINUTE).node is None


def earlier(trail: str, seconds: int = 0) -> rules.EarlierTicket:
    return rules.EarlierTicket(new_id(), "T", MONDAY - seconds * SECOND, None, address_id=new_id(), trail=trail)


def test_the_node_with_enough_homes_wins_over_a_lower_one_with_fewer() -> None:
    recent = [earlier("A/N1/M1/"), earlier("A/N1/M2/"), earlier("A/N1/M2/"), earlier("A/N2/M9/")]
    sign, below = rules.node_sign(
        [("M1", "amplifier"), ("N1", "optical_node")],
        recent,
        address_id=new_id(),
        at=MONDAY,
        window=10 * MINUTE,
        threshold=4,
    )
    assert sign == rules.NodeSign("N1", "optical_node", 4, True)
    assert len(below) == 3
