"""Give every contact a home and a day: both by rules that a second run repeats exactly.

Where: the hash of the ticket number picks a community, each with the weight of its households (capped, because some
counts in public tables are impossible), then a household in it. Same file, same homes, whatever the seed.
When: the same wall times in Asia/Shanghai on the first working day after the newest rulebook became effective.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import accumulate
from statistics import median_low
from zoneinfo import ZoneInfo

from yuanxin.kernel.errors import DomainError
from yuanxin.simulation.replay.reading import Community

HOUSEHOLDS_CAP = 8000  # per community; the data's own README names the outliers above it
LONGEST_HOLIDAY_DAYS = 30  # no holiday is longer: more means that the calendar is wrong
SHANGHAI = ZoneInfo("Asia/Shanghai")


class NoCommunity(DomainError):
    """There is no good row of addresses to place a contact at."""

    code = "simulation.no_community"


class NoWorkingDay(DomainError):
    """The calendar knows no working day after the effective date. Params: after."""

    code = "simulation.no_working_day"


@dataclass(frozen=True)
class Home:
    """住户: the place of one contact. household counts from 1 within the community."""

    community: Community
    household: int


class Placing:
    """Communities with weights; `default_households` stands in for unknown counts and is stated in the report."""

    def __init__(self, communities: Sequence[Community], *, cap: int = HOUSEHOLDS_CAP) -> None:
        """communities: in file order, at least one. cap: households, at least 1. Raises NoCommunity."""
        if not communities:
            raise NoCommunity
        known = [min(place.households, cap) for place in communities if place.households is not None]
        self.default_households = median_low(known) if known else 1
        self.unknown_households = len(communities) - len(known)
        self._communities = tuple(communities)
        self._weights = [min(place.households or self.default_households, cap) for place in communities]
        self._upto = list(accumulate(self._weights))

    def home_of(self, ticket_number: str) -> Home:
        """Return the home of the contact with this number; the same number always lives in the same place."""
        digest = int.from_bytes(sha256(ticket_number.encode()).digest())
        at = digest % self._upto[-1]
        index = bisect_right(self._upto, at)
        return Home(self._communities[index], household=self._upto[index] - at)


def replay_day(effective_from: date, is_working_day: Callable[[date], bool]) -> date:
    """Return the first working day after `effective_from`. Raises NoWorkingDay."""
    days = (effective_from + timedelta(days=ahead) for ahead in range(1, LONGEST_HOLIDAY_DAYS + 1))
    found = next((day for day in days if is_working_day(day)), None)
    if found is None:
        raise NoWorkingDay(after=effective_from.isoformat())
    return found


def moved(wall_time: time, day: date) -> datetime:
    """Return the instant of `wall_time` on `day` in Asia/Shanghai."""
    return datetime.combine(day, wall_time, tzinfo=SHANGHAI)
