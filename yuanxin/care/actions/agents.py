"""Where agents of the hotline stand, kept in step with their calls. Callers hold the call's row before an agent's."""

from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.care.cti.port import exchange
from yuanxin.care.models import AgentState, AgentStateChange, Call
from yuanxin.care.queries.calls import HOTLINE_TOPIC, rest_reasons
from yuanxin.care.rules.calls import (
    AgentCondition,
    AgentNotReady,
    AgentOccupied,
    CallState,
    WrapUpMissing,
    chosen_condition,
)
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.published.refs import ref_id
from yuanxin.standards import api as standards

LIMIT = "wrap_up_limit"


@command("care.set_agent_state")
def set_agent_state(*, state: str, at: datetime, reason_code: str = "", key: IdempotencyKey | None = None) -> None:
    """Let the agent who acts become ready, busy, or rest for a reason.

    Raises AgentStateUnfit, AgentOccupied during a call, WrapUpMissing after it, ExchangeMissing.
    """
    require_city()
    chosen = chosen_condition(state, reason_code, reasons=rest_reasons(at))
    row = locked_agent(me(), at)
    if row.state == AgentCondition.ON_CALL:
        raise AgentOccupied(state=row.state)
    if row.state == AgentCondition.WRAP_UP:
        raise WrapUpMissing
    exchange().set_state(row.staff_id, chosen.value, reason_code, at)
    if (row.state, row.reason_code) != (chosen.value, reason_code):
        change(row, chosen, at=at, reason_code=reason_code)


def me() -> UUID:
    """Return the member of staff who acts. Raises WrongSubject for anybody else."""
    return ref_id(acting.current().who, "staff")


def locked_agent(staff_id: UUID, at: datetime) -> AgentState:
    """Return an agent's row, locked until the commit; somebody new begins as busy."""
    begun = AgentState(staff_id=staff_id, state=AgentCondition.BUSY.value, since=at)
    AgentState.objects.bulk_create([begun], ignore_conflicts=True)
    row: AgentState = AgentState.objects.select_for_update(of=("self",)).get(staff_id=staff_id)
    return row


def require_free(staff_id: UUID, call: Call, at: datetime) -> None:
    """Raise AgentOccupied when the agent has another call, or has not summed the last one up."""
    row = locked_agent(staff_id, at)
    if row.state in (AgentCondition.ON_CALL, AgentCondition.WRAP_UP) and row.call_id != call.id:
        raise AgentOccupied(state=row.state)


def require_ready(staff_id: UUID) -> None:
    """Raise AgentNotReady unless the agent waits for a call."""
    if not AgentState.objects.filter(staff_id=staff_id, state=AgentCondition.READY.value).exists():
        raise AgentNotReady(field="agent_id")


def follow(call: Call, was: tuple[str, UUID | None], at: datetime) -> None:
    """Bring the agents after what happened to a call. was: its state and agent before."""
    had = was[1] if was[0] == CallState.ANSWERED else None
    has = call.agent_id if call.state == CallState.ANSWERED else None
    if had is not None and had != has:
        _leave(had, call, at)
    if has is not None and has != had:
        _join(has, call, at)


def _join(staff_id: UUID, call: Call, at: datetime) -> None:
    row = locked_agent(staff_id, at)
    if row.state not in (AgentCondition.ON_CALL, AgentCondition.WRAP_UP):
        change(row, AgentCondition.ON_CALL, at=at, call=call)


def _leave(staff_id: UUID, call: Call, at: datetime) -> None:
    row = locked_agent(staff_id, at)
    if row.state != AgentCondition.ON_CALL or row.call_id != call.id:
        return
    if call.state == CallState.ENDED:
        limit = timedelta(seconds=standards.parameter(HOTLINE_TOPIC, "wrap_up_seconds", at=at))
        change(row, AgentCondition.WRAP_UP, at=at, call=call, due_at=at + limit)
    else:  # transferred: the one who takes over sums it up
        change(row, AgentCondition.READY, at=at, reason_code="transferred")


def sums_up(staff_id: UUID | None, call: Call) -> bool:
    """Tell whether this agent is summing up this call now."""
    rows = AgentState.objects.filter(staff_id=staff_id, call=call, state=AgentCondition.WRAP_UP.value)
    return staff_id is not None and rows.exists()


def release(staff_id: UUID | None, call: Call, at: datetime, *, reason_code: str = "") -> None:
    """Let the agent who summed up this call be ready again."""
    if staff_id is not None and sums_up(staff_id, call):
        change(locked_agent(staff_id, at), AgentCondition.READY, at=at, reason_code=reason_code)


def change(
    row: AgentState,
    after: AgentCondition,
    *,
    at: datetime,
    reason_code: str = "",
    call: Call | None = None,
    due_at: datetime | None = None,
) -> None:
    """Write a new state and its trace. The caller holds the row's lock."""
    before = row.state
    row.state, row.reason_code, row.since, row.call, row.wrap_up_due_at = after.value, reason_code, at, call, due_at
    row.save(update_fields=["state", "reason_code", "since", "call", "wrap_up_due_at"])
    AgentStateChange.objects.create(
        staff_id=row.staff_id, before=before, after=after.value, reason_code=reason_code, call=call, changed_at=at
    )
