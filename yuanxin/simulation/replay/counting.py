"""Count from the tables what became of a replayed day. Reads through the doors; run inside the city's scope."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.money import Money
from yuanxin.published.codes import CloseType
from yuanxin.published.refs import ref
from yuanxin.quality import api as quality
from yuanxin.simulation.replay.city import City
from yuanxin.simulation.replay.plan import DayPlan
from yuanxin.simulation.replay.report import Fate, Figure, Identity, Label, Section

NOBODY_HOME = "nobody_home"
NOT_PLANNED = "not_planned"


@dataclass(frozen=True)
class Found:
    """The intake of the day and the fate of each ticket."""

    intake: care.Intake
    fate: Fate

    def identity(self, received: int) -> Identity:
        """Compare the file's count with the fates and with the contacts in the tables."""
        return Identity(received, self.fate.total, sum(self.intake.contacts.values()))


def find(start: datetime, end: datetime, *, unserved: Mapping[UUID, str]) -> Found:
    """Read what came in from `start` to `end` and what became of it.

    unserved: the dispatcher's reasons, by work order.
    """
    came = care.intake(start, end)
    finished = open_ = held = 0
    not_reached: Counter[str] = Counter()
    no_visit: Counter[str] = Counter()
    for (outcome, _), count in came.contacts.items():
        if outcome == care.Outcome.COMPLAINT.value:
            no_visit["complaint"] += count
        elif outcome != care.Outcome.TICKET.value:
            no_visit["informed"] += count
    for ticket in came.tickets:
        fate = _fate_of(ticket, unserved)
        match fate.partition(":"):
            case ("finished", _, _):
                finished += 1
            case ("held", _, _):
                held += 1
            case ("not_reached", _, why):
                not_reached[why] += 1
            case ("no_visit", _, why):
                no_visit[why] += 1
            case _:
                open_ += 1
    return Found(came, Fate(finished, open_, held, dict(not_reached), dict(no_visit)))


def _fate_of(ticket: care.TicketView, unserved: Mapping[UUID, str]) -> str:
    """Return the fate of one ticket; a ticket that came back to work is open whatever its visit says."""
    cause = ref("ticket", ticket.id)
    if ticket.resolved_how == "phone":
        return "no_visit:solved_on_phone"
    orders = fieldwork.work_orders_of(cause)
    order = orders[-1] if orders else None
    if order is not None and order.state is fieldwork.State.HELD:
        return "held"
    if ticket.resolved_at is not None:
        is_empty = ticket.resolved_how == CloseType.EMPTY_TRIP.value
        return f"not_reached:{NOBODY_HOME}" if is_empty else "finished"
    if order is not None and order.state is fieldwork.State.PENDING and len(orders) == 1:
        return f"not_reached:{unserved.get(order.id, NOT_PLANNED)}"
    return "open"


def sections(plan: DayPlan, city: City, found: Found, *, end: datetime) -> tuple[Section, ...]:
    """Return all figures in the order in which they are read."""
    return (
        _files(plan),
        Section(
            "received, by reason and route",
            tuple(Figure(f"{reason} > {route}", count, Label.RULE) for reason, route, count in plan.by_reason()),
        ),
        _promises(found),
        _fates(found),
        _answers(found, end),
        _pay(city, plan),
    )


def _files(plan: DayPlan) -> Section:
    return Section(
        "files",
        (
            Figure("communities read", len(plan.communities), Label.DATA),
            Figure("communities left out", len(plan.address_errors), Label.DATA),
            Figure("communities without a household count", plan.unknown_households, Label.DATA),
            Figure("households taken for those (median)", plan.default_households, Label.RULE),
            Figure("contact rows in the file", plan.rows_in_contacts, Label.DATA),
            Figure("contact rows left out", len(plan.contact_errors), Label.DATA),
            Figure("received on the day", len(plan.contacts), Label.DATA),
        ),
    )


def _promises(found: Found) -> Section:
    tickets = found.intake.tickets
    by_law = [ticket for ticket in tickets if ticket.statutory_due_at is not None]
    promised = [ticket for ticket in tickets if ticket.assessment_due_at is not None]
    done = [ticket for ticket in tickets if ticket.resolved_at is not None]
    return Section(
        "promised and kept",
        (
            Figure("tickets with a promise", len(promised), Label.RULE),
            Figure("tickets with a statutory clock", len(by_law), Label.RULE),
            Figure("tickets without a verified statutory limit", len(tickets) - len(by_law), Label.RULE),
            Figure("repeat faults", sum(ticket.repeat_of is not None for ticket in tickets), Label.SIMULATED),
            Figure(
                "resolved within the promise",
                _kept((t.resolved_at, t.assessment_due_at) for t in done),
                Label.SIMULATED,
            ),
            Figure(
                "resolved within the law", _kept((t.resolved_at, t.statutory_due_at) for t in done), Label.SIMULATED
            ),
            Figure(
                "resolved after the promise", _late((t.resolved_at, t.assessment_due_at) for t in done), Label.SIMULATED
            ),
        ),
    )


def _fates(found: Found) -> Section:
    fate = found.fate
    figures = [
        Figure("finished", fate.finished, Label.SIMULATED),
        Figure("open", fate.open, Label.SIMULATED),
        Figure("held", fate.held, Label.SIMULATED),
    ]
    figures += [
        Figure(f"not reached: {why}", count, Label.SIMULATED) for why, count in sorted(fate.not_reached.items())
    ]
    labels = {"complaint": Label.RULE, "informed": Label.RULE}
    figures += [
        Figure(f"no visit needed: {why}", count, labels.get(why, Label.SIMULATED))
        for why, count in sorted(fate.no_visit_needed.items())
    ]
    return Section("what became of them", tuple(figures))


def _answers(found: Found, end: datetime) -> Section:
    answers = care.answers([ticket.id for ticket in found.intake.tickets], until=end)
    return Section(
        "call-backs and ratings",
        (
            Figure("call-backs tried", answers.tried, Label.SIMULATED),
            Figure("customers reached", answers.reached, Label.SIMULATED),
            Figure("agree that the work is done", answers.agreed, Label.SIMULATED),
            Figure("disagree, ticket re-opened", answers.reached - answers.agreed, Label.SIMULATED),
            Figure("ratings", answers.ratings, Label.SIMULATED),
            Figure("of these begged, not counted", answers.begged, Label.SIMULATED),
            Figure("mean of the counted ratings", answers.mean_score, Label.SIMULATED),
        ),
    )


def _pay(city: City, plan: DayPlan) -> Section:
    figures: list[Figure] = []
    total = Money(0)
    for number, technician_id in city.technicians.items():
        earned = quality.earned(technician_id, plan.day)
        total += earned.total
        figures.append(Figure(f"yuan of technician {number}", str(earned.total), Label.SIMULATED))
    figures.append(Figure("yuan of all", str(total), Label.SIMULATED))
    return Section("provisional pay", tuple(figures))


def _kept(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> int:
    return sum(done is not None and due is not None and done <= due for done, due in pairs)


def _late(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> int:
    return sum(done is not None and due is not None and done > due for done, due in pairs)
