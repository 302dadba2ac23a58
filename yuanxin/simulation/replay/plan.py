"""Put the files, the table of titles and the map together: the plan of a day, before anything is stored. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import Channel
from yuanxin.simulation.replay.placing import Home, Placing, moved, replay_day
from yuanxin.simulation.replay.reading import Community, ReadContact, RowError, Table
from yuanxin.simulation.replay.titles import Reading, read_title

BUSIEST_SHOWN = 5


class NothingOnDay(DomainError):
    """The file has no good contact on this day. Params: day, busiest."""

    code = "simulation.nothing_on_day"


@dataclass(frozen=True)
class PlannedContact:
    """One contact of the replayed day: when it comes, what about, from where."""

    number: str
    title: str
    at: datetime
    channel: Channel
    reading: Reading
    home: Home


@dataclass(frozen=True)
class DayPlan:
    """All that is known before the day begins. Everything here is data or rule, nothing is simulated."""

    original_day: date
    day: date
    contacts: tuple[PlannedContact, ...]
    communities: tuple[Community, ...]
    default_households: int
    unknown_households: int
    rows_in_contacts: int
    address_errors: tuple[RowError, ...]
    contact_errors: tuple[RowError, ...]

    def by_reason(self) -> list[tuple[str, str, int]]:
        """Return (reason, route, count), most frequent first."""
        counted = Counter((one.reading.reason.value, one.reading.route.value) for one in self.contacts)
        return [(reason, route, count) for (reason, route), count in counted.most_common()]


def plan_day(
    communities: Table[Community],
    contacts: Table[ReadContact],
    *,
    original_day: date,
    effective_from: date,
    is_working_day: Callable[[date], bool],
) -> DayPlan:
    """Choose the contacts of `original_day`, move them, read their titles and give them homes.

    effective_from: of the newest rulebook. Raises NothingOnDay, NoCommunity, NoWorkingDay.
    """
    chosen = [contact for contact in contacts.rows if contact.on == original_day]
    if not chosen:
        raise NothingOnDay(day=original_day.isoformat(), busiest=_busiest(contacts.rows))
    day = replay_day(effective_from, is_working_day)
    placing = Placing(communities.rows)
    planned = [
        PlannedContact(
            number=contact.number,
            title=contact.title,
            at=moved(contact.wall_time, day),
            channel=contact.channel,
            reading=read_title(contact.title),
            home=placing.home_of(contact.number),
        )
        for contact in chosen
    ]
    return DayPlan(
        original_day=original_day,
        day=day,
        contacts=tuple(sorted(planned, key=lambda one: (one.at, one.number))),
        communities=communities.rows,
        default_households=placing.default_households,
        unknown_households=placing.unknown_households,
        rows_in_contacts=len(contacts.rows) + len(contacts.errors),
        address_errors=communities.errors,
        contact_errors=contacts.errors,
    )


def _busiest(contacts: Sequence[ReadContact]) -> str:
    counted = Counter(contact.on for contact in contacts).most_common(BUSIEST_SHOWN)
    return ", ".join(f"{day.isoformat()} ({count})" for day, count in counted)
