"""Phone triage: the trees that headquarters keeps, and every run through one."""

import pghistory
from django.db import models
from django.db.models.functions import Now

from yuanxin.care.models.choices import SERVICES, choices_of
from yuanxin.care.models.contacts import Contact
from yuanxin.care.models.tickets import TroubleTicket
from yuanxin.care.rules.triage import ResultKind
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class TriageTree(TenantModel):
    """预判问题树: one version of headquarters' questions for a service; without a row the shipped tree counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.CharField(max_length=10, choices=SERVICES)
    version = models.CharField(max_length=16)
    effective_from = models.DateField()
    text = models.TextField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=60)

    everything = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "version"], name="care_triage_version")]

    def __str__(self) -> str:
        return f"{self.service} {self.version}"


class TriageRun(TenantModel):
    """预判记录: one way through a tree with a caller; its ticket or contact is linked when it is made.

    path: numbers of the answers, from 1, in their order, such as ``1.3.2``; version: of the tree.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.CharField(max_length=10, choices=SERVICES)
    version = models.CharField(max_length=16)
    path = models.CharField(max_length=60)
    result = models.CharField(max_length=8, choices=choices_of(ResultKind))
    result_code = models.CharField(max_length=40)
    fault_code = models.CharField(max_length=20, blank=True, default="")
    customer_id = models.UUIDField()
    address_id = models.UUIDField(null=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(TroubleTicket, null=True, on_delete=models.PROTECT, related_name="triage_runs")
    ran_at = models.DateTimeField()
    ran_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["city_code", "-ran_at"], name="care_triage_newest")]

    def __str__(self) -> str:
        return f"{self.service} {self.path} {self.result_code}"


class DuplicateDecision(TenantModel):
    """重复判断: what an agent decided about a report for which earlier tickets were shown; append-only.

    ticket: the new one, None when the report was attached to `earlier`. candidates: ids of the tickets shown.
    node_code, node_reports: the node under which many reported at that moment, and how many; empty without such a sign.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(TroubleTicket, null=True, on_delete=models.PROTECT, related_name="decisions")
    earlier = models.ForeignKey(TroubleTicket, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    candidates = models.JSONField(default=list)
    node_code = models.CharField(max_length=32, blank=True, default="")
    node_reports = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} {self.reason_code}"
