"""Words of a proposal's life, and when the company's own rule takes one over without a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a proposal 改派方案 stands."""

    QUEUED = "queued"  # 排队
    RUNNING = "running"  # 运算中
    READY = "ready"  # 待定
    ACCEPTED = "accepted"  # 已采纳
    PARTLY = "partly"  # 部分采纳
    REFUSED = "refused"  # 不采纳
    EMPTY = "empty"  # 无需改派
    CANCELLED = "cancelled"  # 已取消
    EXPIRED = "expired"  # 已过期
    FAILED = "failed"  # 运算失败


class Trigger(StrEnum):
    """What asked for a proposal."""

    ASKED = "asked"  # 人工
    DELAY = "delay"  # 超时未完
    NO_SHOW = "no_show"  # 未按时出发
    ILL = "ill"  # 人员缺勤
    CANCELLED = "cancelled"  # 撤单
    URGENT = "urgent"  # 急单
    PARTS = "parts"  # 缺料


class Decision(StrEnum):
    """How a proposal ended."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AutoRule:
    """The automatic mode of a city (自动采纳). price_points: a proposal dearer than this waits for a person."""

    is_on: bool
    price_points: int

    def takes(self, *, price: int, promises: int, changes: int) -> bool:
        """Say whether a proposal needs no person: cheap enough, and nobody was told otherwise."""
        return self.is_on and changes > 0 and promises == 0 and price < self.price_points
