"""What the text of a filter asks of the database; a text that cannot be meant is named."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from yuanxin.kernel.errors import BadFilter
from yuanxin.kernel.listing.columns import Filter, Kind

YEARS = range(1900, 3000)
"""Years that a filter may name: others overflow on their way to UTC."""

_Day = TypeVar("_Day", bound=date)


def condition(asked: Filter, text: str) -> Q:
    """Return what a filter with this text asks for. Raises BadFilter."""
    if asked.lookup == "startswith":
        return starts(asked.column, text, field=asked.name)
    if asked.lookup == "in":
        return Q(**{f"{asked.column}__in": [_read(asked, part) for part in text.split(",") if part]})
    if asked.kind is Kind.INSTANT and len(text) == 10:
        return _day(asked, text)
    return Q(**{f"{asked.column}__{asked.lookup}": _read(asked, text)})


def _day(asked: Filter, text: str) -> Q:
    """A day given for an instant means that whole day of the city."""
    start = datetime.combine(_date(asked, text), time(), ZoneInfo(settings.YUANXIN_CITY_ZONE))
    if asked.lookup == "exact":
        return Q(**{f"{asked.column}__gte": start, f"{asked.column}__lt": start + timedelta(days=1)})
    if asked.lookup in {"lte", "gt"}:
        lookup = "lt" if asked.lookup == "lte" else "gte"
        return Q(**{f"{asked.column}__{lookup}": start + timedelta(days=1)})
    return Q(**{f"{asked.column}__{asked.lookup}": start})


def starts(column: str, text: str, *, field: str) -> Q:
    """Return that a column begins with a text, as a range: that keeps its index under row-level security."""
    if "\x00" in text:
        raise BadFilter(field=field, value="")
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\U0010ffff"})


def _read(asked: Filter, text: str) -> Any:
    try:
        match asked.kind:
            case Kind.INSTANT:
                moment = _possible(datetime.fromisoformat(text))
                return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.YUANXIN_CITY_ZONE))
            case Kind.DAY:
                return _possible(date.fromisoformat(text))
            case Kind.NUMBER | Kind.FEN:
                return int(text)
            case Kind.BOOLEAN:
                return {"yes": True, "no": False}[text]
            case Kind.ID:
                return UUID(text)
            case Kind.CODE:
                return _code(asked, text)
            case _:
                return _plain(asked, text)
    except (ValueError, KeyError):
        raise BadFilter(field=asked.name, value=text[:60]) from None


def _possible(day: _Day) -> _Day:
    if day.year not in YEARS:
        raise ValueError(day)
    return day


def _date(asked: Filter, text: str) -> date:
    try:
        return _possible(date.fromisoformat(text))
    except ValueError:
        raise BadFilter(field=asked.name, value=text[:60]) from None


def _plain(asked: Filter, text: str) -> str:
    if "\x00" in text or len(text) > 200:
        raise BadFilter(field=asked.name, value="")
    return text


def _code(asked: Filter, text: str) -> str:
    if asked.choices and text not in {code for code, _ in asked.choices}:
        raise BadFilter(field=asked.name, value=text[:60])
    return _plain(asked, text)
