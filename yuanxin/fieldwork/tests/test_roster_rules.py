"""What a person's day comes to when shifts, nights, trainings and leave meet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.fieldwork.rules.roster import DutyKind, ShiftTemplate, Stretch, overlaps, span_of, without, worked_minutes
from yuanxin.fieldwork.rules.roster_cells import RosterCell, hours_text, shift_text, stints_of
from yuanxin.fieldwork.rules.roster_errors import ShiftHoursRefused, ShiftsOverlap, UnknownShift
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.time import at_minute

TUESDAY = date(2026, 3, 10)
TEMPLATES = {
    one.code: one
    for one in (
        ShiftTemplate("day", DutyKind.DAY, (480, 1050), (690, 780, 90)),
        ShiftTemplate("split", DutyKind.DAY, (450, 1260), (690, 690, 330)),
        ShiftTemplate("night", DutyKind.NIGHT, (1320, 1830), (1560, 1620, 30)),
        ShiftTemplate("training", DutyKind.TRAINING, (840, 1050), None),
        ShiftTemplate("on_call", DutyKind.ON_CALL, (1080, 1320), None),
        ShiftTemplate("rest", DutyKind.REST, None, None),
    )
}
PLANNED = (DutyKind.DAY, DutyKind.NIGHT, DutyKind.HOLIDAY)


def clock(text: str, day: date = TUESDAY) -> datetime:
    """Return the instant of a wall-clock time of the day."""
    hours, minutes = text.split(":")
    return at_minute(day, int(hours) * 60 + int(minutes))


def cell(*shifts: str) -> RosterCell:
    """Make a cell of the story's day."""
    return RosterCell(new_id(), TUESDAY, shifts)


def test_a_day_shift_has_its_lunch() -> None:
    span = span_of([TEMPLATES["day"].on(TUESDAY)], (), PLANNED, 60)
    assert span is not None
    assert (span.starts_at, span.ends_at) == (clock("8:00"), clock("17:30"))
    assert span.breaks == ((clock("11:30"), clock("13:00"), 90),)
    assert (span.overtime_minutes, span.kind) == (60, "day")


def test_a_night_shift_ends_on_the_next_day() -> None:
    span = span_of([TEMPLATES["night"].on(TUESDAY)], (), PLANNED, 0)
    assert span is not None
    assert span.ends_at == clock("6:30", TUESDAY + timedelta(days=1))
    assert TEMPLATES["night"].on(TUESDAY).minutes == 480


@pytest.mark.parametrize("shift", ["rest", "on_call", "training"])
def test_rest_on_call_and_training_send_nobody(shift: str) -> None:
    assert span_of([TEMPLATES[shift].on(TUESDAY)], (), PLANNED, 0) is None


def test_a_training_takes_the_afternoon() -> None:
    morning = TEMPLATES["day"].on(TUESDAY, (480, 840))
    span = span_of([morning, TEMPLATES["training"].on(TUESDAY)], (), PLANNED, 0)
    assert span is not None
    assert span.ends_at == clock("14:00")


def test_leave_of_a_morning_leaves_the_afternoon_without_lunch() -> None:
    away = [(clock("0:00"), clock("13:00"))]
    span = span_of([TEMPLATES["day"].on(TUESDAY)], away, PLANNED, 0)
    assert span is not None
    assert (span.starts_at, span.ends_at) == (clock("13:00"), clock("17:30"))
    assert span.breaks == ((clock("13:00"), clock("13:00"), 90),)
    late = [(clock("0:00"), clock("13:30"))]
    after = span_of([TEMPLATES["day"].on(TUESDAY)], late, PLANNED, 0)
    assert after is not None
    assert after.breaks == ()
    assert worked_minutes(TEMPLATES["day"].on(TUESDAY), late) == 240


def test_an_hour_at_the_doctor_is_a_break_of_that_hour() -> None:
    away = [(clock("9:00"), clock("10:00"))]
    span = span_of([TEMPLATES["day"].on(TUESDAY)], away, PLANNED, 0)
    assert span is not None
    assert span.breaks[0] == (clock("9:00"), clock("9:00"), 60)


def test_leave_of_the_whole_day_leaves_nobody() -> None:
    assert span_of([TEMPLATES["day"].on(TUESDAY)], [(clock("0:00"), clock("24:00"))], PLANNED, 0) is None


def test_cells_are_read_and_written_alike() -> None:
    (plain,) = stints_of(cell("day"), TEMPLATES)
    (own,) = stints_of(cell("day 09:00-18:00"), TEMPLATES)
    (night,) = stints_of(cell("night 20:00-04:00"), TEMPLATES)
    assert (shift_text(plain, TEMPLATES), hours_text(plain)) == ("day", "08:00-17:30")
    assert shift_text(own, TEMPLATES) == "day 09:00-18:00"
    assert night.span == (clock("20:00"), clock("4:00", TUESDAY + timedelta(days=1)))


@pytest.mark.parametrize(
    ("shifts", "error"),
    [
        (("luna",), UnknownShift),
        (("",), UnknownShift),
        (("day 25:00-26:00",), ShiftHoursRefused),
        (("day 09:00",), ShiftHoursRefused),
        (("day 09:00-09:00",), ShiftHoursRefused),
        (("rest 09:00-10:00",), ShiftHoursRefused),
        (("day", "training"), ShiftsOverlap),
        (("day", "rest"), ShiftsOverlap),
        (("rest", "rest"), ShiftsOverlap),
    ],
)
def test_what_no_cell_can_say_is_refused_by_name(shifts: tuple[str, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        stints_of(cell(*shifts), TEMPLATES)


def test_a_day_and_on_call_after_it_stand_in_one_cell() -> None:
    assert not overlaps(stints_of(cell("day", "on_call"), TEMPLATES))


def test_a_night_meets_the_next_mornings_early_shift() -> None:
    night = TEMPLATES["night"].on(TUESDAY)
    early = TEMPLATES["day"].on(TUESDAY + timedelta(days=1), (360, 900))
    assert overlaps([night, early])


SPANS = st.lists(st.tuples(st.integers(0, 1400), st.integers(1, 300)), max_size=5)


@given(SPANS, SPANS)
def test_nothing_is_left_inside_a_hole_and_nothing_else_is_lost(
    spans: list[tuple[int, int]], holes: list[tuple[int, int]]
) -> None:
    def stretches(numbers: list[tuple[int, int]]) -> list[Stretch]:
        return [(at_minute(TUESDAY, begins), at_minute(TUESDAY, begins + length)) for begins, length in numbers]

    def minutes(numbers: list[Stretch]) -> set[datetime]:
        return {
            begins + timedelta(minutes=step)
            for begins, ends in numbers
            for step in range((ends - begins) // timedelta(minutes=1))
        }

    left = without(stretches(spans), stretches(holes))
    assert minutes(left) == minutes(stretches(spans)) - minutes(stretches(holes))
    assert all(ended < begins for (_, ended), (begins, _) in pairwise(left))
