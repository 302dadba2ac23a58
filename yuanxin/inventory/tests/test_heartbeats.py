"""Heartbeats: the newest word of a device counts, strangers change nothing, bad batches are named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yuanxin.inventory import api as inventory
from yuanxin.inventory.rules.errors import HeartbeatsTooMany, HeartbeatsUneven
from yuanxin.inventory.tests import make
from yuanxin.kernel.tests.make import at
from yuanxin.standards.tests import make as standards

NOW = at("2026-03-10 09:10")
pytestmark = pytest.mark.usefixtures("foshan")


def heard(*rows: tuple[str, int, int | None]) -> int:
    """Tell of (serial, minutes before now, signal)."""
    batch = inventory.HeartbeatBatch(
        [row[0] for row in rows], [NOW - timedelta(minutes=row[1]) for row in rows], [row[2] for row in rows]
    )
    return inventory.record_heartbeats(batch=batch, at=NOW)


def test_the_newest_word_counts_whatever_the_order() -> None:
    standards.rulebooks()
    box, modem = make.device("STB00000001"), make.device("ONU00000001", "onu")
    assert heard(("STB00000001", 5, 6550), ("STB00000001", 2, 6400), ("ONU00000001", 40, -1985), ("NOBODY", 1, 1)) == 2
    assert heard(("STB00000001", 30, 7000)) == 0
    seen = inventory.last_seen([box, modem], NOW)
    assert (seen[box].signal_centi, seen[box].is_online) == (6400, True)
    assert (seen[modem].signal_centi, seen[modem].is_online) == (-1985, False)


def test_a_clock_that_runs_ahead_is_not_believed() -> None:
    standards.rulebooks()
    box = make.device("STB00000002")
    assert heard(("STB00000002", -30, None)) == 0
    assert inventory.last_seen([box], NOW) == {}


def test_bad_batches_are_named() -> None:
    standards.rulebooks()
    with pytest.raises(HeartbeatsUneven):
        inventory.record_heartbeats(batch=inventory.HeartbeatBatch(["a"], [], []), at=NOW)
    with pytest.raises(HeartbeatsTooMany):
        heard(*[("STB00000003", 1, None)] * 10_001)
    assert heard() == 0
