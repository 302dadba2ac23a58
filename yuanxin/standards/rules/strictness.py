"""The proof of "a lower layer may only be stricter" (只严不松).

Due instants are compared over every start hour of 400 calendar days, for each area and customer class that both
entries speak of; other measures number by number. What cannot be compared is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any

from yuanxin.kernel.time import SHANGHAI, Calendar, at_minute
from yuanxin.published.codes import AreaClass, CustomerClass, Service
from yuanxin.standards.rules.clocks import finish, run_of
from yuanxin.standards.rules.entries import (
    Amount,
    ByTimeOfDay,
    Compensation,
    Elapsed,
    Entry,
    Measure,
    NoticeBefore,
    Price,
    Rulebook,
    Share,
    Slot,
    Stricter,
    Values,
    Way,
)
from yuanxin.standards.rules.errors import RuleAmbiguous, RuleLooser, RuleNotComparable, RuleRepeated
from yuanxin.standards.rules.quantity import Limit
from yuanxin.standards.rules.resolution import in_scope

PROOF_DAYS = 400
_SLACK_DAYS = 60


def prove(book: Rulebook, above: Iterable[Entry], calendar: Calendar) -> int:
    """Hold every entry of a rulebook against all entries of the layers above that bind the same place.

    above: entries of all other rulebooks; those of the same layer and place may not answer the same question.
    Returns how many pairs were compared. Raises RuleRepeated, RuleAmbiguous, RuleLooser, RuleNotComparable,
    CalendarYearMissing.
    """
    above = list(above)
    own = {entry.id for entry in book.entries}
    beside = [e for e in above if e.org == book.org and e.layer == book.layer and e not in book.entries]
    for entry in beside:
        if entry.id in own:
            raise RuleRepeated(entry=entry.id, file=book.name)
    uppers = [e for e in above if e.layer < book.layer and in_scope(e.org, book.org)]
    ours = [entry for entry in book.entries if entry.is_active]
    peers = [(one, other) for one in beside if one.is_active for other in ours]
    for one, other in [*combinations(ours, 2), *peers]:
        if one.topic == other.topic and _meet(one, other) and _clash(one, other):
            raise RuleAmbiguous(entry=other.id, other=one.id)
    pairs = 0
    for entry in ours:
        for upper in uppers:
            if entry.source.is_statutory and not upper.source.is_statutory:
                continue  # a province's law stands beside the company's word; the stricter of both binds anyway
            if upper.is_active and _meet(entry, upper):
                prove_pair(entry, upper, calendar)
                pairs += 1
    return pairs


def prove_pair(entry: Entry, upper: Entry, calendar: Calendar) -> None:
    """Raises RuleLooser or RuleNotComparable unless `entry` is at least as strict as `upper`."""
    if _is_published(upper) or _is_published(entry):
        return  # no own number: it repeats the promise, which is proved by itself
    if _is_timed(entry) and _is_timed(upper):
        _prove_due(entry, upper, calendar)
    elif type(entry.measure) is not type(upper.measure):
        raise RuleNotComparable(
            entry=entry.id, above=upper.id, problem=f"{_kind(entry)} beside {_kind(upper)}: another measure"
        )
    else:
        for name, (ours, theirs) in _numbers(entry.measure, upper.measure).items():
            _prove_number(entry, upper, name, ours, theirs)
    _prove_compensation(entry, upper)


def cells(one: Entry, other: Entry) -> list[tuple[str, str, str]]:
    """Return every (service, area, customer class) that both entries speak of."""
    return [
        (service, area, customer)
        for service in _common(one.services, other.services, Service)
        for area in _common(one.areas, other.areas, AreaClass)
        for customer in _common(one.customers, other.customers, CustomerClass)
    ]


def _common(one: frozenset[str], other: frozenset[str], every: Iterable[str]) -> list[str]:
    return [value for value in every if (not one or value in one) and (not other or value in other)]


def _meet(entry: Entry, upper: Entry) -> bool:
    is_under = entry.topic == upper.topic or entry.topic.startswith(upper.topic + ".")
    return is_under and bool(cells(entry, upper))


def _clash(one: Entry, other: Entry) -> bool:
    """Whether two entries of one layer answer the same question (other names of one parameter topic do not)."""
    if isinstance(one.measure, Values) and isinstance(other.measure, Values):
        return bool(one.measure.values.keys() & other.measure.values.keys())
    if not (_is_timed(one) and _is_timed(other)):
        return type(one.measure) is type(other.measure)
    first, second = one.reported or (0, 1440), other.reported or (0, 1440)
    return max(first[0], second[0]) < min(first[1], second[1])


def _is_timed(entry: Entry) -> bool:
    return isinstance(entry.measure, (Elapsed, ByTimeOfDay))


def _is_published(entry: Entry) -> bool:
    return isinstance(entry.measure, Elapsed) and entry.measure.published


def _kind(entry: Entry) -> str:
    return str(entry.body["measure"]["kind"])


def _first_day(calendar: Calendar) -> date:
    """The last 400 days that the calendar covers with room for the longest limit."""
    last = max(calendar.years, default=1970)
    return date(last, 12, 31) - timedelta(days=PROOF_DAYS + _SLACK_DAYS)


@lru_cache(maxsize=512)
def _dues(
    measure: Elapsed | ByTimeOfDay, reported: tuple[int, int] | None, calendar: Calendar
) -> tuple[int | None, ...]:
    """Return the due second for each start hour; None where the rule does not apply.

    Remembered by what the instant depends on, so a law entry is computed once for a whole rulebook.
    """
    first = _first_day(calendar)
    hours = range(reported[0] // 60, -(-reported[1] // 60)) if reported else range(24)
    found: list[int | None] = []
    for index in range(PROOF_DAYS):
        day = first + timedelta(days=index)
        found += [
            _due_second(measure, at_minute(day, hour * 60), calendar) if hour in hours else None for hour in range(24)
        ]
    return tuple(found)


def _due_second(measure: Elapsed | ByTimeOfDay, start: datetime, calendar: Calendar) -> int | None:
    run = run_of(measure, start)
    if run is None:
        return None
    if run.window is None:
        return int(start.timestamp() + run.amount.total_seconds())
    return int(finish(run, start, calendar).timestamp())


def _prove_due(entry: Entry, upper: Entry, calendar: Calendar) -> None:
    way = _way(entry, upper, next(iter(upper.stricter)))
    ours = _dues(_timed(entry), entry.reported, calendar)
    theirs = _dues(_timed(upper), upper.reported, calendar)
    sign = -1 if way is Way.HIGHER else 1
    looser = [
        hour
        for hour, (mine, yours) in enumerate(zip(ours, theirs, strict=True))
        if mine is not None and yours is not None and sign * mine > sign * yours
    ]
    if looser:
        hour = looser[0]
        start = at_minute(_first_day(calendar) + timedelta(days=hour // 24), hour % 24 * 60)
        service, area, customer = cells(entry, upper)[0]
        raise _looser(
            entry,
            upper,
            path="due_at",
            ours=_wall(ours[hour]),
            theirs=_wall(theirs[hour]),
            example=start.strftime("%Y-%m-%d %H:%M"),
            hours=len(looser),
            case=f"{service} {area} {customer}",
        )


def _timed(entry: Entry) -> Elapsed | ByTimeOfDay:
    if not isinstance(entry.measure, (Elapsed, ByTimeOfDay)):
        raise TypeError(entry.id)
    return entry.measure


def _wall(second: int | None) -> str:
    return "" if second is None else datetime.fromtimestamp(second, SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _way(entry: Entry, upper: Entry, name: str) -> Way:
    theirs = upper.stricter[name]
    ours = entry.stricter.get(name, next(iter(entry.stricter.values()), theirs))
    if ours.way is not theirs.way:
        raise RuleNotComparable(
            entry=entry.id,
            above=upper.id,
            problem=f"measure.{name}: stricter is {ours.way} here and {theirs.way} above",
        )
    return theirs.way


def _prove_number(entry: Entry, upper: Entry, name: str, ours: Number, theirs: Number) -> None:
    way = _way(entry, upper, name)
    bounds: Stricter = upper.stricter[name]
    if way is Way.FREE:
        if ours is None or not (bounds.lowest or 0) <= ours <= (bounds.highest or 0):
            raise _looser(
                entry, upper, path=f"measure.{name}", ours=str(ours), theirs=f"{bounds.lowest}..{bounds.highest}"
            )
        return
    mine, yours = _or_endless(ours), _or_endless(theirs)
    if (mine > yours) if way is Way.LOWER else (mine < yours):
        raise _looser(entry, upper, path=f"measure.{name}", ours=str(ours), theirs=str(theirs))


Number = Fraction | int | None
_ENDLESS = Fraction(10**18)


def _or_endless(value: Number) -> Fraction:
    return _ENDLESS if value is None else Fraction(value)


def _numbers(ours: Measure, theirs: Measure) -> dict[str, tuple[Number, Number]]:
    """Return the numbers that both measures of one kind have, by name; lengths of time in seconds."""
    mine, yours = _plain(ours), _plain(theirs)
    return {name: (mine[name], yours[name]) for name in yours if name in mine}


def _plain(measure: Measure) -> dict[str, Number]:
    match measure:
        case Slot(width, tolerance):
            return {"width": _seconds(width), "tolerance": _seconds(tolerance)}
        case NoticeBefore(limit):
            return {"limit": _seconds(limit)}
        case Share(target, within):
            return {"target": target, "within": _seconds(within)}
        case Amount(rate, _, cap_fen):
            return {"rate": rate, "cap_fen": cap_fen} if cap_fen is not None else {"rate": rate}
        case Price(amount_fen):
            return {"amount_fen": amount_fen}
        case Values(values):
            return {name: value for name, value in values.items() if isinstance(value, int)}
        case _:
            return {}


def _seconds(limit: Limit | None) -> int | None:
    return None if limit is None else int(limit.amount.total_seconds())


def _prove_compensation(entry: Entry, upper: Entry) -> None:
    """A stricter promise may not pay less. What the law pays stands beside every promise and needs no proof."""
    if upper.source.is_statutory:
        return
    ours = {item.pay: item for item in entry.compensation}
    for theirs in upper.compensation:
        mine = ours.get(theirs.pay)
        if mine is None or not _pays_as_much(mine, theirs):
            raise _looser(
                entry,
                upper,
                path=f"compensation.{theirs.pay}",
                ours="" if mine is None else _said(mine),
                theirs=_said(theirs),
            )


def _pays_as_much(mine: Compensation, theirs: Compensation) -> bool:
    return (
        (mine.rate or 0) >= (theirs.rate or 0)
        and (mine.amount_fen or 0) >= (theirs.amount_fen or 0)
        and _or_endless(mine.cap_fen) >= _or_endless(theirs.cap_fen)
        and not (mine.with_law == "higher" and theirs.with_law == "add")
    )


def _said(item: Compensation) -> str:
    parts = {"rate": item.rate, "fen": item.amount_fen, "cap": item.cap_fen, "with_law": item.with_law}
    return " ".join(f"{name}={value}" for name, value in parts.items() if value is not None)


def _looser(entry: Entry, upper: Entry, *, path: str, ours: str, theirs: str, **more: Any) -> RuleLooser:
    return RuleLooser(
        entry=entry.id,
        above=upper.id,
        document=upper.source.document,
        article=upper.source.article,
        path=path,
        ours=ours,
        theirs=theirs,
        **more,
    )
