"""The windows that an agent reads out: the best ones first, the price one click away, the caller's wish as a filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, OrderKind, Service

FULL = "full"
NOON = 12  # o'clock: where the morning ends
HALVES = ("am", "pm")


@dataclass(frozen=True)
class Shown:
    """One window in the picker; value travels in the form, both ends as ISO instants."""

    offer: fieldwork.WindowOffer
    value: str
    is_chosen: bool

    @property
    def is_full(self) -> bool:
        """Whether nobody can come."""
        return self.offer.ease == FULL


def wish_choices(at: datetime) -> list[tuple[str, str]]:
    """Return what a caller may wish: any time, a bookable day, or half of one that has not ended."""
    today, hour = localtime(at).date(), localtime(at).hour
    found = [("", str(_("any time")))]
    for number in range(fieldwork.bookable_days(at)):
        day = today + timedelta(days=number)
        name = _day(day, number)
        found.append((day.isoformat(), name))
        found += [
            (f"{day.isoformat()}:{half}", f"{name} {_('morning') if half == 'am' else _('afternoon')}")
            for half in HALVES
            if number or half == "pm" or hour < NOON
        ]
    return found


def _day(day: date, number: int) -> str:
    name = {0: _("today"), 1: _("tomorrow")}.get(number, _("the day after tomorrow") if number == 2 else "")
    return f"{name} {day:%m-%d}".strip()


def picker(address: parties.AddressView, service: Service, wish: str, chosen: str, at: datetime) -> dict[str, Any]:
    """Return what the picker shows: the best windows, the others in the order of time."""
    day, _colon, half = wish.partition(":")
    offers = fieldwork.offer_windows(
        order_kind=OrderKind.REPAIR,
        service=service,
        address_id=address.id,
        area_class=AreaClass(address.area_class),
        grid_code=address.grid_code,
        at=at,
        on=date.fromisoformat(day) if day else None,
        half=half,
    )
    best = fieldwork.best_windows(offers, at)
    return {
        "asked": True,
        "best": [_shown(one, chosen) for one in best],
        "others": [_shown(one, chosen) for one in offers if one.window_from not in {good.window_from for good in best}],
    }


def _shown(offer: fieldwork.WindowOffer, chosen: str) -> Shown:
    value = f"{offer.window_from.isoformat()}/{offer.window_to.isoformat()}"
    return Shown(offer, value, value == chosen)
