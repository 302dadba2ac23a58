"""Positions: by the batch, only with an open order, the newest one shown, old ones erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.actions.positions import erase_old
from yuanxin.fieldwork.models import Position
from yuanxin.fieldwork.rules.positions import BatchTooLarge, BatchUneven
from yuanxin.fieldwork.tests import make
from yuanxin.kernel import acting
from yuanxin.kernel.ids import new_id

pytestmark = pytest.mark.usefixtures("field")


def batch(*rows: tuple[object, float, float, float]) -> fieldwork.PositionBatch:
    """Rows of (technician, minute, longitude, latitude)."""
    return fieldwork.PositionBatch(
        technicians=[row[0] for row in rows],  # type: ignore[misc]
        at=[make.minutes(row[1]) for row in rows],
        lng=[row[2] for row in rows],
        lat=[row[3] for row in rows],
        error_m=[10 for _ in rows],
    )


def test_only_people_with_an_open_order_are_followed() -> None:

    busy, idle = make.technician(), make.technician("李师傅")
    order = make.assigned(busy)
    with acting.acting_as(make.as_staff(busy)):
        fieldwork.accept(work_order_id=order, at=make.minutes(3))
    told = batch((busy, 10, 113.1, 23.0), (busy, 11, 113.2, 23.1), (idle, 10, 113.1, 23.0), (new_id(), 10, 113.1, 23.0))
    assert fieldwork.record_positions(batch=told, at=make.minutes(12)) == fieldwork.TakenBatch(2, 2)
    found = fieldwork.last_positions([busy, idle], make.minutes(12))
    assert {key: (view.lng, view.lat) for key, view in found.items()} == {busy: (113.2, 23.1)}


def test_an_older_position_does_not_replace_a_newer_one_and_a_stale_one_is_not_shown() -> None:

    me = make.technician()
    make.working(me)
    for minute, lng in ((70, 113.2), (69, 113.1)):
        fieldwork.record_positions(batch=batch((me, minute, lng, 23.0)), at=make.minutes(71))
    assert fieldwork.last_positions([me], make.minutes(71))[me].lng == 113.2
    assert fieldwork.last_positions([me], make.minutes(90)) == {}


def test_foreign_and_future_points_are_refused_the_rest_stays() -> None:

    me = make.technician()
    make.working(me)
    told = batch((me, 70, 2.35, 48.8), (me, 900, 113.1, 23.0), (me, 70, 113.1, 23.0))
    assert fieldwork.record_positions(batch=told, at=make.minutes(71)) == fieldwork.TakenBatch(1, 2)


def test_bad_batches_are_named() -> None:

    crooked = fieldwork.PositionBatch([new_id()], [], [], [], [])
    with pytest.raises(BatchUneven):
        fieldwork.record_positions(batch=crooked, at=make.minutes(1))
    one = batch((new_id(), 1, 113.1, 23.0))
    many = fieldwork.PositionBatch(
        list(one.technicians) * 10_001,
        list(one.at) * 10_001,
        list(one.lng) * 10_001,
        list(one.lat) * 10_001,
        [1] * 10_001,
    )
    with pytest.raises(BatchTooLarge):
        fieldwork.record_positions(batch=many, at=make.minutes(1))
    assert fieldwork.record_positions(batch=batch(), at=make.minutes(1)) == fieldwork.TakenBatch(0, 0)


def test_my_own_telephone_reports_in_its_datum_and_old_tracks_are_erased() -> None:

    me = make.technician()
    make.working(me)
    with acting.acting_as(make.as_staff(me, "fieldwork.report_position")):
        assert fieldwork.report_position(lng=113.1214, lat=23.0215, datum="gcj02", at=make.minutes(80)).taken == 1
    assert abs(fieldwork.last_positions([me], make.minutes(81))[me].lng - 113.1161) < 0.001
    assert erase_old(at=make.minutes(80) + timedelta(days=29)) == 0
    assert erase_old(at=make.minutes(80) + timedelta(days=31)) == 1
    assert not Position.objects.exists()
