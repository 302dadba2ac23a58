"""Plans as proposals, their changes and parts, what was decided on them, and what dispatchers did by hand."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.fieldwork.rules.proposing import Decision, State, Trigger
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel

OPEN = (State.QUEUED, State.RUNNING, State.READY)


class Proposal(TenantModel):
    """Proposal 改派方案: another plan for a day beside the one in force, for a person to take over or not.

    causes: what asked for it besides a person, each with ``trigger``, ``subject`` (an order, a visit, a technician) and
    ``at``; technicians, orders: staff ids and pool orders that these touch, empty when a person asked for all of the
    unit. unit_code: of the unit planned for, the city's code for all of it. before, after, baseline: points by named
    term; unserved: what stays in the pool with its causes. percent, objective: while it is worked on. price: points by
    which all terms but the unserved rise, negative when they fall; promises: visits whose customer was told otherwise.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    trigger = models.CharField(max_length=16, choices=[(str(one), one.name) for one in Trigger])
    causes = models.JSONField(default=list, blank=True)
    unit_code = models.CharField(max_length=20)
    day = models.DateField()
    technicians = ArrayField(models.UUIDField(), default=list, blank=True)
    orders = ArrayField(models.UUIDField(), default=list, blank=True)
    state = models.CharField(max_length=10, choices=[(str(one), one.name) for one in State], default=State.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    objective = models.BigIntegerField(null=True, blank=True)
    is_cancel_asked = models.BooleanField(default=False)
    failure = models.CharField(max_length=60, blank=True, default="")
    engine = models.CharField(max_length=20, blank=True, default="")
    engine_ms = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    baseline = models.JSONField(default=dict, blank=True)
    unserved = models.JSONField(default=list, blank=True)
    price = models.BigIntegerField(default=0)
    promises = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    reason_code = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city_code", "unit_code", "day"],
                condition=models.Q(state=State.QUEUED) & ~models.Q(trigger=Trigger.ASKED),
                name="fieldwork_proposal_one_queued",
            )
        ]
        indexes = [
            models.Index(fields=["city_code", "asked_at"], name="fieldwork_proposal_asked"),
            models.Index(
                fields=["city_code", "state"],
                condition=models.Q(state__in=OPEN),
                name="fieldwork_proposal_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.day} {self.state}"


class PlanPart(TenantModel):
    """Plan part 方案分区: one cluster of a city's plan, solved by a job of its own.

    technicians: staff ids; orders: of the pool; both empty where the cluster says who. begun_at: a worker has it.
    answer: what the engine found, as plain data; None until then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="parts")
    cluster = models.CharField(max_length=30)
    technicians = ArrayField(models.UUIDField(), default=list, blank=True)
    orders = ArrayField(models.UUIDField(), default=list, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    objective = models.BigIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "cluster"], name="fieldwork_part_once")]

    def __str__(self) -> str:
        return f"{self.cluster} {self.percent} %"


class ProposalChange(TenantModel):
    """Change 方案变动: one visit that a proposal adds, removes or moves.

    crew_before, crew_after: staff ids, the leader first. is_told: the customer was told of the visit as it stands.
    is_minor: a shift inside the tolerance that only makes room for others. outcome: empty until somebody decides,
    then ``done``, ``stale`` (error and params say why) or ``left`` (not chosen).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="changes")
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    state_before = models.CharField(max_length=12)
    crew_before = ArrayField(models.UUIDField(), default=list, blank=True)
    crew_after = ArrayField(models.UUIDField(), default=list, blank=True)
    starts_before = models.DateTimeField(null=True, blank=True)
    starts_after = models.DateTimeField(null=True, blank=True)
    is_told = models.BooleanField(default=False)
    is_minor = models.BooleanField(default=False)
    outcome = models.CharField(max_length=6, blank=True, default="")
    error = models.CharField(max_length=60, blank=True, default="")
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "work_order"], name="fieldwork_change_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.work_order_id}"


class ProposalDecision(TenantModel):
    """Decision 方案决定: what somebody decided on a proposal, or that it ran out; append-only.

    done, stale: numbers of changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10, choices=[(str(one), one.name) for one in Decision])
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    is_automatic = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    price = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["city_code", "at"], name="fieldwork_decision_at")]

    def __str__(self) -> str:
        return f"{self.decision} {self.at:%m-%d %H:%M}"


class DispatchDeed(TenantModel):
    """Deed 调度动作: what a dispatcher did by hand, with the way back; append-only.

    changes: one entry per order, ``order`` (its id), ``before`` and ``after`` (who, when, in which state, as data).
    undoes: the deed that this one took back; a deed is taken back once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    deed = models.CharField(max_length=10)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    changes = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["city_code", "actor", "id"], name="fieldwork_deed_actor")]

    def __str__(self) -> str:
        return f"{self.deed} {self.at:%m-%d %H:%M}"
