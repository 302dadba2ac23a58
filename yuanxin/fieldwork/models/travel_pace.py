"""How fast a district's technicians really get to the door."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class TravelPace(TenantModel):
    """Travel pace 路程标定: what the check-ins of one district showed at one time; append-only, the newest counts.

    speed_kmh: on the road, with the detour of ``detour_percent``; bands: permille by local hour, 24 or none.
    is_enough: too few trips are recorded too, and used by nobody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    district_code = models.CharField(max_length=20)
    valid_from = models.DateTimeField()
    detour_percent = models.PositiveSmallIntegerField()
    speed_kmh = models.DecimalField(max_digits=5, decimal_places=2)
    entry_s = models.PositiveIntegerField()
    bands = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    samples = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    miss_s = models.PositiveIntegerField()
    is_enough = models.BooleanField()
    actor = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["city_code", "district_code", "-valid_from"], name="fieldwork_pace_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.district_code} {self.speed_kmh} km/h from {self.valid_from:%F}"
