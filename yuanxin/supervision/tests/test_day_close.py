"""The day's end: what has no name or no instant stands on top, and what was signed stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yuanxin.kernel import clock
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.org.tests import make as org_make
from yuanxin.published.care import TicketChased
from yuanxin.published.codes import Segment
from yuanxin.published.fieldwork import CloseoutSentBack, CloseoutSubmitted, WorkOrderHandedOver
from yuanxin.published.refs import ref
from yuanxin.supervision import api as supervision
from yuanxin.supervision import rules
from yuanxin.supervision.models import BoardRow, NamedStep
from yuanxin.supervision.rules import Kind, Named, OpenWork, Stage
from yuanxin.supervision.tests import make
from yuanxin.supervision.tests.make import MORNING
from yuanxin.supervision.tests.test_board import feed, minutes, row_of, story

EVENING = MORNING + timedelta(hours=8, minutes=30)


def ticket(grid_code: str = "4406040001", **options: Any) -> str:
    fact = make.opened(grid_code=grid_code, **options)
    feed(fact)
    return fact.subject


def lines(grid_code: str = "4406040001") -> dict[str, supervision.SignedLine]:
    return {line.subject: line for line in supervision.lines_of(grid_code)}


def row_id(subject: str) -> UUID:
    found: UUID = BoardRow.objects.get(subject=subject).pk
    return found


def test_an_order_that_nobody_has_stands_on_top_until_a_leader_names_somebody(foshan: str) -> None:
    settled, loose = ticket(), ticket(hours=30)
    who = new_id()
    feed(make.assigned(settled, ref("work_order", new_id()), technician_id=who))
    assert [line.subject for line in supervision.lines_of("4406040001")] == [loose, settled]
    assert (lines()[settled].person_id, lines()[settled].is_missing) == (who, False)
    assert (lines()[loose].step, lines()[loose].owner, lines()[loose].is_missing) == ("assign", "dispatcher", True)
    leader, tonight = org_make.staff("dispatcher"), EVENING + minutes(60)
    supervision.name_next_steps(row_ids=[row_id(loose)], person_id=leader, until=tonight, at=EVENING)
    assert (lines()[loose].person_id, lines()[loose].until, lines()[loose].is_missing) == (leader, tonight, False)


def test_a_name_is_forgotten_when_the_order_moves_on(foshan: str) -> None:
    loose, who = ticket(), new_id()
    leader = org_make.staff("dispatcher")
    supervision.name_next_steps(row_ids=[row_id(loose)], person_id=leader, until=EVENING + minutes(60), at=EVENING)
    feed(make.assigned(loose, ref("work_order", new_id()), technician_id=who, at=EVENING + minutes(5)))
    assert lines()[loose].person_id == who


def test_only_running_orders_people_of_the_city_and_instants_to_come_are_named(foshan: str) -> None:
    leader, later = org_make.staff("dispatcher"), EVENING + minutes(5)
    with pytest.raises(NotFound):
        supervision.name_next_steps(row_ids=[new_id()], person_id=leader, until=later, at=EVENING)
    with pytest.raises(NotFound):
        supervision.name_next_steps(row_ids=[row_id(ticket())], person_id=new_id(), until=later, at=EVENING)
    with pytest.raises(supervision.UntilPassed) as caught:
        supervision.name_next_steps(row_ids=[row_id(ticket())], person_id=leader, until=EVENING, at=EVENING)
    assert caught.value.field == "until"


def test_what_was_signed_stays_as_it_was(foshan: str) -> None:
    grid = org_make.grid()
    loose = ticket(grid)
    with pytest.raises(supervision.RemarkNeeded) as caught:
        supervision.sign_day(unit_code=grid, remark=" ", at=EVENING)
    assert (caught.value.field, caught.value.params["missing"]) == ("remark", 1)
    signed = supervision.sign_day(unit_code=grid, remark="明早八点派", at=EVENING)
    feed(make.assigned(loose, ref("work_order", new_id()), at=EVENING + minutes(5)))
    (line,) = supervision.sign_off_lines(signed)
    assert (line["subject"], line["stage"], line["step"], line["is_missing"]) == (loose, "opened", "assign", True)
    kept = supervision.sign_offs(date(2026, 11, 24))[grid]
    assert (kept.id, kept.open_orders, kept.missing, kept.remark) == (signed, 1, 1, "明早八点派")
    fact = FactRecord.objects.get(name="DaySigned")
    assert fact.body["unit_code"] == grid
    assert "remark" not in fact.body


def test_a_later_signature_counts_and_a_settled_grid_needs_no_remark(foshan: str) -> None:
    grid = org_make.grid()
    loose = ticket(grid)
    supervision.sign_day(unit_code=grid, remark="先签", at=EVENING)
    feed(make.assigned(loose, ref("work_order", new_id()), at=EVENING + minutes(5)))
    again = supervision.sign_day(unit_code=grid, at=EVENING + minutes(10))
    assert supervision.sign_offs(date(2026, 11, 24))[grid].id == again
    assert supervision.sign_offs(date(2026, 11, 25)) == {}
    with pytest.raises(NotFound):
        supervision.sign_day(unit_code="440699", at=EVENING)


def test_grids_are_listed_with_what_is_open_and_unsettled(foshan: str) -> None:
    ticket("4406040001")
    ticket("4406040002")
    feed(make.assigned(ticket("4406040002"), ref("work_order", new_id())))
    assert [(unit.unit_code, unit.open_orders, unit.missing) for unit in supervision.units_today()] == [
        ("4406040001", 1, 1),
        ("4406040002", 2, 1),
    ]


WORKS = st.builds(
    OpenWork,
    kind=st.sampled_from(list(Kind)),
    stage=st.sampled_from([stage for stage in Stage if stage is not Stage.CLOSED]),
    held_reason=st.sampled_from(["", "power"]),
    technician_id=st.sampled_from([None, new_id()]),
    window_to=st.sampled_from([None, MORNING + minutes(180)]),
    planned_from=st.sampled_from([None, MORNING + minutes(60)]),
    due_at=st.sampled_from([None, MORNING + minutes(600)]),
)
NAMES = st.none() | st.builds(
    Named, stage=st.sampled_from(list(Stage)), person_id=st.just(new_id()), until=st.just(MORNING + minutes(90))
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(st.tuples(WORKS, NAMES), min_size=1, max_size=12))
def test_sql_and_rules_agree_on_every_line(foshan: str, cases: list[tuple[OpenWork, Named | None]]) -> None:
    BoardRow.objects.all().delete()
    wanted = {}
    for work, named in cases:
        subject = ref("ticket", new_id())
        wanted[subject] = rules.day_line(work, named)
        stored = {name: value for name, value in vars(work).items() if name not in {"due_at", "stage", "kind"}}
        BoardRow.objects.create(
            subject=subject, kind=work.kind, stage=work.stage.code, assessment_due_at=work.due_at, moved_at=MORNING,
            grid_code="g", **stored,
        )  # fmt: skip
        if named:
            told = {"person_id": named.person_id, "until": named.until, "named_by": "t", "named_at": MORNING}
            NamedStep.objects.create(subject=subject, stage=named.stage.code, **told)
    for subject, line in lines("g").items():
        said = wanted[subject]
        assert said is not None
        assert (line.step, line.owner, line.person_id, line.until, line.why, line.is_missing) == (
            said.step, said.owner, said.person_id, said.until, said.why, said.is_missing,
        )  # fmt: skip


def new_facts(ticket_ref: str, work_order: str) -> list[Any]:
    """A hand-over, a close-out that is looked at and sent back, and a customer who asks twice."""
    both: dict[str, Any] = {"number": "W1", "cause": ticket_ref, "subject": work_order}
    who, at = new_id(), MORNING
    return [
        TicketChased(subject=ticket_ref, at=at + minutes(3), number="T1", work_order=None, chases=1),
        WorkOrderHandedOver(
            **both, at=at + minutes(62), from_segment=Segment.FIELD, to_segment=Segment.LINE, reason_code="line"
        ),
        TicketChased(subject=ticket_ref, at=at + minutes(63), number="T1", work_order=None, chases=2),
        CloseoutSubmitted(**both, at=at + minutes(120), technician_id=who, reasons=("outside_fence",)),
        CloseoutSentBack(**both, at=at + minutes(125), technician_id=who, reason_code="photo"),
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms(use_true_random=False))
def test_the_new_facts_in_any_order_and_twice_end_in_the_same_row(foshan: str, dice: Random) -> None:
    ticket_ref, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    facts = [*story(ticket_ref, work_order)[:7], *new_facts(ticket_ref, work_order)]
    feed(*sorted(facts, key=lambda fact: fact.at))
    straight = row_of(ticket_ref)
    BoardRow.objects.filter(subject=ticket_ref).delete()
    mixed = [*facts, *dice.sample(facts, 3)]
    dice.shuffle(mixed)
    feed(*mixed)
    assert row_of(ticket_ref) == straight
    assert (straight["stage"], straight["segment"], straight["chases"]) == ("sent_back", "line", 2)


def test_a_look_at_a_close_out_is_the_dispatchers_and_a_repetition_the_technicians(foshan: str) -> None:
    ticket_ref, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    facts = [*story(ticket_ref, work_order)[:7], *new_facts(ticket_ref, work_order)]
    feed(*facts[:-1])
    (line,) = supervision.open_lines(MORNING + minutes(121))
    assert (line.stage, line.next_step, line.owner) == ("review", "review", "dispatcher")
    feed(facts[-1])
    (line,) = supervision.open_lines(MORNING + minutes(126))
    assert (line.stage, line.next_step, line.owner) == ("sent_back", "finish", "technician")


def test_every_figure_of_the_board_opens_its_rows(foshan: str) -> None:
    with clock.standing_at(MORNING + minutes(570)):
        for hours in (10, 12, 24, 9):
            ticket(hours=hours)
        ticket(hours=None)
        shown = supervision.board(clock.now())
        for colour in ("green", "amber", "red", "overdue", "none"):
            assert supervision.open_clocks.count({"colour": colour}) == getattr(shown.all, colour), colour
        assert (shown.near, shown.far) == (1, 1)
        assert supervision.open_clocks.count({"foretold": "near"}) == shown.near
        assert supervision.open_clocks.count({"foretold": "near,far"}) == shown.far
        assert supervision.open_clocks.count({"nobody": "yes"}) == 5
