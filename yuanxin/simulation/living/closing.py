"""What a technician writes at the end of a visit: cause, test values, evidence."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from yuanxin.published.codes import CloseType
from yuanxin.simulation.replay.crew import SIGNED_BY, Job
from yuanxin.simulation.replay.pictures import photo, signature

HOME_CAUSES = {
    "tv_fault": ("home.box_settings", "home.box_failed", "home.card_or_pairing", "building.connector"),
    "equipment": ("home.box_failed", "home.power_adapter", "home.onu_failed"),
    "no_internet": ("home.onu_failed", "home.router_or_wifi", "building.drop_cable", "home.power_adapter"),
    "slow_speed": ("home.router_or_wifi", "home.indoor_cable"),
    "intermittent": ("building.connector", "home.indoor_cable", "building.splitter"),
}
USUAL = ("home.router_or_wifi", "building.connector")
LINE_CAUSES = ("line.line_amplifier", "line.coax_cable", "line.fibre_loss", "line.optical_node")


@dataclass(frozen=True)
class Closing:
    """A close-out before it is sent."""

    close_type: CloseType
    fault_cause: str | None
    tests: dict[str, str]

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``fieldwork.finish`` with the evidence."""
        somebody = self.close_type is not CloseType.EMPTY_TRIP
        return {
            "close_type": self.close_type,
            "fault_cause": self.fault_cause,
            "tests": self.tests,
            "photo": photo(),
            "signature_name": SIGNED_BY if somebody else "",
            "signature_png": signature() if somebody else None,
        }


def closing_of(job: Job, ends: CloseType, *, is_line: bool, seed: int) -> Closing:
    """Draw the close-out of one visit; the same job and seed give the same."""
    dice = random.Random(f"{seed}:{job.number}:closing")
    causes = LINE_CAUSES if is_line else HOME_CAUSES.get(job.fault_code, USUAL)
    tests = {}
    if ends is not CloseType.EMPTY_TRIP:
        tests = {
            "optical_power_dbm": f"{dice.uniform(-24, -15):.1f}",
            "signal_level_dbuv": f"{dice.uniform(58, 74):.0f}",
        }
    return Closing(ends, dice.choice(causes) if ends is CloseType.FIXED else None, tests)
