"""The way of the signal: 机房 - OLT/光站 - 光节点 - 放大器 - 分支 - 户, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from yuanxin.kernel.errors import DomainError


class PathNotPossible(DomainError):
    """The nodes do not run from the head-end to the home (param reason: empty, order, repeated)."""

    code: ClassVar[str] = "inventory.path_not_possible"


class NodeKind(StrEnum):
    """Kind of a network node, from the head-end outwards."""

    HEADEND = "headend"
    OLT = "olt"
    OPTICAL_STATION = "optical_station"
    OPTICAL_NODE = "optical_node"
    AMPLIFIER = "amplifier"
    TAP = "tap"

    @property
    def level(self) -> int:
        """0 for the head-end (机房), then one more per station outwards; OLT and 光站 are beside each other."""
        return _LEVELS[self]


_LEVELS = {
    NodeKind.HEADEND: 0, NodeKind.OLT: 1, NodeKind.OPTICAL_STATION: 1, NodeKind.OPTICAL_NODE: 2,
    NodeKind.AMPLIFIER: 3, NodeKind.TAP: 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeStep:
    """One node of a path."""

    code: str
    kind: NodeKind


@dataclass(frozen=True, slots=True)
class NetworkPath:
    """The nodes from the head-end to a home (户). The last ones may be unknown, and amplifiers may follow each other.

    Raises PathNotPossible.
    """

    steps: tuple[NodeStep, ...]
    is_known_to_the_home: bool = False

    def __post_init__(self) -> None:
        if not self.steps:
            raise PathNotPossible(reason="empty")
        if len({step.code for step in self.steps}) < len(self.steps):
            raise PathNotPossible(reason="repeated")
        for upper, lower in zip(self.steps, self.steps[1:], strict=False):
            if lower.kind.level < upper.kind.level or (
                lower.kind.level == upper.kind.level and lower.kind is not NodeKind.AMPLIFIER
            ):
                raise PathNotPossible(reason="order", upper=upper.code, lower=lower.code)

    @property
    def last(self) -> NodeStep:
        """The nearest known node to the home."""
        return self.steps[-1]


def may_feed(upper: NodeKind, lower: NodeKind) -> bool:
    """Tell whether a node of the one kind can hang under one of the other."""
    return lower.level > upper.level or upper is lower is NodeKind.AMPLIFIER


def nearest_common_node(paths: Sequence[NetworkPath]) -> NodeStep | None:
    """Return the lowest node through which every path runs: the first suspect of a group outage (群障)."""
    common: NodeStep | None = None
    for steps in zip(*(path.steps for path in paths), strict=False):
        if any(step != steps[0] for step in steps):
            break
        common = steps[0]
    return common


def codes_of(paths: Iterable[NetworkPath]) -> set[str]:
    """Return every node that at least one path uses."""
    return {step.code for path in paths for step in path.steps}
