"""The record of every planning run."""

from __future__ import annotations

from django.db import models

from yuanxin.fieldwork.models.proposal import Proposal
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class DispatchRun(TenantModel):
    """Dispatch run 派单运算: what was asked, which engine answered, what it cost; append-only.

    weights and terms: points by name; before: the terms of the plan that was in force. proposal: what the run was for,
    when its visits waited for a decision. unserved: order id to a list of reasons (cause, technician, detail, needed,
    has). engine_ms: CPU time of the engine, milliseconds. travel_estimated: some drives came from the formula because
    the road server had no answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    unit_code = models.CharField(max_length=20)
    day = models.DateField()
    engine = models.CharField(max_length=20)
    engine_ms = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    assigned = models.PositiveIntegerField()
    weights = models.JSONField()
    terms = models.JSONField()
    unserved = models.JSONField()
    before = models.JSONField(default=dict, blank=True)
    travel_estimated = models.BooleanField(default=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["city_code", "at"], name="fieldwork_run_at")]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.day} {self.assigned}/{self.orders}"
