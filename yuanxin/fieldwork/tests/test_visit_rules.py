"""Check-in, windows and close-out."""

from datetime import timedelta

import pytest

from yuanxin.engines.routing.place import Place
from yuanxin.fieldwork.rules import errors
from yuanxin.fieldwork.rules.arrival import Fence, checked_in
from yuanxin.fieldwork.rules.closing import LEAVES, Shown, require_close_type_fits, require_complete, responsible
from yuanxin.fieldwork.rules.states import State
from yuanxin.fieldwork.rules.windows import Booked, PromisedWindow, is_kept, require_ahead
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tests.make import at
from yuanxin.published.codes import CloseType, OrderKind, Segment

HOME = Place(113.1200, 23.0200)
NEAR, FAR = Place(113.1210, 23.0200), Place(113.1300, 23.0200)  # 102 m and 1.02 km east
FENCE = Fence(radius_m=100, accuracy_m=50)


@pytest.mark.parametrize(
    ("here", "error_m", "expected"),
    [
        (HOME, 0, (0, True)),
        (NEAR, 0, (102, False)),
        (NEAR, 10, (102, True)),
        (FAR, 9999, (1023, False)),
        (None, 0, (None, False)),
    ],
)
def test_a_check_in_is_measured_against_the_fence(
    here: Place | None, error_m: int, expected: tuple[int | None, bool]
) -> None:
    assert checked_in(here, HOME, FENCE, error_m=error_m, has_photo=True, reason="gate closed") == expected


def test_outside_the_fence_needs_photo_and_reason() -> None:
    for has_photo, reason in ((False, "gate"), (True, " ")):
        with pytest.raises(errors.ArrivedFarAway):
            checked_in(FAR, HOME, FENCE, error_m=0, has_photo=has_photo, reason=reason)


def test_an_address_without_coordinates_has_no_fence() -> None:
    assert checked_in(HOME, None, FENCE, error_m=0, has_photo=False, reason="") == (None, False)


def test_a_window_is_kept_within_its_tolerance() -> None:
    versions = [Booked(PromisedWindow(at("2026-11-24 10:00"), at("2026-11-24 12:00")), by_customer=True)]
    quarter = timedelta(minutes=15)
    assert is_kept(versions, at("2026-11-24 09:45"), quarter) is True
    assert is_kept(versions, at("2026-11-24 12:16"), quarter) is False
    assert is_kept([], at("2026-11-24 12:16"), quarter) is None
    assert is_kept(versions, None, quarter) is None


def test_impossible_windows_are_refused() -> None:
    with pytest.raises(errors.WindowTooShort):
        PromisedWindow(at("2026-11-24 10:00"), at("2026-11-24 10:00"))
    with pytest.raises(errors.WindowPassed):
        ahead("2026-11-24 10:00", "2026-11-24 12:00")
    with pytest.raises(errors.WindowTooFar):
        ahead("9999-12-31 10:00", "9999-12-31 12:00")
    with pytest.raises(errors.WindowTooLong):
        ahead("1900-01-01 10:00", "2026-11-24 14:00")


def ahead(begins: str, ends: str) -> None:
    limits = {"furthest": timedelta(days=90), "longest": timedelta(hours=24)}
    require_ahead(PromisedWindow(at(begins), at(ends)), at("2026-11-24 12:00"), **limits)


@pytest.mark.parametrize(
    ("close_type", "cause", "shown", "refused"),
    [
        (CloseType.FIXED, "home.box_failed", Shown(True, True, "李"), None),
        (CloseType.EMPTY_TRIP, None, Shown(True, False, ""), None),
        (CloseType.TAUGHT, None, Shown(True, True, "李"), None),
        (CloseType.FIXED, "home.box_failed", Shown(False, True, "李"), errors.EvidenceMissing),
        (CloseType.NO_FAULT, None, Shown(True, False, ""), errors.EvidenceMissing),
        (CloseType.FIXED, "home.box_failed", Shown(True, True, " "), errors.SignatureWithoutName),
        (CloseType.FIXED, None, Shown(True, True, "李"), errors.UnknownCause),
        (CloseType.FIXED, "moon", Shown(True, True, "李"), errors.UnknownCause),
    ],
)
def test_each_close_type_asks_for_its_evidence(
    close_type: CloseType, cause: str | None, shown: Shown, refused: type[DomainError] | None
) -> None:
    if refused is None:
        require_complete(OrderKind.REPAIR, close_type, cause, shown)
        return
    with pytest.raises(refused):
        require_complete(OrderKind.REPAIR, close_type, cause, shown)


def test_work_that_never_began_cannot_be_called_repaired() -> None:
    require_close_type_fits(State.ARRIVED, CloseType.EMPTY_TRIP)
    with pytest.raises(errors.ActionRefused):
        require_close_type_fits(State.ARRIVED, CloseType.FIXED)


def test_a_cut_fibre_is_not_the_technicians() -> None:
    assert responsible("line.fibre_cut") is Segment.LINE
    assert responsible(None) is Segment.FIELD
    assert len(LEAVES) <= 40
