"""The work order."""

from __future__ import annotations

from uuid import UUID

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yuanxin.fieldwork.rules.errors import NotATechnician
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.org.api import Staff
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.published.refs import ref


def _choices(codes: type[State | OrderKind | Service | Segment | AreaClass | CloseType]) -> list[tuple[str, str]]:
    return [(str(code), code.name) for code in codes]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class WorkOrder(TenantModel):
    """Work order 工单: work at an address, asked for by a cause, done by a technician of one segment.

    cause: subject of what asked for it, such as ``ticket:<uuid>``. The columns from ``duration_minutes`` to
    ``value`` are what planning needs; ``skills`` maps code to least level, ``parts`` code to pieces.
    chases: how often the customer asked where we are (催单). bundle: shared by the orders of a one-home visit
    (合并上门): one customer, one address, one technician, one trip.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    cause = models.CharField(max_length=80)
    order_kind = models.CharField(max_length=10, choices=_choices(OrderKind))
    service = models.CharField(max_length=10, choices=_choices(Service))
    segment = models.CharField(max_length=12, choices=_choices(Segment), default=Segment.FIELD)
    fault_code = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=12, choices=_choices(State), default=State.PENDING)
    state_since = models.DateTimeField()
    held_from = models.CharField(max_length=12, blank=True, default="")

    customer_id = models.UUIDField()
    address_id = models.UUIDField()
    grid_code = models.CharField(max_length=20, blank=True, default="")
    area_class = models.CharField(max_length=8, choices=_choices(AreaClass))

    duration_minutes = models.PositiveSmallIntegerField()
    deviation_minutes = models.PositiveSmallIntegerField()
    skills = models.JSONField(default=dict, blank=True)
    tools = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    parts = models.JSONField(default=dict, blank=True)
    crew_size = models.PositiveSmallIntegerField(default=1)
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    release_at = models.DateTimeField(null=True, blank=True)
    value = models.PositiveIntegerField()
    statutory_due_at = models.DateTimeField(null=True, blank=True)
    assessment_due_at = models.DateTimeField(null=True, blank=True)
    first_contact_due_at = models.DateTimeField(null=True, blank=True)

    chases = models.PositiveSmallIntegerField(default=0)
    bundle = models.UUIDField(null=True, blank=True)

    technician = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    close_type = models.CharField(max_length=14, choices=_choices(CloseType), blank=True, default="")
    fault_cause = models.CharField(max_length=40, blank=True, default="")
    tests = models.JSONField(default=dict, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_orders")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in State]), name="fieldwork_order_state"
            ),
            models.CheckConstraint(condition=models.Q(crew_size__gte=1), name="fieldwork_order_crew"),
            models.CheckConstraint(
                condition=models.Q(technician__isnull=False)
                | models.Q(state__in=[State.PENDING, State.HELD, State.MERGED, State.VOID]),
                name="fieldwork_order_has_technician",
            ),
        ]
        indexes = [
            models.Index(fields=["cause"], name="fieldwork_order_cause"),
            models.Index(
                fields=["city_code", "state", "opened_at"],
                condition=models.Q(state__in=[*OPEN, State.HELD, State.REVIEW, State.CALLBACK_DUE]),
                name="fieldwork_order_open",
            ),
            models.Index(
                fields=["technician", "state"], condition=models.Q(state__in=OPEN), name="fieldwork_order_technician"
            ),
            models.Index(
                fields=["city_code", "grid_code"],
                condition=models.Q(state__in=OPEN, technician__isnull=False),
                name="fieldwork_order_near",
            ),
            models.Index(fields=["address_id", "opened_at"], name="fieldwork_order_address"),
            models.Index(fields=["bundle"], condition=models.Q(bundle__isnull=False), name="fieldwork_order_bundle"),
            models.Index(fields=["city_code", "opened_at", "id"], name="fieldwork_order_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def in_charge(self) -> UUID:
        """The technician's id. Raises NotATechnician while there is none."""
        if self.technician_id is None:
            raise NotATechnician(work_order=self.number)
        return self.technician_id

    @property
    def ref(self) -> str:
        """The order as a subject."""
        return ref("work_order", self.pk)
