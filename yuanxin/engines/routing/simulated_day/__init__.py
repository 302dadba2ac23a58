"""A working day that unfolds: tickets come in, drives and work take the time they take, people are late.

``live(day, policy)`` lives one day under one policy; the same day under another policy has the same tickets and the
same dice: a job takes as long, and the road to it is as slow, whoever goes. ``policies.Nearest`` is today's practice,
``policies.Planned`` the engine. What counts is what really happened (``outcome.Outcome``), never what was planned.
"""

from yuanxin.engines.routing.simulated_day.dice import Dice, Throws
from yuanxin.engines.routing.simulated_day.living import Day, live
from yuanxin.engines.routing.simulated_day.outcome import Outcome
from yuanxin.engines.routing.simulated_day.policies import Nearest, Planned, Policy

__all__ = ["Day", "Dice", "Nearest", "Outcome", "Planned", "Policy", "Throws", "live"]
