"""What the customer was told about the hour of the arrival."""

from __future__ import annotations

from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class ToldArrival(TenantModel):
    """Told arrival 告知到达时段: a window inside the promise that the customer heard of; append-only.

    version: of the appointment it narrows.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="told_arrivals")
    version = models.PositiveSmallIntegerField()
    arrival_from = models.DateTimeField()
    arrival_to = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["work_order", "version", "told_at"], name="fieldwork_told_order")]

    def __str__(self) -> str:
        return f"{self.arrival_from:%m-%d %H:%M}-{self.arrival_to:%H:%M}"
