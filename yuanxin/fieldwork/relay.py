"""The port to the call relay 通话中继: technician and customer talk, each sees only the hotline's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from yuanxin.kernel.errors import DomainError


class RelayDown(DomainError):
    """The relay did not take the call; the real number may be shown, which is logged."""

    code = "fieldwork.relay_down"


class CallEnd(StrEnum):
    """How a relayed call ended: connected 接通, no_answer 无人接听, busy 占线, off 关机或停机, failed 未拨出."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    OFF = "off"
    FAILED = "failed"


@dataclass(frozen=True)
class RelayCall:
    """One call to set up: the relay rings the technician first, then the customer, and shows ``shown`` to both.

    attempt_id: the idempotency key. The numbers are in clear, never shown in a representation or a log.
    """

    attempt_id: UUID
    tenant: str
    shown: str
    caller: str = field(repr=False)
    callee: str = field(repr=False)
    at: datetime


Report = Callable[[CallEnd, int], None]


class RelayPort(Protocol):
    """An adapter. ``place`` runs outside every transaction and may be called again with the same attempt."""

    def place(self, call: RelayCall, report: Report) -> None:
        """Set the call up; its end comes later through the machine door, or at once through ``report``.

        report takes how it ended and the seconds of talk. Raises RelayDown.
        """
        ...


class SimulatedRelay:
    """Takes every call; one in seven rings out, chosen by the attempt, so that a day can be lived again."""

    def place(self, call: RelayCall, report: Report) -> None:
        """Report the end at once."""
        drawn = call.attempt_id.int % 7
        report(CallEnd.NO_ANSWER if drawn == 0 else CallEnd.CONNECTED, 0 if drawn == 0 else 20 + drawn * 10)


@lru_cache(maxsize=4)
def _adapter(path: str) -> RelayPort:
    adapter: RelayPort = import_string(path)()
    return adapter


def relay() -> RelayPort:
    """Return the adapter of the settings. Raises RelayDown when none is named."""
    if not settings.YUANXIN_CALL_RELAY:
        raise RelayDown(reason="not_configured")
    return _adapter(settings.YUANXIN_CALL_RELAY)
