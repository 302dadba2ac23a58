"""An invented day of field work. All its figures stand here: this is a test bed, no rule of a province.

Straight line x 1.35 at 25 km/h and three minutes of parking; four skills, one to three per technician; shifts of eight
hours that begin between 08:00 and 10:00 with a break of half an hour in a window of two; three jobs of five with a
window of two hours, one with half a day, one with all day; about one in six with a "start by" of which every second of
delay has a price. Some nine tenths of the jobs can be served.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yuanxin.engines.routing.generators.area import Area
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Problem, Rest, Technician, Weights, Window
from yuanxin.engines.routing.travel import GreatCircleTravel

MIDNIGHT = 1_795_881_600  # 2026-11-30 00:00 in Beijing
HOUR = 3600
DAY = (8 * HOUR, 18 * HOUR)  # work starts between these seconds of the day
HALF_DAYS = ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))
SKILLS = ("fibre", "tv", "network", "security")
SKILLS_ASKED = (0.4, 0.3, 0.2, 0.1)  # share of jobs, more uneven than what technicians hold
SKILLS_HELD = (0.40, 0.40, 0.20)  # share of technicians with one, two, three skills
SHIFT_S = 8 * HOUR
BREAK_S = HOUR // 2
BREAK_FROM = (11 * HOUR, 12 * HOUR)  # a break's window of two hours begins between these
KINDS_OF_WINDOW = (0.6, 0.2, 0.2)  # two hours, half a day, all day
PRIORITIES = (0.075, 0.15, 0.25, 0.30, 0.225)  # share of jobs of priority 1 to 5
VALUES = (10_000, 6_000, 3_500, 2_000, 1_200)
LATE_RATES = (4, 3, 2, 1, 1)
WITH_SLA = (1.0, 0.40, 0.10, 0.05, 0.0)  # share of jobs with a "start by", by priority
MINUTES_OF_WORK = (15, 90)
TRAVEL = GreatCircleTravel(detour=1.35, speed_kmh=25.0, entry_s=180)
WEIGHTS = Weights(
    travel=1,
    overtime_permille=2000,
    technician_change=600,
    eta_shift_permille=200,
    eta_tolerance_s=900,
    grid_violation=0,
    unfair_permille=0,
)
FOSHAN = Place(113.02, 22.95)


@dataclass(frozen=True, slots=True)
class Shape:
    """How big a day is. stations: where shifts begin and end; clusters: of homes; prefix: before every id."""

    area: Area
    technicians: int
    jobs: int
    stations: int
    clusters: int
    prefix: str = ""


def technician_day(seed: int, technicians: int = 60, jobs: int = 500) -> Problem:
    """Return the day of a district: 24 x 18 km, 6 stations."""
    return make_day(np.random.default_rng([1, seed]), Shape(Area(FOSHAN, 24, 18), technicians, jobs, 6, 8))


def city(seed: int, technicians: int = 300, jobs: int = 2000) -> Problem:
    """Return the day of a city: 40 x 32 km, 30 stations."""
    return make_day(np.random.default_rng([2, seed]), Shape(Area(FOSHAN, 40, 32), technicians, jobs, 30, 20))


def make_day(dice: np.random.Generator, shape: Shape) -> Problem:
    """Return a day of a shape, planned before the first shift begins."""
    return Problem(
        now=MIDNIGHT + 7 * HOUR,
        technicians=make_technicians(dice, shape),
        jobs=make_jobs(dice, shape),
        travel=TRAVEL,
        weights=WEIGHTS,
    )


def make_technicians(dice: np.random.Generator, shape: Shape) -> tuple[Technician, ...]:
    """Return technicians, each at one of the stations."""
    stations = [shape.area.place(east, north) for east, north in shape.area.stations(dice, shape.stations)]
    made = []
    for number in range(shape.technicians):
        start = MIDNIGHT + int(dice.integers(8 * 4, 10 * 4 + 1)) * HOUR // 4
        rest_from = MIDNIGHT + int(dice.integers(BREAK_FROM[0] // 900, BREAK_FROM[1] // 900 + 1)) * 900
        held = 1 + int(dice.choice(len(SKILLS_HELD), p=SKILLS_HELD))
        made.append(
            Technician(
                id=f"{shape.prefix}t{number:03}",
                home=stations[number % len(stations)],
                start=start,
                end=start + SHIFT_S,
                breaks=(Rest(rest_from, rest_from + 2 * HOUR, BREAK_S),),
                skills={SKILLS[skill]: 1 for skill in sorted(dice.choice(len(SKILLS), size=held, replace=False))},
            )
        )
    return tuple(made)


def make_jobs(dice: np.random.Generator, shape: Shape) -> tuple[Job, ...]:
    """Return jobs with windows, skills, priorities and, some of them, a "start by"."""
    homes = shape.area.homes(dice, shape.jobs, shape.clusters)
    made = []
    for number, (east, north) in enumerate(homes):
        window = _window(dice)
        made.append(
            Job(
                id=f"{shape.prefix}j{number:04}",
                place=shape.area.place(east, north),
                windows=(window,),
                skills={SKILLS[int(dice.choice(len(SKILLS), p=SKILLS_ASKED))]: 1},
                **urgency(dice, window, minutes=_minutes(dice)),
            )
        )
    return tuple(made)


def urgency(dice: np.random.Generator, window: Window, minutes: int, sla: Sequence[float] = WITH_SLA) -> dict[str, Any]:
    """Return work, value and the price of delay of a job: the fields that hang together. sla: see WITH_SLA."""
    priority = int(dice.choice(len(PRIORITIES), p=PRIORITIES))
    fields: dict[str, Any] = {"dur": minutes * 60, "value": VALUES[priority], "priority": priority + 1}
    share, has_sla = dice.uniform(0.25, 0.75), dice.random() < sla[priority]
    if has_sla:
        start_by = window[0] + int(share * (window[1] - window[0])) // 300 * 300
        fields |= {
            "due": start_by + minutes * 60,
            "late_rate": LATE_RATES[priority],
            "sla_class": f"p{priority + 1}",
        }
    return fields


def start_by(job: Job) -> int | None:
    """Return the Unix second after which a start of work is late; None where nothing is due."""
    return None if job.due is None else job.due - job.dur


def _window(dice: np.random.Generator) -> Window:
    kind = int(dice.choice(len(KINDS_OF_WINDOW), p=KINDS_OF_WINDOW))
    if kind == 0:
        begin = int(dice.integers(DAY[0] // 1800, 16 * 2 + 1)) * 1800
        return MIDNIGHT + begin, MIDNIGHT + begin + 2 * HOUR
    begin, end = HALF_DAYS[int(dice.integers(len(HALF_DAYS)))] if kind == 1 else DAY
    return MIDNIGHT + begin, MIDNIGHT + end


def _minutes(dice: np.random.Generator) -> int:
    """Return minutes of work in steps of five: 40 on average, some much longer."""
    drawn = np.clip(dice.lognormal(3.655, 0.38), *MINUTES_OF_WORK)
    return round(float(drawn) / 5) * 5


def counted(problem: Problem) -> Mapping[str, int]:
    """Return what a problem is made of, for the head of a table."""
    return {
        "technicians": len(problem.technicians),
        "jobs": len(problem.jobs),
        "with_sla": sum(job.due is not None for job in problem.jobs),
        "work_h": sum(job.dur * job.crew for job in problem.jobs) // HOUR,
        "shift_h": sum(one.end - one.start - sum(rest.dur for rest in one.breaks) for one in problem.technicians)
        // HOUR,
    }
