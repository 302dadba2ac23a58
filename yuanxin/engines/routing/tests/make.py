"""Small dispatch problems with named defaults. Times are minutes after 08:00 of one day in Foshan."""

from typing import Any

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Pin, Problem, Promise, Rest, Rules, Technician, Weights
from yuanxin.engines.routing.travel import GreatCircleTravel

EIGHT = 1_795_910_400  # 2026-11-30 00:00 UTC, 08:00 in Foshan
TRAVEL = GreatCircleTravel(detour=1.35, speed_kmh=25.0, entry_s=180)


def t(minutes: float) -> int:
    """Unix seconds of so many minutes after 08:00."""
    return EIGHT + round(minutes * 60)


def place(east_km: float = 0.0, north_km: float = 0.0) -> Place:
    """Return a place so many kilometres from the crew's house in Chancheng."""
    return Place(113.12 + east_km / 102.4, 23.02 + north_km / 111.2)


def weights(**changed: int) -> Weights:
    """Prices of the tests."""
    prices = {
        "travel": 1,
        "overtime_permille": 2000,
        "technician_change": 600,
        "eta_shift_permille": 1000,
        "eta_tolerance_s": 900,
        "grid_violation": 300,
        "unfair_permille": 0,
    }
    return Weights(**{**prices, **changed})


def technician(
    id: str = "chen",
    *,
    at: Place | None = None,
    shift: tuple[float, float] = (0, 480),
    lunch: bool = False,
    **more: Any,
) -> Technician:
    """Return a technician who works from 08:00 to 16:00."""
    breaks = (Rest(t(210), t(330), 1800),) if lunch else ()
    return Technician(id, at or place(), t(shift[0]), t(shift[1]), breaks=breaks, **more)


def job(id: str = "job", *, at: Place | None = None, minutes: float = 40, value: int = 20_000, **more: Any) -> Job:
    """Return a job of 40 minutes."""
    return Job(id, at or place(2, 1), round(minutes * 60), value, **more)


def problem(*parts: Technician | Job, now: float = 0, rules: Rules | None = None, **prices: int) -> Problem:
    """Put technicians and jobs together."""
    return Problem(
        now=t(now),
        technicians=tuple(one for one in parts if isinstance(one, Technician)),
        jobs=tuple(one for one in parts if isinstance(one, Job)),
        travel=TRAVEL,
        weights=weights(**prices),
        rules=rules or Rules(),
    )


__all__ = ["EIGHT", "TRAVEL", "Pin", "Promise", "job", "place", "problem", "t", "technician", "weights"]
