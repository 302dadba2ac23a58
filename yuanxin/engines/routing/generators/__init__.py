"""Invented working days for benchmarks and tests: own, seeded, of any size.

The same seed gives the same problem on every machine. ``technician_day`` is the ordinary day of a district,
``city`` a big one, ``at_half_past_ten`` the same city in the middle of its morning, ``same_day`` a day of which a
share of the tickets comes in while it runs, ``province`` the whole province in clusters.
"""

from yuanxin.engines.routing.generators.day import city, technician_day
from yuanxin.engines.routing.generators.morning import CityAtWork, at_half_past_ten
from yuanxin.engines.routing.generators.provinces import Cluster, province
from yuanxin.engines.routing.generators.stream import same_day

__all__ = ["CityAtWork", "Cluster", "at_half_past_ten", "city", "province", "same_day", "technician_day"]
