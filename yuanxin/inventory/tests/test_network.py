"""Paths of the signal: ordered, known as far as known, and compared to find the common fault."""

import pytest

from yuanxin.inventory.rules.network import (
    NetworkPath,
    NodeKind,
    NodeStep,
    PathNotPossible,
    codes_of,
    may_feed,
    nearest_common_node,
)

HEADEND = NodeStep("JF01", NodeKind.HEADEND)
STATION = NodeStep("GZ01", NodeKind.OPTICAL_STATION)
NODE = NodeStep("GJD01", NodeKind.OPTICAL_NODE)
AMPLIFIERS = (NodeStep("FD01", NodeKind.AMPLIFIER), NodeStep("FD02", NodeKind.AMPLIFIER))
TAP = NodeStep("FZ01", NodeKind.TAP)


def test_a_coaxial_path_runs_from_the_headend_to_the_tap_and_may_be_unknown_below_the_node() -> None:
    assert NetworkPath((HEADEND, STATION, NODE, *AMPLIFIERS, TAP)).last == TAP
    assert not NetworkPath((HEADEND, STATION, NODE)).is_known_to_the_home


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((), "empty"),
        ((HEADEND, TAP, NODE), "order"),
        ((HEADEND, HEADEND), "repeated"),
        ((NODE, NodeStep("GJD02", NodeKind.OPTICAL_NODE)), "order"),
    ],
)
def test_a_path_against_the_stream_is_refused(steps: tuple[NodeStep, ...], reason: str) -> None:
    with pytest.raises(PathNotPossible) as refused:
        NetworkPath(steps)
    assert refused.value.params["reason"] == reason


def test_the_nearest_common_node_is_the_first_suspect() -> None:
    one = NetworkPath((HEADEND, STATION, NODE, AMPLIFIERS[0], TAP))
    two = NetworkPath((HEADEND, STATION, NODE, AMPLIFIERS[1]))
    assert nearest_common_node([one, two]) == NODE
    assert nearest_common_node([one, NetworkPath((NodeStep("JF02", NodeKind.HEADEND),))]) is None
    assert nearest_common_node([]) is None
    assert codes_of([one, two]) == {"JF01", "GZ01", "GJD01", "FD01", "FD02", "FZ01"}


def test_who_may_hang_under_whom() -> None:
    assert may_feed(NodeKind.AMPLIFIER, NodeKind.AMPLIFIER)
    assert may_feed(NodeKind.HEADEND, NodeKind.OLT)
    assert not may_feed(NodeKind.TAP, NodeKind.TAP)
    assert not may_feed(NodeKind.OPTICAL_NODE, NodeKind.OLT)
