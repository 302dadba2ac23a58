"""The demo's roster: lawful for everybody, and its exceptions stand where they are said to."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.tests.make import at
from yuanxin.org.tests import make as org
from yuanxin.simulation.seeding import organisation, roster
from yuanxin.simulation.seeding.city import MORNING
from yuanxin.standards.tests import make as standards

START = at("2026-10-25 09:10")
DAY = timedelta(days=1)


@pytest.mark.usefixtures("foshan")
def test_the_demos_roster_is_lawful_and_has_its_exceptions() -> None:
    standards.rulebooks()
    standards.calendar()
    laid = organisation.grids(10)
    for grid in laid:
        org.grid(grid.code)
    crew = list(organisation.hire_technicians(laid, 20, random.Random(1), at=START).values())
    numbered = {f"T{index + 1:04d}": person for index, person in enumerate(crew)}
    roster.write_roster(numbered, [grid.code for grid in laid], morning=MORNING, at=START)
    today = MORNING.date()
    assert fieldwork.findings_of(crew, today - DAY, today + 19 * DAY, MORNING) == []
    assert all(day.is_made for day in fieldwork.roster(today - DAY, today + 19 * DAY, MORNING).days)
    assert len(fieldwork.on_duty(crew, MORNING)) == 18
    assert fieldwork.on_duty(crew, MORNING + 14 * DAY / 24) == {crew[roster.NIGHT]}
    by_day = [fieldwork.shifts_on(today + number * DAY, crew, MORNING) for number in range(4)]
    assert [crew[roster.SICK] in found for found in by_day] == [False, False, True, True]
    assert [crew[roster.TRAINED] in found for found in by_day] == [True, True, False, True]
    lent = [found[crew[roster.LENT]].lent_to_unit_id is not None for found in by_day]
    assert lent == [False, True, True, True]
