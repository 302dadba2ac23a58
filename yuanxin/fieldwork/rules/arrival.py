"""Check-in at the address: how far away, inside the fence or not."""

from dataclasses import dataclass

from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.fieldwork.rules.errors import ArrivedFarAway


@dataclass(frozen=True, slots=True)
class Fence:
    """radius_m around the address, widened by what the position may err, at most accuracy_m. From the rulebook."""

    radius_m: int
    accuracy_m: int


def checked_in(
    here: Place | None, address: Place | None, fence: Fence, *, error_m: int, has_photo: bool, reason: str
) -> tuple[int | None, bool]:
    """Return (distance in metres or None, inside the fence); both points WGS-84.

    Without a position or without coordinates of the address nothing can be measured: outside, distance None.
    error_m: how far the phone says it may be wrong. Being outside is no fraud, but asks for photo and reason.
    Raises ArrivedFarAway.
    """
    if here is None or address is None:
        return None, False
    distance = round(distance_m(here, address))
    inside = distance <= fence.radius_m + min(max(error_m, 0), fence.accuracy_m)
    if not inside and not (has_photo and reason.strip()):
        raise ArrivedFarAway(distance_m=distance, radius_m=fence.radius_m, field="reason")
    return distance, inside
