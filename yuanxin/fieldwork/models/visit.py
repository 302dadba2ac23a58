"""What really happened at the door."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.org.api import Staff


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Visit(TenantModel):
    """Visit 上门: one technician's way to and work at an address; an order may need several.

    distance_m: check-in to address, None when one of the points is unknown. outcome: ``finished`` or the reason
    for which he left. mates: the rest of a crew, who came along. expected_at: the arrival as foreseen at departure.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="visits")
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    mates = ArrayField(models.UUIDField(), default=list, blank=True)
    departed_at = models.DateTimeField()
    expected_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    arrived_lng = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    arrived_lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    distance_m = models.PositiveIntegerField(null=True, blank=True)
    is_inside_fence = models.BooleanField(null=True, blank=True)
    arrival_note = models.CharField(max_length=200, blank=True, default="")
    outcome = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_order"], condition=models.Q(ended_at=None), name="fieldwork_visit_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["work_order", "departed_at"], name="fieldwork_visit_order"),
            models.Index(fields=["technician", "departed_at"], name="fieldwork_visit_technician"),
        ]

    def __str__(self) -> str:
        return f"{self.work_order_id} {self.departed_at:%m-%d %H:%M}"
