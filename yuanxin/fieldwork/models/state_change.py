"""The history that people read."""

from __future__ import annotations

from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class StateChange(TenantModel):
    """State change 状态变更: one step of an order's life; append-only.

    reason_code: a code, never free text. changes: what an amendment 改单 changed, name to [before, after].
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="state_changes")
    action = models.CharField(max_length=16)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    technician_id = models.UUIDField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True, default="")

    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["work_order", "id"], name="fieldwork_change_order")]

    def __str__(self) -> str:
        return f"{self.action}: {self.from_state} -> {self.to_state}"
