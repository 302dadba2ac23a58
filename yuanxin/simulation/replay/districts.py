"""Districts of the replayed city (GB/T 2260) and how its communities are cut into grids. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from yuanxin.simulation.replay.reading import Community

CITY = "4406"
DISTRICTS = MappingProxyType(
    {"禅城区": "440604", "南海区": "440605", "顺德区": "440606", "三水区": "440607", "高明区": "440608"}
)


@dataclass(frozen=True)
class Grid:
    """网格: neighbouring communities of one district that one technician looks after. Centre in WGS-84 degrees."""

    code: str
    name: str
    district_code: str
    communities: tuple[Community, ...]

    @property
    def centre(self) -> tuple[float, float]:
        """Return the mean point (lng, lat)."""
        count = len(self.communities)
        return sum(one.lng for one in self.communities) / count, sum(one.lat for one in self.communities) / count


def grids_of(communities: Sequence[Community], *, technicians: int) -> tuple[Grid, ...]:
    """Cut the communities into about one grid per technician, at least one in each district that has communities.

    A district gets grids by its share of communities and is cut from west to east. technicians: at least 1.
    """
    grids: list[Grid] = []
    for name, code in DISTRICTS.items():
        mine = sorted((one for one in communities if one.district == name), key=lambda one: (one.lng, one.line))
        if not mine:
            continue
        pieces = max(1, round(technicians * len(mine) / len(communities)))
        for index in range(min(pieces, len(mine))):
            part = mine[index * len(mine) // pieces : (index + 1) * len(mine) // pieces]
            grids.append(Grid(f"{code}{index + 1:03d}", f"{name}{index + 1}网格", code, tuple(part)))
    return tuple(grids)
