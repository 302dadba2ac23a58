"""What a technician handed in."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yuanxin.fieldwork.models.visit import Visit
from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note", "decision_note"]
)
class CloseOut(TenantModel):
    """Close-out 回单: what a technician handed in for a visit and what became of it; a send-back 返工 leads to another.

    checklist: item to done. materials: code to pieces. devices: list of [move, serial]. reasons: why somebody had to
    look; empty when it went on at once.
    """

    class Decision(models.TextChoices):
        WAITING = "waiting", "待审核"
        PASSED = "passed", "免审通过"
        APPROVED = "approved", "审核通过"
        SENT_BACK = "sent_back", "退回"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="close_outs")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="close_outs")
    close_type = models.CharField(max_length=14)
    fault_cause = models.CharField(max_length=40, blank=True, default="")
    tests = models.JSONField(default=dict, blank=True)
    checklist = models.JSONField(default=dict, blank=True)
    materials = models.JSONField(default=dict, blank=True)
    devices = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=60)
    reasons = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    decision = models.CharField(max_length=10, choices=Decision)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decision_reason = models.CharField(max_length=40, blank=True, default="")
    decision_note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_order"], condition=models.Q(decision="waiting"), name="fieldwork_closeout_one_waiting"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("submitted_by")), name="fieldwork_closeout_second_person"
            ),
        ]
        indexes = [
            models.Index(fields=["work_order", "submitted_at"], name="fieldwork_closeout_order"),
            models.Index(
                fields=["city_code", "submitted_at"],
                condition=models.Q(decision="waiting"),
                name="fieldwork_closeout_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_order_id} {self.close_type} {self.decision}"
