"""How long things really take: draws that depend only on the seed and the job, never on who goes or when."""

import math
import random
from dataclasses import dataclass
from typing import Protocol

from yuanxin.engines.routing.problem import Job

SHORTEST, LONGEST = 0.4, 2.5  # of what was planned


class Throws(Protocol):
    """Anything that says how long things really take; the same for a job whoever goes."""

    def work_s(self, job: Job) -> int: ...

    def drive_s(self, job: Job, planned_s: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Dice:
    """All draws of one day. work_spread, drive_spread: sigma of log-normal draws around what is planned.

    A job with a deviation of its own (``dur_sd``) is drawn with that one. Without spread everything goes as planned.
    """

    seed: int
    work_spread: float = 0.3
    drive_spread: float = 0.2

    def work_s(self, job: Job) -> int:
        """Return the seconds that the work really takes."""
        spread = job.dur_sd / job.dur if job.dur_sd and job.dur else self.work_spread
        return round(job.dur * self._stretch(job.id, "work", spread))

    def drive_s(self, job: Job, planned_s: int) -> int:
        """Return the seconds that the drive to a job really takes."""
        return round(planned_s * self._stretch(job.id, "drive", self.drive_spread))

    def _stretch(self, job_id: str, question: str, spread: float) -> float:
        if not spread:
            return 1.0
        draw = random.Random(f"{self.seed}:{job_id}:{question}").gauss(-spread * spread / 2, spread)
        return min(LONGEST, max(SHORTEST, math.exp(draw)))
