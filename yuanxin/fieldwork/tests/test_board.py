"""The dispatcher's board: who is on duty, what is committed, what waits; the cost does not grow with the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make
from yuanxin.kernel.time import local_day
from yuanxin.org.tests import make as org
from yuanxin.parties.api import Coordinate
from yuanxin.parties.tests import make as parties

pytestmark = pytest.mark.usefixtures("field")
TODAY = local_day(make.MORNING)
MOST_STATEMENTS = 12


def board(minute: float = 2) -> fieldwork.BoardDay:
    return fieldwork.board_of(TODAY, make.minutes(minute))


def stand(technician: Any, minute: float) -> None:
    """Let a phone tell where it is."""
    batch = fieldwork.PositionBatch([technician], [make.minutes(minute)], [113.12], [23.02], [8])
    fieldwork.record_positions(batch=batch, at=make.minutes(minute))


def test_a_job_is_either_waiting_or_in_somebody_s_row() -> None:
    me = make.technician("区师傅")
    grid = org.grid(owner=me)
    estate = parties.estate("南桂花园", grid_code=grid)
    waiting = make.order(address_id=parties.address(estate_id=estate), grid_code=grid)
    planned = make.assigned(me)
    shown = board()
    (row,) = [one for one in shown.technicians if one.id == me]
    assert (row.name, row.grids) == ("区师傅", (grid,))
    assert row.shift is not None
    assert row.shift.starts_at < make.MORNING < row.shift.ends_at
    assert [(job.id, job.place, job.grid_code) for job in shown.unassigned] == [(waiting, "南桂花园", grid)]
    assert [(one.job.id, one.technician_id, one.leads) for one in shown.visits] == [(planned, me, True)]
    assert shown.unassigned[0].lng == pytest.approx(parties.TOWN_HALL.lng)


def test_the_most_urgent_order_comes_first_and_its_countdown_turns_before_it_is_due() -> None:
    late = make.order(due_at=make.minutes(400))
    soon = make.order(due_at=make.minutes(100))
    first, second = board().unassigned
    assert (first.id, second.id) == (soon, late)
    assert first.amber_at is not None
    assert first.red_at is not None
    assert first.due_at is not None
    assert first.opened_at < first.amber_at < first.red_at < first.due_at


def test_an_order_with_a_window_waits_only_on_the_day_of_the_window() -> None:
    order = make.order(due_at=make.minutes(60 * 72))
    tomorrow = make.minutes(60 * 24)
    fieldwork.book_appointment(
        work_order_id=order, window_from=tomorrow, window_to=tomorrow + timedelta(hours=2), at=make.minutes(1)
    )
    assert board().unassigned == ()
    assert [job.id for job in fieldwork.board_of(local_day(tomorrow), make.minutes(2)).unassigned] == [order]
    assert [job.id for job in fieldwork.board_of(local_day(tomorrow), tomorrow + timedelta(hours=3)).unassigned]


def test_a_position_is_shown_only_while_it_is_fresh_and_its_owner_on_duty() -> None:
    me = make.technician()
    make.working(me)
    stand(me, 66)
    stand_of = {one.id: one.position for one in board(67).technicians}
    assert stand_of[me] is not None
    assert {one.id: one.position for one in board(66 + 60).technicians}[me] is None, "an old one"
    night = make.minutes(14 * 60)
    stand(me, 14 * 60)
    assert {one.id: one.position for one in fieldwork.board_of(TODAY, night).technicians}[me] is None, "off duty"


def test_what_is_wrong_with_a_visit_is_said_by_code() -> None:
    me = make.technician()
    late = make.assigned(me, start=60, due_at=make.minutes(90))
    make.assigned(me, start=300, due_at=make.minutes(900))
    flags = {one.job.id: one.flags for one in board().visits}
    assert flags[late] == ("late",)
    assert set(flags.values()) == {("late",), ()}
    assert {one.job.id: one.flags for one in board(95).visits}[late] == ("overdue", "behind")


def test_the_way_between_two_visits_is_told_and_too_little_time_for_it() -> None:
    me = make.technician()
    there = parties.address(estate_id=parties.estate(point=Coordinate(113.3, 23.2)))
    first = make.assigned(me, start=60)
    span = next(one for one in board().visits if one.job.id == first)
    length = (span.ends_at - make.MORNING).total_seconds() / 60
    make.assigned(me, start=length, address_id=there)
    before, after = board().visits
    assert before.travel_minutes is None
    assert after.travel_minutes is not None
    assert after.travel_minutes > 20
    assert after.flags == ("tight",)


def test_the_board_costs_the_same_for_one_order_and_for_many(django_assert_max_num_queries: Any) -> None:
    people = [make.technician(f"师傅{n}") for n in range(4)]
    for nth in range(12):
        make.assigned(people[nth % 4], start=60 + 90 * (nth // 4))
        make.order()
    with django_assert_max_num_queries(MOST_STATEMENTS):
        shown = board()
    assert (len(shown.visits), len(shown.unassigned)) == (12, 12)
