"""One merged timeline from the stories of several contexts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Moment:
    """Something that happened: when (aware), what, and where to read on. kind: for those who filter."""

    at: datetime
    title: str
    detail: str = ""
    url: str = ""
    kind: str = ""


def newest_first(moments: Iterable[Moment], limit: int = 60) -> list[Moment]:
    """Return at most ``limit`` moments, the newest first; those of one instant keep the order they come in."""
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:limit]
