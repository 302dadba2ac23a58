"""The table of the work order's life against the doors: every entry has its action, and nothing else happens."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from django.db import transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import Action, State, errors
from yuanxin.fieldwork.models import StateChange
from yuanxin.fieldwork.rules.states import CLOSED, RESUMES_TO, TABLE
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.kernel import acting
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.ids import new_id
from yuanxin.org import api as org
from yuanxin.published.codes import OrderKind, Segment
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

Deed = Callable[[UUID, datetime], object]
STEPS = 45
ROLES = Path(org.__file__).with_name("roles.yaml")

# The permission that opens each action; a close-out's own consequences (APPROVE of a good one, ARCHIVE, AWAIT_CALLBACK)
# need none of their own.
PERMISSIONS = {
    Action.ASSIGN: "fieldwork.assign",
    Action.CLAIM: "fieldwork.claim",
    Action.ACCEPT: "fieldwork.accept",
    Action.BOOK: "fieldwork.book_appointment",
    Action.RESCHEDULE: "fieldwork.book_appointment",
    Action.DEPART: "fieldwork.depart",
    Action.ARRIVE: "fieldwork.arrive",
    Action.START: "fieldwork.start",
    Action.SUBMIT: "fieldwork.finish",
    Action.APPROVE: "fieldwork.approve_closeout",
    Action.SEND_BACK: "fieldwork.send_back",
    Action.REWORK: "fieldwork.send_back",
    Action.AWAIT_CALLBACK: "fieldwork.finish",
    Action.CALL_BACK: "care.record_callback",
    Action.ARCHIVE: "fieldwork.finish",
    Action.HOLD: "fieldwork.hold",
    Action.RESUME: "fieldwork.resume",
    Action.REASSIGN: "fieldwork.reassign",
    Action.RETURN: "fieldwork.return_order",
    Action.HAND_OVER: "fieldwork.hand_over",
    Action.AMEND: "fieldwork.amend",
    Action.MERGE: "fieldwork.merge",
    Action.VOID: "fieldwork.cancel",
}


def test_every_action_is_opened_by_a_permission_that_a_role_has() -> None:
    roles = yaml.safe_load(ROLES.read_text("utf-8"))["roles"]
    held = {code for role in roles.values() for code in role["permissions"]}
    whole = {code.removesuffix("*") for code in held if code.endswith(".*")}
    assert set(PERMISSIONS) == set(Action)
    assert [code for code in PERMISSIONS.values() if code not in held and not code.startswith(tuple(whole))] == []


class Walk:
    """One order to which somebody does whatever comes to mind; time goes on by two minutes a deed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.crew = [make.technician(f"师傅{number}", tv=3, broadband=3, line=3) for number in range(2)]
        self.order = make.order(kind=self.dice.choice([OrderKind.REPAIR, OrderKind.PATROL]))
        self.other = make.order()
        self.taken: set[tuple[State, Action]] = set()
        self.refused = 0

    def deeds(self) -> dict[str, Deed]:
        """Return everything that people can do, with good arguments."""
        one, day = self.dice.choice(self.crew), self.dice.randint(1, 3) * 1440
        start = minutes(day + self.dice.randint(0, 300))
        segment = self.dice.choice([Segment.LINE, Segment.HEADEND, Segment.FIELD])
        back = self.dice.choice(["photo_unclear", "work_not_done"])
        tests = {"optical_power_dbm": self.dice.choice(["-20", "-31"])}
        return {
            "assign": lambda order, at: fieldwork.assign(
                work_order_id=order, technician_id=one, planned_from=start, at=at
            ),
            "reassign": lambda order, at: fieldwork.reassign(
                work_order_id=order, technician_id=one, planned_from=start, at=at
            ),
            "accept": lambda order, at: fieldwork.accept(work_order_id=order, at=at),
            "book": lambda order, at: fieldwork.book_appointment(
                work_order_id=order, window_from=start, window_to=start + (minutes(120) - minutes(0)), at=at,
                reason_code="customer_asked",
            ),
            "depart": lambda order, at: fieldwork.depart(work_order_id=order, at=at),
            "arrive": lambda order, at: fieldwork.arrive(work_order_id=order, at=at),
            "start": lambda order, at: fieldwork.start(work_order_id=order, at=at),
            "finish": lambda order, at: make.close(order, at=at, tests=tests),
            "approve": lambda order, at: self._as_another("fieldwork.approve_closeout", fieldwork.approve_closeout)(
                work_order_id=order, at=at
            ),
            "send_back": lambda order, at: self._as_another("fieldwork.send_back", fieldwork.send_back)(
                work_order_id=order, reason_code=back, at=at
            ),
            "call_back": lambda order, at: fieldwork.confirm_callback(
                work_order_id=order, reached=True, agrees=True, at=at
            ),
            "hold": lambda order, at: fieldwork.hold(work_order_id=order, reason_code="weather", at=at),
            "approve_hold": lambda order, at: self._as_another("fieldwork.approve_hold", fieldwork.approve_hold)(
                work_order_id=order, at=at
            ),
            "refuse_hold": lambda order, at: self._as_another("fieldwork.refuse_hold", fieldwork.refuse_hold)(
                work_order_id=order, at=at
            ),
            "resume": lambda order, at: fieldwork.resume(work_order_id=order, at=at),
            "return": lambda order, at: fieldwork.return_order(work_order_id=order, reason_code="no_time", at=at),
            "hand_over": lambda order, at: fieldwork.hand_over(
                work_order_id=order, to_segment=segment, reason_code="line_fault", at=at
            ),
            "hand_back": lambda order, at: fieldwork.hand_back(
                work_order_id=order, reason_code="segment_done", at=at
            ),
            "amend": lambda order, at: fieldwork.amend(
                work_order_id=order, duration_minutes=self.dice.randint(10, 90), at=at
            ),
            "merge": lambda order, at: fieldwork.merge(
                work_order_id=order, into_id=self.other, reason_code="outage", at=at
            ),
            "cancel": lambda order, at: fieldwork.cancel(work_order_id=order, reason_code="withdrawn", at=at),
        }  # fmt: skip

    def _as_another(self, permission: str, deed: Callable[..., object]) -> Callable[..., object]:
        def done(**arguments: object) -> object:
            with acting.acting_as(make.as_staff(new_id(), permission)):
                return deed(**arguments)

        return done

    def go(self) -> None:
        """Try one deed after the other; what ends an order is tried seldom, so that walks are long."""
        ends = {"merge", "cancel"}
        for number in range(STEPS):
            deeds = self.deeds()
            name = self.dice.choice([one for one in deeds if one not in ends or self.dice.random() < 0.05])
            self.try_one(deeds[name], minutes(5 + 2 * number))
            if fieldwork.work_order(self.order).state in CLOSED:
                return

    def try_one(self, deed: Deed, at: datetime) -> None:
        """Either the table knows every step that was taken, or nothing changed."""
        before = list(StateChange.objects.filter(work_order=self.order).order_by("pk").values())
        try:
            with transaction.atomic():
                deed(self.order, at)
        except DomainError:
            self.refused += 1
            after = list(StateChange.objects.filter(work_order=self.order).order_by("pk").values())
            assert after == before
            return
        after = list(StateChange.objects.filter(work_order=self.order).order_by("pk").values())
        assert after[: len(before)] == before
        held_from = next((row["from_state"] for row in reversed(before) if row["action"] == "hold"), "")
        for row in after[len(before) :]:
            source, action = State(row["from_state"]), Action(row["action"])
            expected = RESUMES_TO[State(held_from)] if action is Action.RESUME else TABLE[source, action]
            assert State(row["to_state"]) is expected
            self.taken.add((source, action))
        self.clocks_agree()

    def clocks_agree(self) -> None:
        """A segment's clock runs, or stands on an approved hold, exactly while an order that changed hands is open."""
        open_clocks = [
            clock.topic
            for clock in standards.clocks_of(ref("work_order", self.order))
            if clock.topic.startswith("segment.") and clock.stopped_at is None
        ]
        stays = fieldwork.segments_of(self.order)
        is_open = stays[-1].left_at is None and len(stays) > 1
        assert open_clocks == ([f"segment.{stays[-1].segment}"] if is_open else [])


@pytest.mark.usefixtures("field")
@pytest.mark.parametrize("seed", range(6))
def test_whatever_people_try_the_table_the_history_and_the_clocks_agree(seed: int) -> None:
    walk = Walk(seed)
    walk.go()
    assert make.broken() == []
    assert walk.taken
    assert walk.refused


@pytest.mark.usefixtures("field")
def test_an_action_that_the_table_does_not_know_is_refused_by_name() -> None:
    order = make.order()
    with pytest.raises(errors.ActionRefused) as refused:
        fieldwork.start(work_order_id=order, at=minutes(1))
    assert refused.value.params == {"state": "pending", "action": "start"}
