"""The port to the exchange (CTI): what an adapter does for an agent, and how the exchange tells what happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from yuanxin.care.rules.calls import CallStep
from yuanxin.kernel.errors import DomainError


class ExchangeMissing(DomainError):
    """No adapter of an exchange is configured: calls are handled at the telephone itself."""

    code = "care.exchange_missing"


@dataclass(frozen=True)
class ExchangeEvent:
    """One thing that the exchange tells; it may come late, twice and out of order.

    event_ref, exchange_ref: the exchange's own ids of the event and of the call. caller_number: as the exchange gives
    it, "" when hidden; only the ring needs it. agent_id: who answered, or for whom it rings.
    """

    event_ref: str
    exchange_ref: str
    step: CallStep
    at: datetime
    caller_number: str = field(default="", repr=False)
    queue: str = ""
    agent_id: UUID | None = None
    recording_id: str = ""


@dataclass(frozen=True)
class Leg:
    """A call as the adapter needs to know it."""

    exchange_ref: str
    queue: str


class ExchangePort(Protocol):
    """An adapter: it hands a wish to the exchange and returns what is known of it at once, which may be nothing.

    It is called inside the command's transaction and holds the call's row, so it must not wait for people.
    """

    def answer(self, leg: Leg, agent_id: UUID, at: datetime) -> tuple[ExchangeEvent, ...]:
        """Put the caller through to this agent."""
        ...

    def hang_up(self, leg: Leg, at: datetime) -> tuple[ExchangeEvent, ...]:
        """End the call."""
        ...

    def transfer(self, leg: Leg, *, queue: str, agent_id: UUID | None, at: datetime) -> tuple[ExchangeEvent, ...]:
        """Let the call ring at another layer, or for another agent."""
        ...

    def set_state(self, agent_id: UUID, state: str, reason_code: str, at: datetime) -> None:
        """Tell the exchange whether calls may come to this agent."""
        ...


@lru_cache(maxsize=4)
def _adapter(path: str) -> ExchangePort:
    adapter: ExchangePort = import_string(path)()
    return adapter


def exchange() -> ExchangePort:
    """Return the configured adapter. Raises ExchangeMissing."""
    if not settings.YUANXIN_EXCHANGE:
        raise ExchangeMissing
    return _adapter(settings.YUANXIN_EXCHANGE)
