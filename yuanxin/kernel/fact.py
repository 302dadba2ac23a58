"""Fact 事实: something that happened, told once and never changed. Pure; the outbox carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every fact in ``published``.

    subject: what it happened to, as ``"<kind>:<uuid>"``; the lane that keeps its order.
    at: domain instant, aware.
    Bodies carry ids, codes, instants and amounts only, never personal data or free text.
    """

    subject: str
    at: datetime
