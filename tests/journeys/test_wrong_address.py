"""A wrong address point, corrected from the field: no fraud, a photo and a reason; a dispatcher moves the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tests.journeys import story
from tests.journeys.story import TOWN_HALL, at
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.rules.errors import ArrivedFarAway
from yuanxin.fieldwork.tests.make import photo
from yuanxin.kernel import acting
from yuanxin.kernel.tests import make
from yuanxin.org import api as org
from yuanxin.parties import api as parties

CALL = at("2026-03-10 09:10")
REAL = (TOWN_HALL.lng + 0.009, TOWN_HALL.lat)  # about 920 m east of where the books say


def drive(work: UUID, who: UUID, start: datetime) -> None:
    with story.as_role("dispatcher"):
        fieldwork.assign(work_order_id=work, technician_id=who, planned_from=start, at=start, key=make.key())
    with acting.acting_as(org.acting_for(who)):
        fieldwork.accept(work_order_id=work, at=start, key=make.key())
        fieldwork.depart(work_order_id=work, at=start, key=make.key())


def test_the_address_moves_and_the_next_visit_checks_in_inside_the_fence(city: str) -> None:
    technician, home = story.technician(), story.at_home()
    first = story.work_of(story.report(home, on=CALL))
    drive(first, technician, at("2026-03-10 10:00"))
    there: dict[str, Any] = {"lng": REAL[0], "lat": REAL[1], "at": at("2026-03-10 10:20")}
    with acting.acting_as(org.acting_for(technician)):
        with pytest.raises(ArrivedFarAway):
            fieldwork.arrive(work_order_id=first, key=make.key(), **there)
        away = fieldwork.arrive(
            work_order_id=first, photo=photo(), reason="小区搬到东门，坐标不对", key=make.key(), **there
        )
        assert away is not None
        assert 900 < away < 950
        fieldwork.start(work_order_id=first, at=at("2026-03-10 10:25"), key=make.key())
        [row] = parties.point_proposals.page({}).rows
    # not even with the right to decide does a technician decide on his own proposal
    with acting.acting_as(make.acting("4406", who=f"staff:{technician}")), pytest.raises(parties.DecidedByProposer):
        parties.accept_address_point(proposal_id=row.id, at=at("2026-03-10 10:30"))
    with story.as_role("dispatcher"):
        moved = parties.accept_address_point(proposal_id=row.id, at=at("2026-03-10 10:40"), key=make.key())
        assert moved == parties.point_proposal(row.id).away_m
        with pytest.raises(parties.ProposalDecided):
            parties.refuse_address_point(proposal_id=row.id, at=at("2026-03-10 10:41"), key=make.key())
    with acting.acting_as(org.acting_for(technician)):
        story.close_out(first, on=at("2026-03-10 10:50"), key=make.key())
    second = story.work_of(story.report(home, on=at("2026-03-10 11:00"), fault_code="slow_speed"))
    drive(second, technician, at("2026-03-10 11:05"))
    with acting.acting_as(org.acting_for(technician)):
        near = fieldwork.arrive(
            work_order_id=second, lng=REAL[0], lat=REAL[1], at=at("2026-03-10 11:20"), key=make.key()
        )
    assert near is not None
    assert near < 5
