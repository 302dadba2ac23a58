"""What the customer was promised."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Appointment(TenantModel):
    """Appointment 预约: the window the customer was told; version counts from 1, only the newest counts (改约)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="appointments")
    version = models.PositiveSmallIntegerField(default=1)
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=60)
    wanted_by_customer = models.BooleanField(default=True)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work_order", "version"], name="fieldwork_appointment_version"),
            models.UniqueConstraint(
                fields=["work_order"], condition=models.Q(superseded_at=None), name="fieldwork_appointment_newest"
            ),
            models.CheckConstraint(
                condition=models.Q(window_to__gt=models.F("window_from")), name="fieldwork_appointment_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_from:%m-%d %H:%M}-{self.window_to:%H:%M} v{self.version}"
