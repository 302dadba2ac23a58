"""What a rulebook holds: frozen entries and their measures. Numbers are data of the entry, never of this code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from yuanxin.kernel.time import WORKING_DAY, BusinessWindow, minute_of_day
from yuanxin.standards.rules.quantity import Limit

HQ = "00"


class Layer(StrEnum):
    """Layer 层级: L0 law, L1 national (headquarters), L2 province, L3 city, L4 contract."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


class SourceKind(StrEnum):
    """Kind of source 依据类别. Only law and order make a statutory clock."""

    LAW = "law"
    ORDER = "order"
    STANDARD = "standard"
    COMPANY = "company"
    ASSUMPTION = "assumption"


class Status(StrEnum):
    """Status 状态: an active entry binds; a draft is shown with its gap and binds nobody."""

    ACTIVE = "active"
    DRAFT = "draft"


class Way(StrEnum):
    """Which way a number gets stricter; FREE stands with bounds (min, max)."""

    LOWER = "lower"
    HIGHER = "higher"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Stricter:
    """How one number may change in a lower layer. lowest and highest: bounds of FREE, in the number's own unit."""

    way: Way
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from (依据). grade: A read in the text, B second hand, C trade knowledge, D our own."""

    document: str
    article: str
    kind: SourceKind
    grade: str
    verified_by: str | None = None
    verified_on: str | None = None
    text_hash: str | None = None

    @property
    def is_statutory(self) -> bool:
        """Law and order bind by themselves; all else is the company's word."""
        return self.kind in (SourceKind.LAW, SourceKind.ORDER)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """So much time from the start. window: the hours that count; None is natural time.

    published: no own number, the operator's own published promise counts (电信条例 Art. 31).
    or_chosen: a later instant that the customer chose takes its place.
    """

    limit: Limit | None
    window: BusinessWindow | None = None
    published: bool = False
    or_chosen: bool = False

    @property
    def counts_in(self) -> BusinessWindow | None:
        """The hours in which time counts."""
        if self.window is None and self.limit is not None and self.limit.working_days:
            return WORKING_DAY
        return self.window


@dataclass(frozen=True, slots=True)
class ByTimeOfDay:
    """By the next time the wall clock shows `cutoff` (minute of the day; 1440 = end of the same day)."""

    cutoff: int | None


@dataclass(frozen=True, slots=True)
class Slot:
    """Within the agreed window of `width`, early or late by at most `tolerance`."""

    width: Limit | None
    tolerance: Limit | None


@dataclass(frozen=True, slots=True)
class NoticeBefore:
    """So long before the event."""

    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases within a limit; not a clock of one case."""

    target: Fraction | None
    within: Limit | None


@dataclass(frozen=True, slots=True)
class Amount:
    """A rate on a base fee, up to a cap; cap_fen None: the text names none."""

    rate: Fraction | None
    base: str
    cap_fen: int | None


@dataclass(frozen=True, slots=True)
class Price:
    """A fixed price in fen."""

    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Values:
    """Named parameters (参数): whole numbers with the unit in their name, or lists of codes."""

    values: Mapping[str, int | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation without a number."""


Measure = Elapsed | ByTimeOfDay | Slot | NoticeBefore | Share | Amount | Price | Values | Duty
CLOCKED = (Elapsed, ByTimeOfDay, Slot, NoticeBefore)


class Pay(StrEnum):
    """Form of a compensation 赔付形式."""

    WAIVE_MONTHLY_FEE = "waive_monthly_fee"
    RATE_PER_DAY = "rate_per_day"
    FIXED_PER_DAY = "fixed_per_day"
    ONCE = "once"
    MONTH_FEE = "month_fee"


@dataclass(frozen=True, slots=True)
class Compensation:
    """What the customer gets when the rule is broken (赔付). with_law: ``add`` to the law's own, or the ``higher``."""

    pay: Pay
    rate: Fraction | None = None
    base: str = ""
    amount_fen: int | None = None
    cap_fen: int | None = None
    month_days: int | None = None
    with_law: str = "add"
    voucher: bool = False


@dataclass(frozen=True)
class Entry:
    """One rule (条目). Empty `services`, `areas` or `customers` mean all; `body` is what the file said, for the export.

    reported: minutes of the day [from, to) in which the case must start for the rule to apply; None is any time.
    """

    id: str
    topic: str
    title_zh: str
    title_en: str
    status: Status
    layer: Layer
    org: str
    services: frozenset[str]
    order_types: frozenset[str]
    areas: frozenset[str]
    customers: frozenset[str]
    start: str
    stop: str
    reported: tuple[int, int] | None
    pauses: frozenset[str]
    measure: Measure
    stricter: Mapping[str, Stricter]
    compensation: tuple[Compensation, ...]
    effective_from: date
    source: Source
    note: str
    body: Mapping[str, Any]

    @property
    def is_active(self) -> bool:
        """Only an active entry binds."""
        return self.status is Status.ACTIVE

    @property
    def is_clock(self) -> bool:
        """Whether one case gets a due instant from this entry."""
        return isinstance(self.measure, CLOCKED)

    def covers(self, topic: str, service: str | None, area: str | None, customer: str | None) -> bool:
        """Whether the entry speaks of this case; a topic covers its subtopics (``a.b`` also ``a.b.c``)."""
        return (
            (topic == self.topic or topic.startswith(self.topic + "."))
            and _within(service, self.services)
            and _within(area, self.areas)
            and _within(customer, self.customers)
        )

    def starts_at(self, at: datetime) -> bool:
        """Whether a case that starts at this instant falls into the hours of `reported`."""
        if self.reported is None:
            return True
        return self.reported[0] <= minute_of_day(at) < self.reported[1]


def _within(value: str | None, allowed: frozenset[str]) -> bool:
    return not allowed or value is None or value in allowed


@dataclass(frozen=True)
class Rulebook:
    """One file (标准册): all entries of one name, layer and organisation."""

    name: str
    layer: Layer
    org: str
    title_zh: str
    title_en: str
    effective_from: date
    entries: tuple[Entry, ...]
    body: Mapping[str, Any]

    @property
    def newest_day(self) -> date:
        """The day on which the last of its entries begins to bind."""
        return max([self.effective_from, *(entry.effective_from for entry in self.entries)])
