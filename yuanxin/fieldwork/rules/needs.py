"""What an order needs: the skills of its kind, and checks of what people correct by hand."""

import re
from collections.abc import Mapping, Sequence

from yuanxin.fieldwork.rules.errors import NeedRefused
from yuanxin.published.codes import OrderKind, Segment, Service

_CODE = re.compile(r"[a-z][a-z0-9_.]{0,39}")
MINUTES_OF_A_DAY = 24 * 60
LONGEST_CODE = 40  # characters; the width of the column
MOST = 32767  # of anything; what a small integer holds


def skills_needed(kind: OrderKind, service: Service, segment: Segment = Segment.FIELD) -> dict[str, int]:
    """Return skill codes with their least level.

    The field crew needs the service's own skill (``tv``, ``broadband``, ``mobile`` in ``academy``), a patrol none;
    every other segment needs its own, ``line`` for instance.
    """
    if segment is not Segment.FIELD:
        return {str(segment): 1}
    return {} if kind is OrderKind.PATROL else {str(service): 1}


def works_of(kind: OrderKind, segment: Segment) -> tuple[str, ...]:
    """Return the kinds of work for which ``academy`` may ask a certificate: the order's, and that of its segment."""
    return (str(kind),) if segment is Segment.FIELD else (str(kind), str(segment))


def require_possible(
    *,
    duration_minutes: int | None = None,
    crew_size: int | None = None,
    skills: Mapping[str, int] | None = None,
    parts: Mapping[str, int] | None = None,
    tools: Sequence[str] | None = None,
    fault_code: str | None = None,
) -> None:
    """Refuse what no plan could hold, so that one wrong order never stops the planning of a city.

    Raises NeedRefused, naming the field.
    """
    if duration_minutes is not None and not 1 <= duration_minutes <= MINUTES_OF_A_DAY:
        raise NeedRefused(minutes=duration_minutes, field="duration_minutes")
    if crew_size is not None and not 1 <= crew_size <= MOST:
        raise NeedRefused(people=crew_size, field="crew_size")
    for field, amounts in (("skills", skills), ("parts", parts)):
        for code, amount in (amounts or {}).items():
            if not code or len(code) > LONGEST_CODE or not 1 <= amount <= MOST:
                raise NeedRefused(code=code[:LONGEST_CODE], amount=amount, field=field)
    if any(not tool or len(tool) > LONGEST_CODE for tool in tools or ()):
        raise NeedRefused(field="tools")
    if fault_code is not None and not _CODE.fullmatch(fault_code):
        raise NeedRefused(code=fault_code[:LONGEST_CODE], field="fault_code")
