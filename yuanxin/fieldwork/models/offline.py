"""Steps that a phone sent later."""

from __future__ import annotations

from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class OfflineStep(TenantModel):
    """Offline step 离线补传: what the phone claimed, what the step counts from, when it arrived; append-only.

    item: the phone's own id of the step, so that a replay leaves no second line.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="offline_steps")
    item = models.UUIDField()
    action = models.CharField(max_length=16)
    claimed_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work_order", "item"], name="fieldwork_offline_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.claimed_at:%m-%d %H:%M}"
