"""The numbers of a pay scheme for one kind of work, read from the rulebook; no number stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import AreaClass, CloseType, OrderKind

Lookup = Callable[[str, str], Any]  # topic, name -> the rulebook's number or codes; None when there is none
TOPICS = (
    "pay.piece",
    "pay.close_types",
    "pay.timeliness",
    "pay.quality",
    "pay.allowances",
    "pay.holiday",
    "pay.limits",
    "pay.repeat",
    "pay.windows",
    "pay.calendar",
    "ticket.duplicate",
)
LATE_STEPS = ("first", "second", "third")


class SchemeIncomplete(DomainError):
    """The rulebook lacks a number that pay needs, or holds something that is no whole number."""

    code = "quality.scheme_incomplete"


class SchemeContradicts(DomainError):
    """The numbers of the scheme contradict each other, for example a later order paying more."""

    code = "quality.scheme_contradicts"


@dataclass(frozen=True, kw_only=True)
class LateStep:
    """Work that is late by no more than up_to_minutes (min) earns factor_percent (%) of its piece."""

    up_to_minutes: int
    factor_percent: int


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How ratings of a technician move the piece.

    With at least sample_min counted scores of the last window_days days, a mean of praised_from_score or more earns
    praised_percent (%); everything else earns usual_percent. A low mean never costs; a person looks at it.
    """

    window_days: int
    sample_min: int
    praised_from_score: int
    praised_percent: int
    usual_percent: int


@dataclass(frozen=True, kw_only=True)
class Night:
    """Allowance (fen) for work begun from from_minute to before to_minute (minutes of the day, over midnight)."""

    amount_fen: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Terms of pay 计酬条件 of one order. Amounts in fen, shares in percent.

    versions: rulebook versions that the terms were read from.
    price_fen None: the scheme has no price for this work; it is recorded with 0 and shown as unpriced.
    close_percent: share of the price that this close type earns; 0 when the scheme does not pay it.
    on_time_percent, late_steps, later_percent: timeliness factors, falling.
    disputed_percent: share of the piece that is left when the customer says that the work was not done.
    monthly_cap_fen: most that deductions may take from one person in a calendar month.
    repeat_percent: share of the piece that a repeat visit of the same technician earns.
    repeated_percent: share of the piece that is left to a repair which somebody else had to do again.
    floor_fen, cap_fen: least and most pay of one order.
    """

    versions: tuple[str, ...]
    price_fen: int | None
    close_percent: int
    on_time_percent: int
    late_steps: tuple[LateStep, ...]
    later_percent: int
    rating: Rating
    disputed_percent: int
    night: Night
    area_fen: int
    holiday_fen: int
    monthly_cap_fen: int
    repeat_days: int
    repeat_percent: int
    floor_fen: int
    cap_fen: int
    repeated_percent: int = 100

    def __post_init__(self) -> None:
        """Refuse terms that would break a promise of the trade. Raises SchemeContradicts."""
        factors = [self.on_time_percent, *(step.factor_percent for step in self.late_steps), self.later_percent]
        limits = [step.up_to_minutes for step in self.late_steps]
        amounts = (self.price_fen or 0, self.night.amount_fen, self.area_fen, self.holiday_fen, self.monthly_cap_fen)
        minutes = (self.night.from_minute, self.night.to_minute)
        broken = {
            "late_factors_rise": factors != sorted(factors, reverse=True),
            "late_limits_fall": limits != sorted(set(limits)) or any(limit < 1 for limit in limits),
            "negative_share": min(*factors, self.close_percent, self.rating.usual_percent) < 0,
            "share_outside_0_100": not all(
                0 <= share <= 100 for share in (self.repeat_percent, self.repeated_percent, self.disputed_percent)
            ),
            "negative_amount": min(*amounts, self.floor_fen) < 0,
            "cap_below_floor": self.cap_fen < self.floor_fen,
            "praise_costs": self.rating.praised_percent < self.rating.usual_percent,
            "sample_of_one": self.rating.sample_min < 2,
            "no_such_minute": not all(0 <= minute <= 1440 for minute in minutes),
        }
        found = [name for name, is_broken in broken.items() if is_broken]
        if found:
            raise SchemeContradicts(reasons=",".join(found), versions=",".join(self.versions))


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Time limits of a scheme: check after (h), confirmed after (d), adjustable within (d) of the finish."""

    check_after_hours: int
    confirm_after_days: int
    adjust_within_days: int


def read_terms(
    lookup: Lookup, *, versions: tuple[str, ...], kind: OrderKind, close_type: CloseType, area: AreaClass
) -> Terms:
    """Read the terms of one kind of work from the rulebook topics ``pay.*``. Raises SchemeIncomplete."""

    def number(topic: str, name: str) -> int:
        return _whole(lookup(topic, name), topic, name)

    price = lookup("pay.piece", f"{kind}_fen")
    is_paid = close_type in (lookup("pay.close_types", "paid_close_types") or ())
    return Terms(
        versions=versions,
        price_fen=None if price is None else _whole(price, "pay.piece", f"{kind}_fen"),
        close_percent=number("pay.close_types", f"{close_type}_percent") if is_paid else 0,
        on_time_percent=number("pay.timeliness", "on_time_percent"),
        late_steps=tuple(
            LateStep(
                up_to_minutes=number("pay.timeliness", f"late_{name}_hours") * 60,
                factor_percent=number("pay.timeliness", f"late_{name}_percent"),
            )
            for name in LATE_STEPS
        ),
        later_percent=number("pay.timeliness", "late_more_percent"),
        rating=Rating(
            window_days=number("pay.windows", "rating_days"),
            sample_min=number("pay.quality", "smallest_sample"),
            praised_from_score=number("pay.quality", "praised_from_score"),
            praised_percent=number("pay.quality", "praised_percent"),
            usual_percent=number("pay.quality", "usual_percent"),
        ),
        disputed_percent=number("pay.quality", "disputed_percent"),
        night=Night(
            amount_fen=number("pay.allowances", "night_fen"),
            from_minute=number("pay.allowances", "night_from_minute_of_day"),
            to_minute=number("pay.allowances", "night_to_minute_of_day"),
        ),
        area_fen=0 if area is AreaClass.URBAN else number("pay.allowances", f"{area}_fen"),
        holiday_fen=number("pay.holiday", "holiday_fen"),
        monthly_cap_fen=number("pay.limits", "monthly_deduction_fen"),
        repeat_days=number("ticket.duplicate", "repeat_fault_days"),
        repeat_percent=number("pay.repeat", "own_repeat_percent"),
        repeated_percent=number("pay.repeat", "repeated_percent"),
        floor_fen=number("pay.limits", "floor_fen"),
        cap_fen=number("pay.limits", "cap_fen"),
    )


def read_windows(lookup: Lookup) -> Windows:
    """Read the time limits of the scheme. Raises SchemeIncomplete."""

    def number(topic: str, name: str) -> int:
        return _whole(lookup(topic, name), topic, name)

    return Windows(
        check_after_hours=number("pay.windows", "check_after_hours"),
        confirm_after_days=number("pay.calendar", "confirmed_days"),
        adjust_within_days=number("pay.windows", "adjust_within_days"),
    )


def _whole(value: Any, topic: str, name: str) -> int:
    if type(value) is not int:
        raise SchemeIncomplete(topic=topic, parameter=name)
    return value
