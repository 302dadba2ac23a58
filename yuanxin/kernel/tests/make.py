"""Factories that every test may use."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from yuanxin.kernel.acting import Acting
from yuanxin.kernel.ids import IdempotencyKey

_keys = count(1)
CITY = ZoneInfo("Asia/Shanghai")


def at(wall: str) -> datetime:
    """Return the instant of a wall time in the city, such as ``"2026-11-24 09:10"``."""
    return datetime.fromisoformat(wall).replace(tzinfo=CITY)


def key() -> IdempotencyKey:
    """Return a fresh idempotency key."""
    return IdempotencyKey(f"test-{next(_keys)}")


def acting(scope: str = "4406", *permissions: str, who: str = "staff:00000000-0000-7000-8000-000000000001") -> Acting:
    """Return somebody who acts; with no permission named, somebody who may do everything."""
    return Acting(who=who, scope=scope, permissions=frozenset(permissions or {"*"}), source="test")
