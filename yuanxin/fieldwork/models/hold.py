"""Orders that stand still."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.fieldwork.models.evidence import Evidence
from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note"])
class Hold(TenantModel):
    """Hold 挂起: why an order stands still. Clocks pause only from a second person's approval to the end."""

    class Decision(models.TextChoices):
        ASKED = "asked", "待审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "已驳回"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="holds")
    reason_code = models.CharField(max_length=40)
    note = models.CharField(max_length=500, blank=True, default="")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.ASKED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_order"], condition=models.Q(ended_at=None), name="fieldwork_hold_one_open"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by")), name="fieldwork_hold_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason_code} {self.decision}"
