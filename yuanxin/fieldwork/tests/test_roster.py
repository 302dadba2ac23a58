"""Rosters, leave and loans decide who is sent: stories of a crew leader's morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.models import Duty, WorkOrder
from yuanxin.fieldwork.rules import roster_errors as errors
from yuanxin.fieldwork.rules.errors import NotATechnician
from yuanxin.fieldwork.rules.ownership import Mode
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.fieldwork.tests.test_ownership import the_city_works
from yuanxin.kernel import prepared
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.time import at_minute
from yuanxin.org import api as org_api
from yuanxin.org.tests import make as org

TUESDAY = date(2026, 3, 10)
WEDNESDAY = TUESDAY + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("field")


def write(person: UUID, *shifts: str, on: date = TUESDAY, at: datetime = MORNING) -> fieldwork.RosterWritten:
    """Write one cell as a crew leader."""
    return fieldwork.set_duties(cells=[fieldwork.RosterCell(person, on, shifts)], at=at)


def span(person: UUID, on: date = TUESDAY) -> fieldwork.ShiftSpan | None:
    """Return the person's day as the planner sees it."""
    return fieldwork.shifts_on(on, [person], MORNING).get(person)


def leave(person: UUID, first: date = TUESDAY, days: int = 1) -> UUID:
    """Let a leader write down sick leave for whole days."""
    with acting_as(make.as_staff(new_id(), "fieldwork.record_leave")):
        return fieldwork.record_leave(
            technician_id=person,
            kind=fieldwork.LeaveKind.SICK,
            starts_at=at_minute(first, 0),
            ends_at=at_minute(first + timedelta(days=days), 0),
            at=MORNING,
        )


def test_where_no_roster_was_made_the_rulebooks_shift_holds_for_everybody() -> None:
    person = make.technician()
    found = span(person)
    assert found is not None
    assert (found.starts_at, found.ends_at) == (at_minute(TUESDAY, 510), at_minute(TUESDAY, 1080))
    assert (found.kind, found.overtime_minutes) == ("", 120)
    assert found.breaks == ((at_minute(TUESDAY, 690), at_minute(TUESDAY, 780), 60),)


def test_with_a_roster_only_who_has_a_duty_comes() -> None:
    here, resting, forgotten = (make.technician(name) for name in ("在岗师傅", "轮休师傅", "漏排师傅"))
    write(here, "day")
    write(resting, "rest")
    assert set(fieldwork.shifts_on(TUESDAY, [here, resting, forgotten], MORNING)) == {here}
    assert set(fieldwork.shifts_on(WEDNESDAY, [here, resting], MORNING)) == {here, resting}
    order = make.order()
    assert {one.technician_id for one in fieldwork.candidates(order, minutes(5))} == {here}


def test_a_sick_technician_gets_no_visits() -> None:
    well, sick = make.technician("陈师傅"), make.technician("李师傅")
    leave(sick)
    orders = {make.order() for _ in range(4)}
    assigned = fieldwork.auto_dispatch(at=minutes(5)).assigned
    assert {one.work_order_id for one in assigned} == orders
    assert {one.technician_id for one in assigned} == {well}


def test_an_owner_on_leave_is_said_to_be_absent_and_another_goes() -> None:
    the_city_works(Mode.OWNER)
    owner, other = make.technician("包片师傅"), make.technician("别片师傅")
    order = make.order(grid_code=org.grid(owner=owner))
    leave(owner)
    told = fieldwork.advice(order, minutes(5))
    assert (told.ownership.verdict, told.ownership.owner_id) == ("absent", owner)
    assert [one.technician_id for one in told.candidates] == [other]
    (line,) = fieldwork.share_out([order], technician_id=None, at=minutes(5))
    assert line.starts_at is not None
    assert line.starts_at > at_minute(WEDNESDAY, 0)  # his day begins tomorrow


def test_who_is_lent_to_a_grid_owns_it_and_not_his_own() -> None:
    the_city_works(Mode.OWNER)
    lent, owner = make.technician("借调师傅"), make.technician("包片师傅")
    home, there = org.grid(owner=lent), org.grid(owner=owner)
    leave(owner)
    fieldwork.lend(technician_id=lent, unit_code=there, from_on=TUESDAY, to_on=TUESDAY, at=MORNING)
    away = fieldwork.advice(make.order(grid_code=home), minutes(5)).ownership
    assert (away.verdict, away.owner_id) == ("absent", lent)
    taken = fieldwork.advice(make.order(grid_code=there), minutes(5)).ownership
    assert (taken.verdict, taken.owner_id) == ("first", lent)
    found = span(lent)
    assert found is not None
    assert found.lent_to_unit_id == org_api.unit(there).id
    back = span(lent, WEDNESDAY)
    assert back is not None
    assert back.lent_to_unit_id is None


def test_the_next_free_time_of_a_crew_is_when_all_of_it_is_at_work() -> None:
    first, second = make.technician("陈师傅"), make.technician("李师傅")
    leave(second)
    order = WorkOrder.objects.get(pk=make.order())
    assert plans.next_start(order, [first], minutes(5)) == minutes(5)
    assert plans.next_start(order, [first, second], minutes(5)) == at_minute(WEDNESDAY, 510)
    write(first, "rest", on=WEDNESDAY)
    assert plans.next_start(order, [first, second], minutes(5)) == at_minute(WEDNESDAY + timedelta(days=1), 510)


def test_a_night_shift_runs_into_the_next_day() -> None:
    night, day = make.technician("夜班师傅"), make.technician("白班师傅")
    write(night, "night")
    write(day, "day")
    write(night, "rest", on=WEDNESDAY)
    write(day, "day", on=WEDNESDAY)
    found = span(night)
    assert found is not None
    assert (found.starts_at, found.ends_at) == (at_minute(TUESDAY, 1320), at_minute(WEDNESDAY, 390))
    people = [night, day]
    assert fieldwork.on_duty(people, at_minute(TUESDAY, 600)) == {day}
    assert fieldwork.on_duty(people, at_minute(TUESDAY, 1400)) == {night}
    assert fieldwork.on_duty(people, at_minute(WEDNESDAY, 120)) == {night}
    assert fieldwork.on_duty(people, at_minute(WEDNESDAY, 400)) == set()
    late = make.order(opened_at=at_minute(TUESDAY, 1290), due_at=at_minute(WEDNESDAY, 480))
    (one,) = fieldwork.auto_dispatch(at=at_minute(TUESDAY, 1300)).assigned
    assert (one.work_order_id, one.technician_id) == (late, night)
    second = make.order(opened_at=at_minute(TUESDAY, 1300))
    assert fieldwork.candidates(second, at_minute(TUESDAY, 1310))  # what is committed after midnight is seen


def test_at_one_in_the_morning_the_night_shift_is_sent() -> None:
    night, day = make.technician("夜班师傅"), make.technician("白班师傅")
    for person, shift in ((night, "night"), (day, "day")):
        write(person, shift)
        write(person, "rest" if shift == "night" else "day", on=WEDNESDAY)
    one = at_minute(WEDNESDAY, 60)
    left = fieldwork.shifts_on(WEDNESDAY, [night], one)[night]
    assert (left.starts_at, left.ends_at) == (at_minute(WEDNESDAY, 0), at_minute(WEDNESDAY, 390))
    assert left.breaks == ((at_minute(WEDNESDAY, 120), at_minute(WEDNESDAY, 180), 30),)
    urgent = make.order(opened_at=one, due_at=at_minute(WEDNESDAY, 240))
    (sent,) = fieldwork.auto_dispatch(at=one).assigned
    assert (sent.work_order_id, sent.technician_id) == (urgent, night)
    other = make.order(opened_at=at_minute(TUESDAY, 1380))
    evening = at_minute(TUESDAY, 1390)
    found = fieldwork.warnings_of(other, night, at_minute(WEDNESDAY, 200), evening)
    assert "absent" not in {warning.cause for warning in found}
    by_day = fieldwork.warnings_of(other, night, at_minute(WEDNESDAY, 500), evening)
    assert {warning.cause for warning in by_day} == {"absent"}


def test_a_night_and_an_early_shift_of_the_next_day_do_not_go_together() -> None:
    person = make.technician()
    write(person, "night")
    with pytest.raises(errors.ShiftsOverlap):
        write(person, "day 06:00-14:00", on=WEDNESDAY)
    write(person, "day 14:00-18:00", on=WEDNESDAY)
    assert Duty.objects.filter(withdrawn_at=None).count() == 2


def test_a_cell_is_replaced_and_the_same_again_is_left_alone() -> None:
    person = make.technician()
    assert (write(person, "day").created, write(person, "day").same) == (1, 1)
    assert write(person, "day 09:00-18:00").changed == 1
    assert write(person).cleared == 1
    assert span(person) is not None  # nobody has a row any more: the rulebook's shift holds again
    assert Duty.objects.filter(withdrawn_at=None).count() == 0


def test_one_wrong_cell_writes_nothing() -> None:
    person = make.technician()
    good = fieldwork.RosterCell(person, TUESDAY, ("day",))
    for wrong, error in (
        (fieldwork.RosterCell(person, WEDNESDAY, ("luna",)), errors.UnknownShift),
        (fieldwork.RosterCell(new_id(), WEDNESDAY, ("day",)), NotATechnician),
        (fieldwork.RosterCell(person, TUESDAY - timedelta(days=40), ("day",)), errors.RosterDayOutside),
    ):
        with pytest.raises(error):
            fieldwork.set_duties(cells=[good, wrong], at=MORNING)
    assert not Duty.objects.exists()


def test_what_the_law_forbids_needs_a_second_persons_word() -> None:
    person = make.technician()
    long_day = fieldwork.RosterCell(person, TUESDAY, ("day 07:00-20:00",))  # 11.5 hours without the break
    (finding,) = fieldwork.roster_draft([long_day], MORNING).stopping
    assert (finding.code, finding.article, finding.has) == ("day_overtime", "41", 210)
    with pytest.raises(errors.LabourLawForbids):
        fieldwork.set_duties(cells=[long_day], at=MORNING)
    leader = make.as_staff(new_id(), "fieldwork.ask_exemption", "fieldwork.approve_exemption")
    with acting_as(leader):
        asked = fieldwork.ask_exemption(
            technician_id=person,
            from_on=TUESDAY,
            to_on=TUESDAY,
            ground="urgent_repair",
            note="主干光缆抢修",
            at=MORNING,
        )
        with pytest.raises(errors.LeaveDecidedByAsker):
            fieldwork.approve_exemption(exemption_id=asked, at=MORNING)
    with pytest.raises(errors.LabourLawForbids):
        fieldwork.set_duties(cells=[long_day], at=MORNING)
    with acting_as(make.as_staff(new_id(), "fieldwork.approve_exemption")):
        fieldwork.approve_exemption(exemption_id=asked, at=MORNING)
    written = fieldwork.set_duties(cells=[long_day], at=MORNING)
    assert [(one.code, one.is_exempt) for one in written.findings] == [("day_overtime", True)]
    found = span(person)
    assert found is not None
    assert found.overtime_minutes == 0  # the plan asks nothing on top


def test_a_week_without_rest_is_refused_and_with_rest_it_is_a_warning_at_most() -> None:
    person = make.technician()
    monday = date(2026, 3, 16)
    week = [fieldwork.RosterCell(person, monday + timedelta(days=number), ("day",)) for number in range(7)]
    with pytest.raises(errors.LabourLawForbids) as refused:
        fieldwork.set_duties(cells=week, at=MORNING)
    assert refused.value.params["finding"] == "no_rest"
    written = fieldwork.set_duties(cells=week[:6], at=MORNING)
    assert [one.code for one in written.findings] == ["week_hours"]
    leave(person, monday + timedelta(days=5))
    assert fieldwork.findings_of([person], monday, monday, MORNING) == []  # a day of leave is not worked


def test_leave_is_asked_by_one_and_decided_by_another() -> None:
    person = make.technician()
    mine = make.as_staff(person, "fieldwork.ask_leave", "fieldwork.approve_leave", "fieldwork.withdraw_leave")
    with acting_as(mine):
        asked = fieldwork.ask_leave(
            kind=fieldwork.LeaveKind.ANNUAL,
            starts_at=at_minute(WEDNESDAY, 0),
            ends_at=at_minute(WEDNESDAY, 1440),
            at=MORNING,
        )
        with pytest.raises(errors.LeaveDecidedByAsker):
            fieldwork.approve_leave(leave_id=asked, at=MORNING)
        with pytest.raises(errors.LeaveOverlaps):
            fieldwork.ask_leave(
                kind=fieldwork.LeaveKind.SICK, starts_at=at_minute(WEDNESDAY, 600), ends_at=at_minute(WEDNESDAY, 700),
                at=MORNING,
            )  # fmt: skip
    assert span(person, WEDNESDAY) is not None
    assert [one.id for one in fieldwork.leave_to_decide()] == [asked]
    with acting_as(make.as_staff(new_id(), "fieldwork.approve_leave")):
        fieldwork.approve_leave(leave_id=asked, at=minutes(10))
        with pytest.raises(errors.NothingToDecide):
            fieldwork.approve_leave(leave_id=asked, at=minutes(11))
    assert span(person, WEDNESDAY) is None
    with acting_as(make.as_staff(new_id(), "fieldwork.end_leave")):
        fieldwork.end_leave(leave_id=asked, at=at_minute(WEDNESDAY, 720))
    afternoon = span(person, WEDNESDAY)
    assert afternoon is not None
    assert afternoon.starts_at == at_minute(WEDNESDAY, 720)


def test_nobody_without_the_right_writes_a_roster_or_leave() -> None:
    person = make.technician()
    with acting_as(make.as_staff(person, "fieldwork.ask_leave")):
        with pytest.raises(Refused):
            write(person, "rest")
        with pytest.raises(Refused):
            fieldwork.lend(technician_id=person, unit_code="4406040001", from_on=TUESDAY, to_on=TUESDAY, at=MORNING)


def test_a_loan_is_refused_by_name_and_can_be_taken_back() -> None:
    person, grid = make.technician(), org.grid()

    def lend(first: date, last: date, unit: str = grid) -> UUID:
        return fieldwork.lend(technician_id=person, unit_code=unit, from_on=first, to_on=last, at=MORNING)

    with pytest.raises(errors.LoanDaysRefused):
        lend(WEDNESDAY, TUESDAY)
    made = lend(TUESDAY, WEDNESDAY)
    with pytest.raises(errors.LoanOverlaps):
        lend(WEDNESDAY, WEDNESDAY)
    fieldwork.end_loan(loan_id=made, at=MORNING)
    with pytest.raises(errors.LoanOver):
        fieldwork.end_loan(loan_id=made, at=MORNING)
    assert [one.from_on for one in fieldwork.loans(TUESDAY, WEDNESDAY)] == []
    lend(WEDNESDAY, WEDNESDAY)


def test_a_whole_city_is_read_with_the_same_few_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [make.technician(f"师傅{number}") for number in range(6)]
    fieldwork.set_duties(cells=[fieldwork.RosterCell(one, TUESDAY, ("day",)) for one in people], at=MORNING)
    fieldwork.shifts_on(TUESDAY, people, MORNING)  # the rulebook is remembered now
    asked: list[str] = []
    run = prepared.run

    def counted(statement: str, arguments: Any = ()) -> Any:
        asked.append(statement)
        return run(statement, arguments)

    monkeypatch.setattr(prepared, "run", counted)
    with CaptureQueriesContext(connection) as others:
        assert len(fieldwork.shifts_on(TUESDAY, people, MORNING)) == 6
    assert (len(asked), len(others)) == (2, 0)
