"""How invented people behave: draws that depend only on the seed, the contact and the question.

Each question has its own generator, so another number of technicians does not change who is at home.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yuanxin.published.codes import CloseType

_FILE = Path(__file__).with_name("assumptions.yaml")
_LOWEST, _HIGHEST = 1, 10


@cache
def assumptions() -> Mapping[str, Any]:
    """Return the table of assumptions beside this module."""
    table: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True)
class Answer:
    """What a customer says when called back; score is None when nothing was given."""

    reached: bool
    agrees: bool | None
    score: int | None
    begged: bool


class Dice:
    """All draws of one replay. seed: any whole number."""

    def __init__(self, seed: int, table: Mapping[str, Any] | None = None) -> None:
        self.seed = seed
        self.table = table if table is not None else assumptions()

    def is_solved_on_phone(self, number: str) -> bool:
        """Say whether the agent clears this fault on the phone."""
        return self._chance(number, "phone", "solved_on_phone")

    def phone_time(self) -> timedelta:
        """Return how long such a talk takes."""
        return timedelta(minutes=float(self.table["phone_minutes"]))

    def is_somebody_home(self, number: str) -> bool:
        """Say whether the door opens."""
        return not self._chance(number, "home", "nobody_home")

    def is_held(self, number: str) -> bool:
        """Say whether the work must wait for a part or another crew."""
        return self._chance(number, "held", "held")

    def close_type(self, number: str) -> CloseType:
        """Return how a visit ends when somebody is home."""
        if not self.is_somebody_home(number):
            return CloseType.EMPTY_TRIP
        if self._chance(number, "no_fault", "no_fault_found"):
            return CloseType.NO_FAULT
        return CloseType.TAUGHT if self._chance(number, "taught", "taught") else CloseType.FIXED

    def repair_time(self, number: str, fault_code: str) -> timedelta:
        """Return the time on site."""
        medians = self.table["repair"]
        median = float(medians.get(fault_code, medians["other"]))
        return timedelta(minutes=round(median * self._stretch(number, "repair", "repair_spread")))

    def travel_time(self, number: str, planned: timedelta) -> timedelta:
        """Return the real travel time of a planned one."""
        minutes = planned.total_seconds() / 60 * self._stretch(number, "travel", "travel_spread")
        return timedelta(minutes=max(float(self.table["shortest_travel"]), round(minutes)))

    def callback_delay(self, number: str) -> timedelta:
        """Return the time from close-out to the first try to call back."""
        return timedelta(
            minutes=round(float(self.table["callback_after"]) * self._stretch(number, "call", "repair_spread"))
        )

    def answer(self, number: str) -> Answer:
        """Return what the customer says when called back."""
        if not self._chance(number, "reached", "reached"):
            return Answer(reached=False, agrees=None, score=None, begged=False)
        if not self._chance(number, "agrees", "agrees"):
            return Answer(reached=True, agrees=False, score=None, begged=False)
        if not self._chance(number, "rates", "rates"):
            return Answer(reached=True, agrees=True, score=None, begged=False)
        draw = self._of(number, "score").gauss(float(self.table["score_mean"]), float(self.table["score_spread"]))
        score = min(_HIGHEST, max(_LOWEST, round(draw)))
        return Answer(reached=True, agrees=True, score=score, begged=self._chance(number, "begged", "begged"))

    def wall(self, name: str) -> time:
        """Return a wall time of the table, such as shift_from."""
        return time.fromisoformat(str(self.table[name]))

    def every(self, name: str) -> timedelta:
        """Return a span in minutes of the table, such as dispatch_every."""
        return timedelta(minutes=float(self.table[name]))

    def _of(self, number: str, question: str) -> random.Random:
        return random.Random(f"{self.seed}:{number}:{question}")

    def _chance(self, number: str, question: str, share: str) -> bool:
        return self._of(number, question).random() < float(self.table[share])

    def _stretch(self, number: str, question: str, spread: str) -> float:
        return math.exp(self._of(number, question).gauss(0.0, float(self.table[spread])))
