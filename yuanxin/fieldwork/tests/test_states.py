"""The work order's life: a state machine that tries every action, and a few stories."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from yuanxin.fieldwork.rules.errors import ActionRefused
from yuanxin.fieldwork.rules.states import CLOSED, DONE, OPEN, TABLE, Action, State, allowed, next_state

HAPPY = (
    (Action.ASSIGN, State.OFFERED),
    (Action.ACCEPT, State.ACCEPTED),
    (Action.BOOK, State.BOOKED),
    (Action.DEPART, State.EN_ROUTE),
    (Action.ARRIVE, State.ARRIVED),
    (Action.START, State.WORKING),
    (Action.SUBMIT, State.REVIEW),
    (Action.APPROVE, State.FINISHED),
    (Action.AWAIT_CALLBACK, State.CALLBACK_DUE),
    (Action.CALL_BACK, State.CALLED_BACK),
    (Action.ARCHIVE, State.ARCHIVED),
)


def test_the_usual_way_passes_every_station() -> None:
    state = State.PENDING
    for action, expected in HAPPY:
        state = next_state(state, action)
        assert state is expected


@pytest.mark.parametrize("state", State)
def test_every_open_state_can_still_end_and_no_closed_one_moves(state: State) -> None:
    reached, grown = {state}, 0
    while len(reached) != grown:
        grown = len(reached)
        reached |= {to for (source, _), to in TABLE.items() if source in reached}
        reached |= {State.PENDING} if State.HELD in reached else set()
    assert reached & set(CLOSED)
    if state in CLOSED:
        assert allowed(state) == ()


def test_every_state_can_be_reached_and_every_action_is_used() -> None:
    assert {State.PENDING, *TABLE.values()} == set(State)
    assert {action for _, action in TABLE} | {Action.RESUME} == set(Action)


def test_a_hold_on_site_goes_on_where_it_stood_and_any_other_returns_to_the_pool() -> None:
    assert next_state(State.HELD, Action.RESUME, held_from=State.WORKING) is State.WORKING
    assert next_state(State.HELD, Action.RESUME, held_from=State.BOOKED) is State.PENDING
    with pytest.raises(ActionRefused):
        next_state(State.HELD, Action.RESUME)


def test_a_refusal_names_state_and_action() -> None:
    with pytest.raises(ActionRefused) as refused:
        next_state(State.PENDING, Action.START)
    assert refused.value.params == {"state": "pending", "action": "start"}


class WorkOrderLife(RuleBasedStateMachine):
    """Whatever people try in whatever order, the order stays in its life."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.PENDING
        self.held_from: State | None = None
        self.started = False

    @rule(action=st.sampled_from(Action))
    def somebody_tries(self, action: Action) -> None:
        """Either the table has it and the state follows, or it is refused and nothing changes."""
        before = self.state
        if action not in allowed(before):
            with pytest.raises(ActionRefused):
                next_state(before, action, held_from=self.held_from)
            return
        self.state = next_state(before, action, held_from=self.held_from)
        if action is Action.HOLD:
            self.held_from = before
        if action is Action.RESUME:
            self.held_from = None
        if self.state is State.ARRIVED:
            self.started = True
        if self.state is State.PENDING:
            self.started = False

    @rule(steps=st.integers(1, len(HAPPY)))
    def somebody_works_on(self, steps: int) -> None:
        """Walk along the usual way, so that late stations are visited too."""
        for action, expected in HAPPY[:steps]:
            if (self.state, action) in TABLE and TABLE[self.state, action] is expected:
                self.somebody_tries(action)

    @invariant()
    def a_held_order_remembers_where_it_stood(self) -> None:
        assert (self.state is State.HELD) == (self.held_from is not None) or self.state in CLOSED

    @invariant()
    def nothing_is_finished_without_an_arrival(self) -> None:
        if self.state in (State.REVIEW, *DONE):
            assert self.started

    @invariant()
    def it_is_in_exactly_one_part_of_its_life(self) -> None:
        parts = (
            self.state in OPEN,
            self.state in DONE,
            self.state in (State.HELD, State.REVIEW),
            self.state in (State.MERGED, State.VOID),
        )
        assert sum(parts) == 1


TestWorkOrderLife = WorkOrderLife.TestCase
TestWorkOrderLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
