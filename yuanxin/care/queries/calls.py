"""Reads of calls and agents: who has whom on the line, what rings, and how soon the hotline answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from yuanxin.care.models import AgentState, Call, TroubleTicket
from yuanxin.care.rules.calls import OUTCOMES, AgentCondition, CallQueue, CallState, CallUnknown
from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.kernel.tenancy import require_city
from yuanxin.org import api as org
from yuanxin.standards import api as standards

HOTLINE_TOPIC = "hotline.work"
_SHARE = """
SELECT queue, date_trunc('hour', rang_at AT TIME ZONE %(zone)s) AT TIME ZONE %(zone)s AS hour,
       count(*), count(answered_at),
       count(*) FILTER (WHERE answered_at IS NOT NULL AND waited_seconds <= %(within)s),
       count(*) FILTER (WHERE state = 'abandoned')
  FROM care_call
 WHERE city_code = %(city)s AND rang_at >= %(since)s AND rang_at < %(until)s AND state <> 'ringing'
 GROUP BY 1, 2 ORDER BY 2, 1
"""


@dataclass(frozen=True)
class CallView:
    """A call as an agent sees it. caller_number: bare digits, "" when hidden."""

    id: UUID
    caller_number: str
    queue: str
    state: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    waited_seconds: int | None
    agent_id: UUID | None
    first_owner_id: UUID | None
    transfers: int
    recording_id: str
    customer_id: UUID | None
    outcome: str


@dataclass(frozen=True)
class AgentView:
    """Where an agent stands. call: the one being spoken or summed up."""

    staff_id: UUID
    state: str
    reason_code: str
    since: datetime | None
    wrap_up_due_at: datetime | None
    call: CallView | None


@dataclass(frozen=True)
class AnswerShare:
    """How soon a layer answered in one hour. answered_within: by a person within the seconds of the promise."""

    queue: str
    hour: datetime
    calls: int
    answered: int
    answered_within: int
    abandoned: int

    @property
    def within_permille(self) -> int:
        """Answered in time, of all calls; an abandoned one was not."""
        return self.answered_within * 1000 // self.calls


def call(call_id: UUID) -> CallView:
    """Return one call. Raises CallUnknown. One statement."""
    found = Call.objects.filter(pk=call_id).first()
    if found is None:
        raise CallUnknown(call=str(call_id))
    return _view(found)


def agent(staff_id: UUID) -> AgentView:
    """Where does this agent stand? Busy, when nobody has heard of the agent yet. One statement."""
    row = AgentState.objects.filter(staff_id=staff_id).select_related("call").first()
    if row is None:
        return AgentView(staff_id, AgentCondition.BUSY.value, "", None, None, None)
    return AgentView(
        staff_id, row.state, row.reason_code, row.since, row.wrap_up_due_at, _view(row.call) if row.call else None
    )


def current_call(staff_id: UUID) -> CallView | None:
    """Return the call that this agent speaks or sums up. One statement."""
    return agent(staff_id).call


def ready_agents(*, besides: UUID) -> list[UUID]:
    """Who else waits for a call, longest first? One statement."""
    rows = AgentState.objects.filter(state=AgentCondition.READY.value).exclude(staff_id=besides)
    return list(rows.order_by("since", "staff_id").values_list("staff_id", flat=True))


def ringing_for(staff_id: UUID) -> list[CallView]:
    """What rings for this agent, longest first: calls for everybody and calls for this agent alone. One statement."""
    mine = Q(offered_to=None) | Q(offered_to=staff_id)
    rows = Call.objects.filter(mine, state=CallState.RINGING.value)
    return [_view(row) for row in rows.order_by("rang_at", "id")]


def also_about(*, besides: UUID, caller_number: str = "", customer_id: UUID | None = None) -> list[CallView]:
    """Which other agents have this caller or this customer on the line now? One statement; none for nobody."""
    same = Q(caller_number=caller_number) if caller_number else Q()
    same |= Q(customer_id=customer_id) if customer_id else Q()
    if not same:
        return []
    rows = Call.objects.filter(same, state=CallState.ANSWERED.value).exclude(agent_id=besides)
    return [_view(row) for row in rows.order_by("rang_at", "id")]


def calls_of(customer_id: UUID, *, limit: int = 50) -> list[CallView]:
    """List a customer's calls, newest first. One statement."""
    rows = Call.objects.filter(customer_id=customer_id).order_by("-rang_at")[:limit]
    return [_view(row) for row in rows]


def newest_calls(limit: int) -> list[CallView]:
    """List the newest calls. One statement."""
    return [_view(row) for row in Call.objects.order_by("-rang_at", "-id")[:limit]]


def customers_with_tickets(*, limit: int) -> list[UUID]:
    """Which customers had a ticket last? One statement."""
    rows = TroubleTicket.objects.order_by("-opened_at").values_list("customer_id", flat=True)[: limit * 3]
    return list(dict.fromkeys(rows))[:limit]


def answer_shares(since: datetime, until: datetime, *, zone: str) -> list[AnswerShare]:
    """How soon were calls answered from `since` to `until`, by layer and hour? One statement and one rule (P-01)."""
    within: int = standards.parameter("hotline.answer", "within_seconds", at=until)
    asked = {"city": require_city(), "since": since, "until": until, "within": within, "zone": zone}
    rows: Iterable[tuple[str, datetime, int, int, int, int]] = connection.connection.execute(_SHARE, asked).fetchall()
    return [AnswerShare(queue, hour, calls, *counts) for queue, hour, calls, *counts in rows]


def rest_reasons(at: datetime) -> tuple[str, ...]:
    """Why may an agent rest? Source: rulebook ``hotline.work``."""
    return standards.codes(HOTLINE_TOPIC, "rest_reasons", at=at)


def agent_number(staff_id: UUID | None) -> str:
    """Return an agent's staff number, "" for nobody. One statement."""
    if staff_id is None:
        return ""
    found = org.staff_many([staff_id])
    return found[staff_id].number if staff_id in found else ""


def _view(row: Call) -> CallView:
    return CallView(
        id=row.id,
        caller_number=row.caller_number,
        queue=row.queue,
        state=row.state,
        rang_at=row.rang_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        waited_seconds=row.waited_seconds,
        agent_id=row.agent_id,
        first_owner_id=row.first_owner_id,
        transfers=row.transfers,
        recording_id=row.recording_id,
        customer_id=row.customer_id,
        outcome=row.outcome,
    )


def _calls() -> QuerySet[Call]:
    return Call.objects.all()


_QUEUES = tuple((queue.value, f"queue {queue.value}") for queue in CallQueue)
_STATES = tuple((state.value, f"call state {state.value}") for state in CallState)
calls = Listing(
    name="care.calls",
    title="Calls",
    rows=_calls,
    columns=(
        Column("rang_at", "Rang", Kind.INSTANT, is_sortable=True),
        Column("queue", "Hotline", Kind.CODE, choices=_QUEUES),
        Column("state", "State", Kind.CODE, choices=_STATES),
        Column("waited_seconds", "Waited (s)", Kind.NUMBER, is_sortable=True),
        Column("outcome", "Came to", Kind.CODE),
        Column("agent_id", "Agent", Kind.ID),
        Column("transfers", "Transfers", Kind.NUMBER),
        Column("recording_id", "Recording"),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, choices=_STATES),
        Filter("queue", "queue", "Hotline", Kind.CODE, choices=_QUEUES),
        Filter("outcome", "outcome", "Came to", Kind.CODE, choices=tuple((code, code) for code in OUTCOMES)),
        Filter("rang_from", "rang_at", "Rang from", Kind.INSTANT, "gte"),
        Filter("rang_to", "rang_at", "Rang until", Kind.INSTANT, "lte"),
        Filter("customer", "customer_id", "Customer", Kind.ID),
    ),
    default_sort="-rang_at",
)
