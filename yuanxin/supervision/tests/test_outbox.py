from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yuanxin.kernel import outbox, runner
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.errors import Conflict, NotFound, Refused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import Delivery
from yuanxin.kernel.tests.make import acting
from yuanxin.published.refs import ref
from yuanxin.published.standards import ClocksStarted
from yuanxin.supervision import api as supervision
from yuanxin.supervision.invariants import board_is_what_facts_say
from yuanxin.supervision.models import BoardRow
from yuanxin.supervision.tests import make
from yuanxin.supervision.tests.make import MORNING
from yuanxin.supervision.tests.test_board import story

REACTION = "supervision.show_when_ticket_opened"


@pytest.fixture
def only_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other contexts' reactions to the same facts are not part of these stories."""
    monkeypatch.setattr(
        outbox, "later", {fact: [name for name in names if name == REACTION] for fact, names in outbox.later.items()}
    )


def break_reaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(fact: Any) -> None:
        raise ValueError("no such column")

    monkeypatch.setitem(outbox.reactions, REACTION, broken)


def test_a_told_ticket_appears_on_the_board(foshan: str, only_the_board: None) -> None:
    outbox.tell(make.opened())
    runner.drain()
    assert supervision.board(MORNING).all.green == 1


def test_a_delivery_that_keeps_failing_is_parked_shown_and_replayed(
    foshan: str, only_the_board: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.YUANXIN_OUTBOX_TRIES = 1
    works = outbox.reactions[REACTION]
    break_reaction(monkeypatch)
    fact = make.opened()
    outbox.tell(fact)
    runner.drain()
    (parked,) = supervision.parked()
    assert (parked.reaction, parked.subject, parked.tries) == (REACTION, fact.subject, 1)
    assert "no such column" in parked.error
    monkeypatch.setitem(outbox.reactions, REACTION, works)
    supervision.replay(delivery_id=parked.id)
    runner.drain()
    assert supervision.parked() == []
    assert supervision.board(MORNING).all.total == 1


def test_an_unknown_delivery_is_not_replayed(foshan: str) -> None:
    with pytest.raises(NotFound):
        supervision.replay(delivery_id=987654321)


def test_a_delivery_that_is_still_owed_is_not_replayed(
    foshan: str, only_the_board: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_reaction(monkeypatch)
    outbox.tell(make.opened())
    runner.run_batch()
    assert supervision.parked() == []
    owed = Delivery.objects.get().id
    with pytest.raises(Conflict):
        supervision.replay(delivery_id=owed)


def test_replaying_needs_its_permission(foshan: str) -> None:
    with acting_as(acting("4406", "care.open_ticket")), pytest.raises(Refused):
        supervision.replay(delivery_id=1)


def test_the_ticker_shows_recent_facts_of_the_city_newest_first(foshan: str, only_the_board: None) -> None:
    first, second = make.opened(number="T1"), make.opened(number="T2", at=MORNING + timedelta(minutes=1))
    for fact in (first, second):
        outbox.tell(fact)
    assert {line.number for line in supervision.ticker()} == {"T1", "T2"}
    assert supervision.ticker(limit=1)[0].name == "TicketOpened"


def test_a_fact_that_the_board_does_not_want_is_not_owed_to_it(foshan: str) -> None:
    fact = make.opened()
    started = ClocksStarted(
        subject=fact.subject,
        at=MORNING,
        topic="fault.repair",
        service=fact.service,
        statutory_due_at=None,
        assessment_due_at=fact.assessment_due_at,
        rule_ids=(),
        version_id=new_id(),
    )
    outbox.tell(started)
    outbox.tell(replace(started, topic="callback.after_close"))
    assert Delivery.objects.filter(reaction="supervision.show_clock_when_clocks_started").count() == 1


def test_the_board_listens_to_every_fact_that_moves_an_order() -> None:
    heard = {fact.__name__ for fact, names in outbox.later.items() if any(n.startswith("supervision.") for n in names)}
    assert {"TicketOpened", "WorkOrderAssigned", "ClocksPaused", "TicketClosed"} <= heard


def test_verify_builds_the_newest_rows_again_from_their_facts(foshan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {fact: [name for name in names if name.startswith("supervision.")] for fact, names in outbox.later.items()}
    monkeypatch.setattr(outbox, "later", ours)
    monkeypatch.setattr(outbox, "within", {})
    ticket, work_order = ref("ticket", new_id()), ref("work_order", new_id())
    for fact in story(ticket, work_order)[:12]:
        outbox.tell(fact)
    assert list(board_is_what_facts_say()) == [], "rows with owed deliveries are left out"
    runner.drain()
    before = BoardRow.objects.values().get()
    assert list(board_is_what_facts_say()) == []
    assert BoardRow.objects.values().get() == before, "it changes nothing"
    BoardRow.objects.update(stage="assigned", technician_id=None)
    (finding,) = board_is_what_facts_say()
    assert finding == f"board row {ticket} differs from its facts: stage, technician_id"
