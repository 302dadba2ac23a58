from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yuanxin.kernel import outbox
from yuanxin.kernel.errors import BadFilter
from yuanxin.kernel.ids import new_id
from yuanxin.published.care import (
    CallbackRecorded,
    ComplaintClosed,
    ComplaintOpened,
    TicketCancelled,
    TicketClosed,
    TicketResolved,
)
from yuanxin.published.codes import AreaClass, Channel, ClockKind, OrderKind, Service
from yuanxin.published.fieldwork import (
    AppointmentBooked,
    VisitArrived,
    VisitDeparted,
    VisitStarted,
    WorkOrderAccepted,
    WorkOrderCancelled,
    WorkOrderCreated,
    WorkOrderHeld,
    WorkOrderResumed,
    WorkOrderReturned,
)
from yuanxin.published.refs import ref
from yuanxin.published.standards import ClocksPaused, ClocksResumed, ClocksStarted, ClocksStopped
from yuanxin.standards.tests import make as standards_make
from yuanxin.supervision import api as supervision
from yuanxin.supervision import reactions, rules
from yuanxin.supervision.models import BoardRow
from yuanxin.supervision.tests import make
from yuanxin.supervision.tests.make import MORNING


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def listeners() -> dict[str, Any]:
    """The board's reactions by the name of their fact."""
    named = {name: reaction for name, reaction in vars(reactions).items() if "_when_" in name}
    return {reaction.__annotations__["fact"]: reaction for reaction in named.values()}


def feed(*facts: Any) -> None:
    """Hand facts to the board as the outbox would."""
    by_name = listeners()
    for fact in facts:
        reaction = by_name[type(fact).__name__]
        is_wanted = outbox.conditions.get(outbox.name_of(reaction))
        if is_wanted is None or is_wanted(fact):
            reaction(fact)


def the_line(subject: str, at: Any = MORNING) -> supervision.BoardLine:
    (line,) = [line for line in supervision.open_lines(at) if line.subject == subject]
    return line


def test_a_new_ticket_is_green_and_waits_for_the_dispatcher(foshan: str) -> None:
    fact = make.opened()
    feed(fact)
    line = the_line(fact.subject)
    assert (line.colour, line.shape, line.stage, line.next_step, line.owner) == (
        "green",
        "○",
        "opened",
        "assign",
        "dispatcher",
    )
    assert line.left == timedelta(hours=10)


def test_the_earlier_clock_gives_the_colour(foshan: str) -> None:
    fact = make.opened(hours=10, statutory_hours=2)
    feed(fact)
    assert the_line(fact.subject, MORNING + minutes(90)).colour == "amber"


def test_a_ticket_without_a_clock_has_no_colour(foshan: str) -> None:
    fact = make.opened(hours=None)
    feed(fact)
    assert the_line(fact.subject).colour == "none"


def story(ticket: str, work_order: str) -> list[Any]:
    """A repair from the call to the closed ticket, with a hold in between."""
    at, who = MORNING, new_id()
    both: dict[str, Any] = {"number": "W1", "cause": ticket, "subject": work_order}
    return [
        make.opened(ticket),
        AppointmentBooked(
            **both, at=at, customer_id=new_id(), window_from=at + minutes(60), window_to=at + minutes(180), version=1
        ),
        make.assigned(ticket, work_order, technician_id=who, at=at + minutes(5)),
        WorkOrderAccepted(**both, at=at + minutes(6), technician_id=who),
        VisitDeparted(**both, at=at + minutes(40), customer_id=new_id(), technician_id=who),
        VisitArrived(**both, at=at + minutes(60), technician_id=who, distance_m=12),
        VisitStarted(**both, at=at + minutes(61), technician_id=who),
        WorkOrderHeld(**both, at=at + minutes(70), reason_code="power"),
        ClocksPaused(subject=ticket, at=at + minutes(70), kinds=(ClockKind.ASSESSMENT,), reason_code="power"),
        WorkOrderResumed(**both, at=at + minutes(100)),
        ClocksResumed(subject=ticket, at=at + minutes(100), statutory_due_at=None, assessment_due_at=at + minutes(630)),
        ClocksStopped(
            subject=ticket,
            at=at + minutes(130),
            topic="fault.repair",
            statutory_late_minutes=None,
            assessment_late_minutes=0,
        ),
        TicketResolved(subject=ticket, at=at + minutes(130), number="T1", customer_id=new_id(), work_order=work_order),
        ClocksStarted(
            subject=ticket,
            at=at + minutes(130),
            topic="callback.after_close",
            service=Service.BROADBAND,
            statutory_due_at=None,
            assessment_due_at=at + minutes(130 + 1440),
            rule_ids=("P-11",),
            version_id=new_id(),
        ),
        CallbackRecorded(
            subject=ticket,
            at=at + minutes(200),
            ticket=ticket,
            work_order=work_order,
            reached=True,
            agrees=True,
            score=9,
        ),
        TicketClosed(subject=ticket, at=at + minutes(201), number="T1"),
    ]


def test_a_repair_walks_over_the_board_and_leaves_it(foshan: str) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    seen = []
    for fact in story(ticket, work_order):
        feed(fact)
        seen += [(line.stage, line.next_step) for line in supervision.open_lines(fact.at)]
    steps = [step for index, step in enumerate(seen) if index == 0 or step != seen[index - 1]]
    assert steps == [
        ("opened", "assign"),
        ("assigned", "accept"),
        ("accepted", "depart"),
        ("departed", "arrive"),
        ("arrived", "start"),
        ("started", "finish"),
        ("started", "resume"),
        ("started", "finish"),
        ("resolved", "call_back"),
        ("called_back", "close"),
    ]
    assert supervision.board(MORNING).all.total == 0


def test_a_held_order_is_hatched_and_its_clock_stands_still(foshan: str) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    feed(*story(ticket, work_order)[:9])
    line = the_line(ticket, MORNING + minutes(1000))
    assert (line.is_hatched, line.left, line.held_reason) == (True, minutes(530), "power")
    assert supervision.board(MORNING + minutes(1000)).all.paused == 1


def test_after_the_repair_the_clock_of_the_call_back_is_shown(foshan: str) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    feed(*story(ticket, work_order)[:14])
    line = the_line(ticket, MORNING + minutes(130))
    assert (line.clock_topic, line.left) == ("callback.after_close", minutes(1440))


def test_a_hold_of_the_assessment_clock_leaves_the_statutory_one_running(foshan: str) -> None:
    fact = make.opened(hours=10, statutory_hours=48)
    paused = ClocksPaused(
        subject=fact.subject, at=MORNING + minutes(60), kinds=(ClockKind.ASSESSMENT,), reason_code="power"
    )
    resumed = ClocksResumed(
        subject=fact.subject,
        at=MORNING + minutes(120),
        statutory_due_at=None,
        assessment_due_at=MORNING + minutes(660),
    )
    feed(fact, paused, resumed)
    line = the_line(fact.subject, MORNING + minutes(120))
    assert (line.statutory_due_at, line.assessment_due_at) == (MORNING + minutes(2880), MORNING + minutes(660))


def test_a_customer_who_disagrees_brings_the_ticket_back_with_a_new_clock(foshan: str) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    feed(*story(ticket, work_order)[:14])
    at = MORNING + minutes(300)
    again = standards_make.clocks(subject=ticket, at="2026-11-24 14:00")
    feed(
        CallbackRecorded(
            subject=ticket, at=at, ticket=ticket, work_order=work_order, reached=True, agrees=False, score=None
        )
    )
    line = the_line(ticket, at)
    assert (line.stage, line.technician_id, line.owner) == ("opened", None, "dispatcher")
    assert (line.clock_topic, line.statutory_due_at) == ("fault.repair", again.statutory_due_at)


def row_of(subject: str) -> dict[str, Any]:
    row = BoardRow.objects.filter(subject=subject).values().get()
    return {name: value for name, value in row.items() if name not in {"id", "stamps"}}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(1, 16))
def test_facts_in_any_order_and_twice_end_in_the_same_row(foshan: str, dice: Random, told: int) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    facts = story(ticket, work_order)[:told]
    feed(*facts)
    in_order = row_of(ticket)
    BoardRow.objects.filter(subject=ticket).delete()
    shuffled = facts + dice.sample(facts, len(facts) // 2)
    dice.shuffle(shuffled)
    feed(*shuffled)
    assert row_of(ticket) == in_order


def test_returned_work_belongs_to_nobody(foshan: str) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    feed(make.opened(ticket), make.assigned(ticket, work_order))
    feed(
        WorkOrderReturned(
            subject=work_order, at=MORNING + minutes(20), number="W1", cause=ticket, reason_code="no_parts"
        )
    )
    line = the_line(ticket)
    assert (line.technician_id, line.next_step, line.owner) == (None, "assign", "dispatcher")


def test_a_cancelled_ticket_leaves_the_board(foshan: str) -> None:
    fact = make.opened()
    feed(fact, TicketCancelled(subject=fact.subject, at=MORNING + minutes(1), number="T1", reason_code="duplicate"))
    assert supervision.open_lines(MORNING) == []


def test_cancelled_work_of_a_ticket_goes_back_to_the_agent(foshan: str) -> None:
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    feed(make.opened(ticket))
    feed(
        WorkOrderCancelled(
            subject=work_order, at=MORNING + minutes(1), number="W1", cause=ticket, reason_code="customer"
        )
    )
    assert the_line(ticket).owner == "agent"


def test_work_that_no_ticket_asked_for_has_its_own_row(foshan: str) -> None:
    cause = ref("order_item", new_id())
    feed(
        WorkOrderCreated(
            subject=ref("work_order", new_id()),
            at=MORNING,
            number="W2",
            cause=cause,
            order_kind=OrderKind.INSTALL,
            service=Service.TV,
            customer_id=new_id(),
            address_id=new_id(),
            grid_code="4406040002",
            area_class=AreaClass.URBAN,
            due_at=MORNING + minutes(60),
        )
    )
    line = the_line(cause)
    assert (line.stage, line.order_kind, line.left) == ("pooled", "install", minutes(60))


def test_a_complaint_waits_for_its_desk(foshan: str) -> None:
    subject = ref("complaint", new_id())
    feed(
        ComplaintOpened(
            subject=subject, at=MORNING, number="C1", customer_id=None, category="billing", channel=Channel.REGULATOR
        )
    )
    assert the_line(subject).owner == "complaint_desk"
    feed(ComplaintClosed(subject=subject, at=MORNING + minutes(5), number="C1"))
    assert supervision.open_lines(MORNING) == []


def test_the_figures_by_grid_and_technician(foshan: str, django_assert_num_queries: Any) -> None:
    who = new_id()
    for index, (hours, grid) in enumerate([(10, "A"), (10, "A"), (1, "B"), (2, "B"), (None, "B")]):
        ticket = ref("ticket", new_id())
        feed(make.opened(ticket, hours=hours, grid_code=grid, number=f"T{index}"))
        if grid == "A":
            feed(make.assigned(ticket, ref("work_order", new_id()), technician_id=who))
    supervision.board(MORNING)  # rules are read once per process
    with django_assert_num_queries(1):
        view = supervision.board(MORNING + minutes(70))
    assert (view.all.green, view.all.amber, view.all.overdue, view.all.none, view.all.total) == (2, 1, 1, 1, 5)
    assert view.by_grid["A"].green == 2
    assert view.by_technician[who].total == 2
    assert view.by_technician[None].total == 3


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 300), st.none() | st.integers(0, 300)), min_size=1, max_size=6))
def test_sql_and_rules_agree_on_every_colour(foshan: str, cases: list[Any]) -> None:
    BoardRow.objects.all().delete()
    for given_minutes, paused_after in cases:
        fact = make.opened(hours=None)
        feed(fact)
        BoardRow.objects.filter(subject=fact.subject).update(
            assessment_due_at=MORNING + minutes(given_minutes),
            assessment_paused_at=None if paused_after is None else MORNING + minutes(paused_after),
        )
    at = MORNING + minutes(100)
    by_rules: dict[str, int] = {}
    for line in supervision.open_lines(at):
        by_rules[line.colour] = by_rules.get(line.colour, 0) + 1
    view = supervision.board(at).all
    assert {colour: getattr(view, colour) for colour in by_rules} == by_rules
    assert view.total == len(cases)


def test_the_list_shows_the_most_urgent_first_with_step_and_owner(foshan: str) -> None:
    late, soon, never = make.opened(hours=5), make.opened(hours=1), make.opened(hours=None)
    feed(late, soon, never)
    page = supervision.open_clocks.page({})
    assert [row.subject for row in page.rows] == [soon.subject, late.subject, never.subject]
    assert {(row.next_step, row.owner) for row in page.rows} == {("assign", "dispatcher")}
    assert supervision.open_clocks.page({"owner": "technician"}).rows == []
    assert supervision.open_clocks.excel({})[:2] == b"PK"


def test_sql_and_rules_agree_on_every_next_step(foshan: str) -> None:
    subject = make.opened().subject
    for stage in rules.Stage:
        for kind in rules.Kind:
            for held in ("", "power"):
                BoardRow.objects.all().delete()
                BoardRow.objects.create(
                    subject=subject, kind=kind, stage=stage.code, held_reason=held, moved_at=MORNING
                )
                (row,) = supervision.open_clocks.page({}).rows
                (line,) = supervision.lines([row], MORNING)
                if stage is not rules.Stage.CLOSED:
                    assert (row.next_step, row.owner) == (line.next_step, line.owner)


@pytest.mark.parametrize("params", [{"technician": "x"}, {"owner": "nobody"}, {"due_before": "soon"}, {"sort": "shoe"}])
def test_a_filter_without_sense_is_named(foshan: str, params: dict[str, str]) -> None:
    with pytest.raises(BadFilter):
        supervision.open_clocks.page(params)
