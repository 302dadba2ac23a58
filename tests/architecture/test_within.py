"""Reactions in the teller's transaction never come back to the fact that started them."""

from tests.architecture.calls import Within, WithinReactions, cycle_of
from tests.architecture.sources import Source, sources

FACTS = """
class Fact: ...
class DoorOpened(Fact): ...
class LightLit(Fact): ...
class CatAwoke(Fact): ...
"""
ACTIONS = """
from yuanxin.kernel import outbox
from yuanxin.kernel.outbox import tell
from yuanxin.published.house import CatAwoke, DoorOpened, LightLit
from yuanxin.cat import api as cat

def light(at):
    tell(LightLit(subject="lamp:1", at=at))

def wake(at):
    _wake(at)

def _wake(at):
    cat.leave(at)
    outbox.tell(CatAwoke(subject="cat:1", at=at))

def look(fact):
    return isinstance(fact, DoorOpened)
"""
CAT = """
from yuanxin.cat.actions import leave
"""
LEAVE = """
from yuanxin.kernel.outbox import tell
from yuanxin.published.house import DoorOpened

def leave(at):
    tell(DoorOpened(subject="door:1", at=at))
"""
REACTIONS = """
from yuanxin.house import actions
from yuanxin.kernel.outbox import reacts_to
from yuanxin.published.house import DoorOpened, LightLit

@reacts_to(DoorOpened, within=True)
def light_when_door_opened(fact):
    actions.look(fact)
    actions.light(fact.at)

@reacts_to(LightLit{how})
def wake_when_light_lit(fact):
    actions.wake(fact.at)
"""


def house(*, how: str) -> list[Within]:
    """An invented house; how: the second reaction's declaration."""
    files = {
        "yuanxin/published/house.py": FACTS,
        "yuanxin/house/actions.py": ACTIONS,
        "yuanxin/house/reactions.py": REACTIONS.replace("{how}", how),
        "yuanxin/cat/api.py": CAT,
        "yuanxin/cat/actions.py": LEAVE,
    }
    return list(WithinReactions(Source(path, text) for path, text in files.items()).all())


def real() -> list[Within]:
    ours = [one for one in sources(".py") if one.parts[0] == "yuanxin" and not one.is_test and not one.is_migration]
    return list(WithinReactions(ours).all())


def test_reactions_within_form_no_cycle() -> None:
    assert cycle_of(real()) == []


def test_the_reactions_of_the_loop_are_seen_with_what_they_tell() -> None:
    found = {one.name.removeprefix("yuanxin."): one for one in real()}
    opened = found["fieldwork.reactions.create_work_order_when_ticket_opened"]
    assert (opened.fact, opened.tells >= {"WorkOrderCreated", "AppointmentBooked"}) == ("TicketOpened", True)
    resolved = found["care.reactions.resolve_ticket_when_work_order_finished"]
    assert resolved.tells >= {"TicketResolved", "ClocksStopped", "ClocksStarted"}
    assert "PayPosted" in found["quality.reactions.pay_when_work_order_finished"].tells


def test_a_cycle_through_two_contexts_is_found() -> None:
    assert cycle_of(house(how=", within=True")) == ["DoorOpened", "LightLit", "DoorOpened"]


def test_a_reaction_of_its_own_time_breaks_the_cycle() -> None:
    assert cycle_of(house(how="")) == []
    assert [one.tells for one in house(how="")] == [frozenset({"LightLit"})]
