"""The simulated exchange: does at once whatever an agent wants, and tells it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.care.cti.port import ExchangeEvent, Leg
from yuanxin.care.rules.calls import CallStep
from yuanxin.kernel.ids import new_id


def ring(caller_number: str, queue: str, at: datetime, *, agent_id: UUID | None = None) -> ExchangeEvent:
    """Return the ring of a call that begins now; agent_id: for whom alone it rings."""
    return ExchangeEvent(_ref("event"), _ref("call"), CallStep.RING, at, caller_number, queue, agent_id)


class SimulatedExchange:
    """Keeps nothing: an agent's state stands in our own table."""

    def answer(self, leg: Leg, agent_id: UUID, at: datetime) -> tuple[ExchangeEvent, ...]:
        """Put the caller through and begin a recording."""
        answered = ExchangeEvent(
            _ref("event"), leg.exchange_ref, CallStep.ANSWER, at, agent_id=agent_id, recording_id=_ref("recording")
        )
        return (answered,)

    def hang_up(self, leg: Leg, at: datetime) -> tuple[ExchangeEvent, ...]:
        """End the call."""
        return (ExchangeEvent(_ref("event"), leg.exchange_ref, CallStep.HANG_UP, at),)

    def transfer(self, leg: Leg, *, queue: str, agent_id: UUID | None, at: datetime) -> tuple[ExchangeEvent, ...]:
        """Let it ring elsewhere."""
        return (ExchangeEvent(_ref("event"), leg.exchange_ref, CallStep.TRANSFER, at, queue=queue, agent_id=agent_id),)

    def set_state(self, agent_id: UUID, state: str, reason_code: str, at: datetime) -> None:
        """Nothing to tell anybody."""


def _ref(kind: str) -> str:
    return f"sim-{kind}-{new_id().hex}"
