"""The numbers of a pay scheme for one kind of work, read from the rulebook; no number stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Service

Lookup = Callable[[str, str], Any]  # topic, field -> the rulebook's number; None when there is no such entry


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
class RatingBand:
    """A mean score of at least mean_from_percent (% of the best score) earns factor_percent (%) of the piece."""

    mean_from_percent: int
    factor_percent: int


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How ratings of a technician move the piece. Below sample_min counted scores they do not move it."""

    window_days: int
    sample_min: int
    score_top: int
    bands: tuple[RatingBand, ...]


@dataclass(frozen=True, kw_only=True)
class Night:
    """Allowance (fen) for work begun between from_hour and to_hour (local hours, over midnight when from > to)."""

    amount_fen: int
    from_hour: int
    to_hour: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Terms of pay 计酬条件 of one order. Amounts in fen, shares in percent.

    price_fen None: the scheme has no price for this work; it is recorded with 0 and shown as unpriced.
    close_percent: share of the price that this close type earns.
    monthly_cap_fen: most that deductions may take from one person in a calendar month.
    repeat_percent: share of the piece that a repeat visit of the same technician earns.
    floor_fen, cap_fen: least and most pay of one order.
    """

    version: str
    price_fen: int | None
    close_percent: int
    late_steps: tuple[LateStep, ...]
    later_percent: int
    rating: Rating
    night: Night
    area_fen: int
    holiday_fen: int
    mismatch_percent: int
    monthly_cap_fen: int
    repeat_days: int
    repeat_percent: int
    floor_fen: int
    cap_fen: int

    def __post_init__(self) -> None:
        """Refuse terms that would break a promise of the trade. Raises SchemeContradicts."""
        factors = [step.factor_percent for step in self.late_steps] + [self.later_percent]
        limits = [step.up_to_minutes for step in self.late_steps]
        means = [band.mean_from_percent for band in self.rating.bands]
        shares = (self.close_percent, self.repeat_percent, self.mismatch_percent, *factors)
        amounts = (self.price_fen or 0, self.night.amount_fen, self.area_fen, self.holiday_fen, self.monthly_cap_fen)
        broken = {
            "late_factors_rise": factors != sorted(factors, reverse=True),
            "late_limits_fall": limits != sorted(set(limits)) or any(limit < 1 for limit in limits),
            "share_outside_0_100": not all(0 <= share <= 100 for share in shares),
            "negative_amount": any(amount < 0 for amount in amounts) or self.floor_fen < 0,
            "cap_below_floor": self.cap_fen < self.floor_fen,
            "bands_do_not_fall": means != sorted(set(means), reverse=True),
            "band_factor_negative": any(band.factor_percent < 0 for band in self.rating.bands),
            "sample_of_one": self.rating.sample_min < 2 or self.rating.score_top < 1,
            "no_such_hour": not all(0 <= hour <= 24 for hour in (self.night.from_hour, self.night.to_hour)),
        }
        found = [name for name, is_broken in broken.items() if is_broken]
        if found:
            raise SchemeContradicts(reasons=",".join(found), version=self.version)


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Time limits of a scheme: check after (h), confirmed after (d), adjustable within (d) of the finish."""

    check_after_hours: int
    confirm_after_days: int
    adjust_within_days: int


def read_terms(
    lookup: Lookup, *, version: str, kind: OrderKind, service: Service, close_type: CloseType, area: AreaClass
) -> Terms:
    """Read the terms of one kind of work from the rulebook topics ``incentive.*``. Raises SchemeIncomplete."""

    def number(topic: str, field: str) -> int:
        return _whole(lookup(f"incentive.{topic}", field), topic, field)

    price = lookup(f"incentive.item.{kind}.{service}", "price_fen")
    return Terms(
        version=version,
        price_fen=None if price is None else _whole(price, f"item.{kind}.{service}", "price_fen"),
        close_percent=number(f"close.{close_type}", "share_percent"),
        late_steps=_late_steps(lookup),
        later_percent=number("timeliness.later", "factor_percent"),
        rating=Rating(
            window_days=number("quality.rating", "window_days"),
            sample_min=number("quality.rating", "sample_min"),
            score_top=number("quality.rating", "score_top"),
            bands=_bands(lookup),
        ),
        night=Night(
            amount_fen=number("allowance.night", "amount_fen"),
            from_hour=number("allowance.night", "from_hour"),
            to_hour=number("allowance.night", "to_hour"),
        ),
        area_fen=0 if area is AreaClass.URBAN else number(f"allowance.{area}", "amount_fen"),
        holiday_fen=number("allowance.holiday", "amount_fen"),
        mismatch_percent=number("deduction.callback_mismatch", "share_percent"),
        monthly_cap_fen=number("deduction.monthly_cap", "amount_fen"),
        repeat_days=number("repeat_fault", "window_days"),
        repeat_percent=number("repeat_fault", "share_percent"),
        floor_fen=number("floor", "amount_fen"),
        cap_fen=number("cap", "amount_fen"),
    )


def read_windows(lookup: Lookup) -> Windows:
    """Read the time limits of the scheme. Raises SchemeIncomplete."""

    def number(field: str) -> int:
        return _whole(lookup("incentive.window", field), "window", field)

    return Windows(
        check_after_hours=number("check_after_hours"),
        confirm_after_days=number("confirm_after_days"),
        adjust_within_days=number("adjust_within_days"),
    )


def _late_steps(lookup: Lookup) -> tuple[LateStep, ...]:
    """Read ``incentive.timeliness.late_1``, ``late_2``, ... up to the first that is missing."""
    steps: list[LateStep] = []
    while (limit := lookup(topic := f"incentive.timeliness.late_{len(steps) + 1}", "late_up_to_minutes")) is not None:
        factor = _whole(lookup(topic, "factor_percent"), topic, "factor_percent")
        steps.append(LateStep(up_to_minutes=_whole(limit, topic, "late_up_to_minutes"), factor_percent=factor))
    return tuple(steps)


def _bands(lookup: Lookup) -> tuple[RatingBand, ...]:
    """Read ``incentive.quality.band_1``, ``band_2``, ... up to the first that is missing."""
    bands: list[RatingBand] = []
    while (mean := lookup(topic := f"incentive.quality.band_{len(bands) + 1}", "mean_from_percent")) is not None:
        factor = _whole(lookup(topic, "factor_percent"), topic, "factor_percent")
        bands.append(RatingBand(mean_from_percent=_whole(mean, topic, "mean_from_percent"), factor_percent=factor))
    return tuple(bands)


def _whole(value: Any, topic: str, field: str) -> int:
    if type(value) is not int:
        raise SchemeIncomplete(topic=topic, field_name=field)
    return value
