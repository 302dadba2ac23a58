"""Life of a work order 工单 as data: (state, action) to state, on one page.

Source: life cycle 待派 → 待接 → 已接 → 已预约 → 在途 → 已到场 → 施工中 → 待回单审核 → 完工 → 待回访 → 已回访 → 归档,
with the side ways 挂起, 改约, 转派, 退单, 改单, 合并, 返工, 作废.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from yuanxin.fieldwork.rules.errors import ActionRefused


class State(StrEnum):
    """Where a work order stands."""

    PENDING = "pending"  # 待派
    OFFERED = "offered"  # 待接
    ACCEPTED = "accepted"  # 已接
    BOOKED = "booked"  # 已预约
    EN_ROUTE = "en_route"  # 在途
    ARRIVED = "arrived"  # 已到场
    WORKING = "working"  # 施工中
    REVIEW = "review"  # 待回单审核
    FINISHED = "finished"  # 完工
    CALLBACK_DUE = "callback_due"  # 待回访
    CALLED_BACK = "called_back"  # 已回访
    ARCHIVED = "archived"  # 归档
    HELD = "held"  # 挂起
    MERGED = "merged"  # 合并: carried on under another order
    VOID = "void"  # 作废


class Action(StrEnum):
    """What people do to a work order."""

    ASSIGN = "assign"  # 派单
    CLAIM = "claim"  # 抢单
    ACCEPT = "accept"  # 接单
    BOOK = "book"  # 预约
    RESCHEDULE = "reschedule"  # 改约
    DEPART = "depart"  # 出发
    ARRIVE = "arrive"  # 到场打卡
    START = "start"  # 开工
    SUBMIT = "submit"  # 回单
    APPROVE = "approve"  # 审核通过
    SEND_BACK = "send_back"  # 审核退回: the papers are completed, without another trip
    AWAIT_CALLBACK = "await_callback"  # 转回访
    CALL_BACK = "call_back"  # 回访
    ARCHIVE = "archive"  # 归档
    HOLD = "hold"  # 挂起
    RESUME = "resume"  # 解挂
    REASSIGN = "reassign"  # 转派
    RETURN = "return"  # 退单: back to the pool
    HAND_OVER = "hand_over"  # 转段
    AMEND = "amend"  # 改单
    MERGE = "merge"  # 合并
    REWORK = "rework"  # 返工: the work is done again
    VOID = "void"  # 作废


WAITING = (State.PENDING, State.OFFERED, State.ACCEPTED, State.BOOKED)
WITH_TECHNICIAN = (State.OFFERED, State.ACCEPTED, State.BOOKED, State.EN_ROUTE)
OPEN = (*WAITING, State.EN_ROUTE, State.ARRIVED, State.WORKING)
CLOSED = (State.ARCHIVED, State.MERGED, State.VOID)
DONE = (State.FINISHED, State.CALLBACK_DUE, State.CALLED_BACK, State.ARCHIVED)


def _all(states: Iterable[State], action: Action, to: State) -> dict[tuple[State, Action], State]:
    return {(state, action): to for state in states}


TABLE: Mapping[tuple[State, Action], State] = MappingProxyType(
    {
        # the way that most orders go
        (State.PENDING, Action.ASSIGN): State.OFFERED,
        (State.PENDING, Action.CLAIM): State.ACCEPTED,
        (State.OFFERED, Action.ACCEPT): State.ACCEPTED,
        (State.ACCEPTED, Action.BOOK): State.BOOKED,
        (State.ACCEPTED, Action.DEPART): State.EN_ROUTE,
        (State.BOOKED, Action.DEPART): State.EN_ROUTE,
        (State.EN_ROUTE, Action.ARRIVE): State.ARRIVED,
        (State.ARRIVED, Action.START): State.WORKING,
        (State.WORKING, Action.SUBMIT): State.REVIEW,
        (State.REVIEW, Action.APPROVE): State.FINISHED,
        (State.FINISHED, Action.AWAIT_CALLBACK): State.CALLBACK_DUE,
        (State.CALLBACK_DUE, Action.CALL_BACK): State.CALLED_BACK,
        (State.CALLED_BACK, Action.ARCHIVE): State.ARCHIVED,
        # the customer may choose a window before anybody is planned
        (State.PENDING, Action.BOOK): State.PENDING,
        (State.OFFERED, Action.BOOK): State.OFFERED,
        (State.PENDING, Action.RESCHEDULE): State.PENDING,
        (State.OFFERED, Action.RESCHEDULE): State.OFFERED,
        (State.BOOKED, Action.RESCHEDULE): State.BOOKED,
        (State.EN_ROUTE, Action.RESCHEDULE): State.BOOKED,
        (State.ARRIVED, Action.RESCHEDULE): State.BOOKED,
        # nobody opened, or the door stayed shut: closed without work
        (State.ARRIVED, Action.SUBMIT): State.REVIEW,
        # no call-back is owed
        (State.FINISHED, Action.ARCHIVE): State.ARCHIVED,
        # the papers, or the work, were not good enough
        (State.REVIEW, Action.SEND_BACK): State.WORKING,
        (State.REVIEW, Action.REWORK): State.ACCEPTED,
        # side ways
        **_all(WITH_TECHNICIAN, Action.REASSIGN, State.OFFERED),
        **_all((*WITH_TECHNICIAN, State.ARRIVED, State.WORKING), Action.RETURN, State.PENDING),
        **_all(OPEN, Action.HAND_OVER, State.PENDING),
        **_all(OPEN, Action.HOLD, State.HELD),
        **{(state, Action.AMEND): state for state in WAITING},
        **_all((*WAITING, State.HELD), Action.MERGE, State.MERGED),
        **_all((*WAITING, State.EN_ROUTE, State.ARRIVED, State.HELD), Action.VOID, State.VOID),
    }
)

RESUMES_TO: Mapping[State, State] = MappingProxyType(
    # A technician on site goes on; anybody else's plan has gone stale, so the order returns to the pool.
    {state: state if state in (State.ARRIVED, State.WORKING) else State.PENDING for state in OPEN}
)


def next_state(state: State, action: Action, *, held_from: State | None = None) -> State:
    """Return the state after an action.

    held_from: the state in which a held order was; only RESUME needs it.
    Raises ActionRefused.
    """
    if action is Action.RESUME and state is State.HELD and held_from is not None:
        return RESUMES_TO[held_from]
    found = TABLE.get((state, action))
    if found is None:
        raise ActionRefused(state=str(state), action=str(action))
    return found


def allowed(state: State) -> tuple[Action, ...]:
    """Return what may be done in a state, in the order of the Action class."""
    return tuple(
        action for action in Action if (state, action) in TABLE or (action is Action.RESUME and state is State.HELD)
    )
