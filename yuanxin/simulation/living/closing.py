"""What a technician writes at the end of a visit: cause, test values, evidence."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.tenancy import scope
from yuanxin.published.codes import CloseType
from yuanxin.simulation.living.rates import Rates
from yuanxin.simulation.replay.crew import NOBODY_OPENED, SIGNED_BY, Job
from yuanxin.simulation.replay.pictures import photo, signature
from yuanxin.simulation.seeding.organisation import CITY

HOME_CAUSES = {
    "tv_fault": ("home.box_settings", "home.box_failed", "home.card_or_pairing", "building.connector"),
    "equipment": ("home.box_failed", "home.power_adapter", "home.onu_failed"),
    "no_internet": ("home.onu_failed", "home.router_or_wifi", "building.drop_cable", "home.power_adapter"),
    "slow_speed": ("home.router_or_wifi", "home.indoor_cable"),
    "intermittent": ("building.connector", "home.indoor_cable", "building.splitter"),
}
USUAL = ("home.router_or_wifi", "building.connector")
LINE_CAUSES = ("line.line_amplifier", "line.coax_cable", "line.fibre_loss", "line.optical_node")


SWAPPED = {"home.box_failed": "set_top_box", "home.onu_failed": "onu"}
"""What is changed for another one, by cause."""
MOST_PIECES = 6
RANGE = 10.0  # of a test value with one limit


@dataclass(frozen=True)
class Closing:
    """A close-out before it is sent."""

    close_type: CloseType
    fault_cause: str | None
    tests: Mapping[str, str]
    checklist: Mapping[str, bool] | None
    materials: Mapping[str, int]

    @property
    def swapped(self) -> str:
        """Return the kind of device that is changed, if any."""
        return SWAPPED.get(self.fault_cause or "", "")

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``fieldwork.finish`` with the evidence."""
        somebody = self.close_type is not CloseType.EMPTY_TRIP
        return {
            "close_type": self.close_type,
            "fault_cause": self.fault_cause,
            "tests": self.tests,
            "checklist": self.checklist,
            "materials": self.materials,
            "photo": photo(),
            "signature_name": SIGNED_BY if somebody else "",
            "signature_png": signature() if somebody else None,
            "note": "" if somebody else NOBODY_OPENED,
        }


class Closer:
    """Draws close-outs from what the rulebook asks of a visit of that kind."""

    def __init__(self, seed: int, rates: Rates) -> None:
        self._seed, self._rates = seed, rates

    def closing_of(self, job: Job, ends: CloseType, at: datetime, *, is_line: bool) -> Closing:
        """Draw the close-out of one visit; the same job and seed give the same."""
        dice = random.Random(f"{self._seed}:{job.number}:closing")
        if ends is CloseType.EMPTY_TRIP:
            return Closing(ends, None, {}, None, {})
        with transaction.atomic(), scope(CITY):
            limits = fieldwork.test_limits(job.order.service, at)
            items = fieldwork.checklist(job.order.order_kind, job.order.service, at)
            materials = fieldwork.materials(at)
        causes = LINE_CAUSES if is_line else HOME_CAUSES.get(job.fault_code, USUAL)
        is_fixed = ends is CloseType.FIXED
        return Closing(
            close_type=ends,
            fault_cause=dice.choice(causes) if is_fixed else None,
            tests={limit.name: f"{self._measured(limit, dice):.1f}" for limit in limits},
            checklist={item.code: dice.random() >= self._rates.share("field", "item_not_done") for item in items},
            materials={code: dice.randint(1, MOST_PIECES) for code in dice.sample(materials, dice.randint(0, 2))}
            if is_fixed
            else {},
        )

    def _measured(self, limit: fieldwork.TestLimit, dice: random.Random) -> float:
        """Return a value inside the good range, or now and then beside it."""
        least = float(limit.least) if limit.least is not None else float(limit.most or 0) - RANGE
        most = float(limit.most) if limit.most is not None else least + RANGE
        if dice.random() < self._rates.share("field", "test_out_of_limits"):
            return least - dice.uniform(0.5, 3) if limit.least is not None else most + dice.uniform(0.5, 3)
        return dice.uniform(least + (most - least) * 0.1, most - (most - least) * 0.1)
