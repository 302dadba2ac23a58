"""What the board's page is drawn from: one day as plain data, the outlines of the grids, and the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.web.components.codes import choices

Point = tuple[float, float]


def board_data(day: date, at: datetime) -> dict[str, Any]:
    """Return a day as the page's scripts read it; instants are Unix seconds.

    The moment of asking is not part of it, so that an unchanged board is the same text.
    """
    board = fieldwork.board_of(day, at)
    return {
        "day": board.on.isoformat(),
        "begins": _seconds(board.begins_at),
        "ends": _seconds(board.ends_at),
        "technicians": [_technician(one) for one in board.technicians],
        "visits": [_visit(one) for one in board.visits],
        "orders": [_job(one) for one in board.unassigned],
    }


def _technician(one: fieldwork.BoardTechnician) -> dict[str, Any]:
    shift, seen = one.shift, one.position
    return {
        "id": str(one.id),
        "number": one.number,
        "name": one.name,
        "grids": one.grids,
        "shift": [_seconds(shift.starts_at), _seconds(shift.ends_at)] if shift else None,
        "breaks": [[_seconds(begins), _seconds(ends)] for begins, ends, _minutes in shift.breaks] if shift else [],
        "duty": shift.kind if shift else "",
        "lent": shift.lent_to_unit_id is not None if shift else False,
        "seen": [seen.lng, seen.lat, _seconds(seen.at), seen.error_m] if seen else None,
    }


def _visit(one: fieldwork.BoardVisit) -> dict[str, Any]:
    return _job(one.job) | {
        "visit": str(one.id),
        "technician": str(one.technician_id),
        "from": _seconds(one.starts_at),
        "to": _seconds(one.ends_at),
        "leads": one.leads,
        "pinned": one.is_pinned,
        "movable": one.is_movable,
        "way": one.travel_minutes,
        "flags": one.flags,
    }


def _job(job: fieldwork.BoardJob) -> dict[str, Any]:
    return {
        "id": str(job.id),
        "number": job.number,
        "state": str(job.state),
        "kind": job.order_kind,
        "service": job.service,
        "segment": job.segment,
        "fault": job.fault_code,
        "grid": job.grid_code,
        "place": job.place,
        "at": [job.lng, job.lat] if job.lng is not None else None,
        "due": _seconds(job.due_at),
        "amber": _seconds(job.amber_at),
        "red": _seconds(job.red_at),
        "paused": job.is_paused,
        "window": [_seconds(job.window_from), _seconds(job.window_to)] if job.window_from else None,
        "minutes": job.minutes,
        "crew": job.crew_size,
        "skills": sorted(job.skills),
        "chases": job.chases,
        "home": str(job.bundle) if job.bundle else "",
    }


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None


def grid_outlines() -> list[dict[str, Any]]:
    """Return each grid with the outline around its estates; two statements. A grid with fewer than three is a dot."""
    points: dict[str, set[Point]] = {}
    for place in parties.places():
        if place.grid_code and place.lng is not None and place.lat is not None:
            points.setdefault(place.grid_code, set()).add((place.lng, place.lat))
    return [
        {"code": grid.code, "name": grid.name, "outline": hull(points[grid.code])}
        for grid in org.units("grid")
        if grid.code in points
    ]


def hull(points: Iterable[Point]) -> list[Point]:
    """Return the corners of the smallest convex area that holds all points, counter-clockwise.

    Source: Andrew, Another efficient algorithm for convex hulls in two dimensions, 1979 (monotone chain).
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1]]


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(origin: Point, first: Point, second: Point) -> float:
    """Return twice the signed area of a triangle: above zero for a turn to the left."""
    return (first[0] - origin[0]) * (second[1] - origin[1]) - (first[1] - origin[1]) * (second[0] - origin[0])


def board_words() -> dict[str, Any]:
    """Return every word that the scripts write, in the reader's language."""
    units = org.units()
    return {
        "state": dict(choices("work_order")),
        "kind": dict(choices("order")),
        "service": dict(choices("service")),
        "segment": dict(choices("segment")),
        "duty": dict(choices("duty")),
        "fault": dict(choices("fault")),
        "reason": dict(choices("reason")),
        "urgency": dict(choices("urgency")) | {"paused": _("Paused"), "": _("no due time")},
        "grid": {unit.code: unit.name for unit in units if unit.level in {"district", "grid"}},
        "flag": {
            "overdue": _("overdue"),
            "late": _("ends after the due time"),
            "window": _("outside the promised window"),
            "behind": _("should have begun"),
            "tight": _("too little time for the way"),
        },
        "say": _sentences(),
    }


def _sentences() -> dict[str, str]:
    return {
        "minutes": _("min"),
        "crew": _("people"),
        "chased": _("chased"),
        "pinned": _("pinned"),
        "window": _("Window"),
        "way": _("way"),
        "tick": _("Tick"),
        "off": _("not on duty"),
        "lent": _("on loan"),
        "pinned_sign": _("pin "),
        "home_sign": _("home "),
        "home": _("same visit"),
        "none": _("No own grid"),
        "visits": _("visits"),
        "free": _("nothing planned"),
        "seen": _("last seen"),
        "elsewhere": _("The place is not on the map"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "nothing": _("Everybody is served: no order waits for this day."),
        "filtered": _("No waiting order fits these filters."),
        "nobody": _("Nobody is on duty on this day."),
        "overlap": _("Not possible, it overlaps with"),
        "good": _("nothing speaks against it"),
        "not_done": _("That did not work. Please try again."),
        "is_pinned": _("This visit is pinned. Unpin it first."),
        "fixed": _("Somebody is there already or it is done: it cannot be moved."),
        "why": _("Say why another technician goes."),
        "moving": _("Moving"),
        "no_outlines": _("The outlines of the grids could not be loaded."),
        "not_loaded": _("The order could not be loaded. Choose it again."),
    }
