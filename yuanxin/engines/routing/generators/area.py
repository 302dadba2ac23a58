"""Where the invented people live: a rectangle with clusters of homes and a few stations of technicians."""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.place import Place

KM_PER_DEGREE = 111.195  # of latitude on the sphere of the travel formula
SCATTERED = 0.2  # share of the homes outside every cluster
SPREAD_KM = (0.8, 2.4)  # standard deviation of a cluster, from and to

Points = npt.NDArray[np.float64]  # kilometres east and north of the south-west corner, shape [n, 2]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the map. corner: its south-west; width, height: kilometres."""

    corner: Place
    width_km: float
    height_km: float

    def place(self, east_km: float, north_km: float) -> Place:
        """Return the place so many kilometres east and north of the corner."""
        degree_km = KM_PER_DEGREE * cos(radians(self.corner.lat + self.height_km / 2 / KM_PER_DEGREE))
        lng, lat = self.corner.lng + east_km / degree_km, self.corner.lat + north_km / KM_PER_DEGREE
        return Place(round(lng, 6), round(lat, 6))

    def stations(self, dice: np.random.Generator, count: int) -> Points:
        """Return stations, spread evenly with some disorder, never at the very edge."""
        columns = max(1, round((count * self.width_km / self.height_km) ** 0.5))
        rows = -(-count // columns)
        cells = [(column, row) for row in range(rows) for column in range(columns)][:count]
        inside = dice.uniform(0.25, 0.75, size=(count, 2))
        found: Points = (np.array(cells, dtype=np.float64) + inside) * (self.width_km / columns, self.height_km / rows)
        return found

    def homes(self, dice: np.random.Generator, count: int, clusters: int) -> Points:
        """Return homes: most of them in Gaussian clusters of unequal size, some anywhere."""
        size = (self.width_km, self.height_km)
        centres = dice.uniform(0.1, 0.9, size=(clusters, 2)) * size
        spreads = dice.uniform(*SPREAD_KM, size=clusters)
        weights = dice.uniform(0.5, 1.5, size=clusters)
        chosen = dice.choice(clusters, size=count, p=weights / weights.sum())
        homes = centres[chosen] + dice.normal(size=(count, 2)) * spreads[chosen, None]
        anywhere = dice.random(count) < SCATTERED
        homes[anywhere] = dice.uniform(size=(int(anywhere.sum()), 2)) * size
        inside: Points = np.clip(homes, 0, size)
        return inside
