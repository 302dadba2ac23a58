"""The replayed day once more, dispatched by today's practice and by the engine: same orders, same people, same dice.

Both days are lived in the engine's own simulator, apart from the tables, with the numbers of the rulebook; so what is
compared is only who decides. Runs inside the city's scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.care import api as care
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.plan import MovePrice
from yuanxin.engines.routing.problem import Job, Problem, Rest, Technician, Weights
from yuanxin.engines.routing.simulated_day import Day, Nearest, Outcome, Planned, live
from yuanxin.engines.routing.travel import GreatCircleTravel
from yuanxin.org import api as org
from yuanxin.published.codes import CloseType
from yuanxin.published.refs import ref
from yuanxin.simulation.replay.crew import PARKED_TO_DOOR, TRAVEL_TOPIC
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.placing import moved
from yuanxin.simulation.replay.plan import DayPlan
from yuanxin.simulation.replay.report import Figure, Label, Section
from yuanxin.standards import api as standards

POINTS_PER_MINUTE = 60
AGAIN_S = 1.0  # CPU seconds of each later plan


@dataclass(frozen=True)
class _Throws:
    """The replay's dice as the simulator asks for them. faults: code by contact number."""

    dice: Dice
    faults: Mapping[str, str]

    def work_s(self, job: Job) -> int:
        """Return the time on site; a door that stays shut takes hardly any."""
        if self.dice.close_type(job.id) is CloseType.EMPTY_TRIP:
            return round(PARKED_TO_DOOR.total_seconds())
        return round(self.dice.repair_time(job.id, self.faults[job.id]).total_seconds())

    def drive_s(self, job: Job, planned_s: int) -> int:
        """Return the real time of a drive."""
        return round(self.dice.travel_time(job.id, timedelta(seconds=planned_s)).total_seconds())


def compare(
    plan: DayPlan,
    dice: Dice,
    technicians: Mapping[str, UUID],
    tickets: Sequence[care.TicketView],
    causes: Mapping[str, tuple[str, str]],
) -> Section:
    """Live the day's visits under both policies. tickets: opened on the day; causes: contact and fault by cause."""
    at = moved(dice.wall("shift_from"), plan.day)
    known = {causes[ref("ticket", one.id)][0]: one for one in tickets if ref("ticket", one.id) in causes}
    known = {number: one for number, one in known.items() if not dice.is_solved_on_phone(number)}
    faults = {number: one.fault_code for number, one in known.items()}
    problem = _problem(plan, dice, technicians, known, at)
    calls = {contact.number: int(contact.at.timestamp()) for contact in plan.contacts}
    day = Day(problem, calls, _Throws(dice, faults), look_every_s=int(dice.every("dispatch_every").total_seconds()))
    weights = problem.weights
    move = MovePrice(weights.technician_change, weights.eta_shift_permille, weights.eta_tolerance_s)
    seconds = standards.parameter("dispatch.engine", "plan_seconds", at=at)
    engine = Planned(move=move, seconds=seconds, again_s=min(AGAIN_S, seconds), seed=dice.seed)
    return section(len(problem.jobs), live(day, engine), live(day, Nearest()), calls)


def section(orders: int, engine: Outcome, baseline: Outcome, calls: Mapping[str, int]) -> Section:
    """Set both days beside each other, the engine's figure first."""
    figures = [Figure("orders given to both", orders, Label.SIMULATED)]
    for name, ours, theirs in (
        ("visits made", str(engine.done_total), str(baseline.done_total)),
        ("hours of driving", *(f"{one.travel_s / 3600:.1f}" for one in (engine, baseline))),
        ("minutes of driving for each visit", *(_each(one) for one in (engine, baseline))),
        ("visits after the promise", str(engine.late_jobs), str(baseline.late_jobs)),
        ("minutes after the promise", *(f"{one.late_s / 60:.0f}" for one in (engine, baseline))),
        ("minutes from call to visit, mean", *(_waited(one, calls) for one in (engine, baseline))),
        ("minutes of overtime", *(f"{one.overtime_s / 60:.0f}" for one in (engine, baseline))),
        ("customers visited by another than told", str(engine.changed), str(baseline.changed)),
    ):
        figures += [
            Figure(f"{name}: engine", ours, Label.SIMULATED),
            Figure(f"{name}: baseline", theirs, Label.SIMULATED),
        ]
    return Section("the same day, dispatched by the engine and by baseline (nearest free technician)", tuple(figures))


def _each(lived: Outcome) -> str:
    return f"{lived.travel_s / 60 / lived.done_total:.1f}" if lived.done_total else "-"


def _waited(lived: Outcome, calls: Mapping[str, int]) -> str:
    waited = [visit.start - calls[visit.job] for visit in lived.visits]
    return f"{sum(waited) / len(waited) / 60:.0f}" if waited else "-"


def _problem(
    plan: DayPlan, dice: Dice, technicians: Mapping[str, UUID], known: Mapping[str, care.TicketView], at: datetime
) -> Problem:
    ends = moved(dice.wall("shift_to"), plan.day)
    homes = {one.number: one.home.community for one in plan.contacts}
    needed_s = _number("visit.duration", "repair_minutes", at) * 60
    spread_s = _number("visit.duration", "repair_deviation_minutes", at) * 60
    value = _number("dispatch.value", "repair_value", at) * POINTS_PER_MINUTE
    late_rate = max(1, _number("dispatch.value", "late_value_per_hour", at) * POINTS_PER_MINUTE // 3600)
    jobs = []
    for number, ticket in known.items():
        due_at = min((due for due in (ticket.statutory_due_at, ticket.assessment_due_at) if due), default=None)
        waits_s = max(0, int((ends - due_at).total_seconds())) if due_at else 0
        jobs.append(
            Job(
                id=number,
                place=Place(homes[number].lng, homes[number].lat),
                dur=needed_s,
                dur_sd=spread_s,
                value=value + late_rate * waits_s,  # not coming today is at least as late as coming last
                due=int(due_at.timestamp()) if due_at else None,
                late_rate=late_rate,
            )
        )
    return Problem(
        now=int(at.timestamp()),
        technicians=_crew(technicians, at, ends),
        jobs=tuple(jobs),
        travel=GreatCircleTravel(
            detour=_number(TRAVEL_TOPIC, "detour_percent", at) / 100,
            speed_kmh=_number(TRAVEL_TOPIC, "speed_urban_km_per_h", at),
            entry_s=_number(TRAVEL_TOPIC, "parking_minutes", at) * 60,
        ),
        weights=Weights(
            travel=1,
            overtime_permille=_number("dispatch.engine", "overtime_permille", at),
            technician_change=_number("dispatch.plan", "change_technician_seconds", at),
            eta_shift_permille=_number("dispatch.plan", "shift_permille_per_second", at),
            eta_tolerance_s=_number("dispatch.plan", "shift_free_minutes", at) * 60,
            grid_violation=0,
            unfair_permille=0,
        ),
    )


def _crew(technicians: Mapping[str, UUID], at: datetime, ends: datetime) -> tuple[Technician, ...]:
    midnight = at.replace(hour=0, minute=0)
    lunch = Rest(
        int((midnight + timedelta(minutes=_number("dispatch.rest", "from_minute_of_day", at))).timestamp()),
        int((midnight + timedelta(minutes=_number("dispatch.rest", "to_minute_of_day", at))).timestamp()),
        _number("dispatch.rest", "minutes", at) * 60,
    )
    people = org.staff_many(technicians.values())
    return tuple(
        Technician(
            id=number,
            home=Place(people[one].home_lng or 0, people[one].home_lat or 0),
            start=int(at.timestamp()),
            end=int(ends.timestamp()),
            breaks=(lunch,) if lunch.dur else (),
            overtime_max=_number("dispatch.plan", "overtime_max_minutes", at) * 60,
        )
        for number, one in technicians.items()
    )


def _number(topic: str, field: str, at: datetime) -> int:
    return standards.parameter(topic, field, at=at)
