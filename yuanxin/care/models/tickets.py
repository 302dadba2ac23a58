"""Trouble tickets and what hangs on them: state changes, call-backs, ratings."""

import pghistory
from django.db import models
from django.db.models.functions import Now

from yuanxin.care.models.choices import CHANNELS, SERVICES, choices_of
from yuanxin.care.models.contacts import Contact
from yuanxin.care.rules.faults import FaultCode
from yuanxin.care.rules.intake import LONGEST_NOTE
from yuanxin.care.rules.tickets import OPEN_STATES, TicketState
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.published.codes import AreaClass, CustomerClass, OrderKind

STATES = choices_of(TicketState)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["note", "network_trail", "recorded_at"],
)
class TroubleTicket(TenantModel):
    """障碍申告单: a fault that a customer reported, from intake to its close.

    statutory_due_at, assessment_due_at: copies of the clocks as they were started; None when there is no such rule.
    rule_version_id: the rulebook version under which the ticket was accepted; it never changes.
    network_trail: codes of the nodes of its signal on that day, each followed by ``/``; empty when unknown.
    resolved_how: a close type of the work order, or "phone". chases: how often the customer asked again (催单).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    customer_id = models.UUIDField()
    address_id = models.UUIDField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    service = models.CharField(max_length=10, choices=SERVICES)
    fault_code = models.CharField(max_length=20, choices=choices_of(FaultCode))
    order_kind = models.CharField(max_length=10, choices=choices_of(OrderKind))
    area_class = models.CharField(max_length=10, choices=choices_of(AreaClass))
    customer_class = models.CharField(max_length=10, choices=choices_of(CustomerClass))
    grid_code = models.CharField(max_length=20, blank=True)
    network_trail = models.CharField(max_length=400, blank=True, default="")
    channel = models.CharField(max_length=12, choices=CHANNELS)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    wanted_from = models.DateTimeField(null=True)
    wanted_to = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    state = models.CharField(max_length=20, choices=STATES, default=TicketState.RECEIVED.value)
    statutory_due_at = models.DateTimeField(null=True)
    assessment_due_at = models.DateTimeField(null=True)
    rule_version_id = models.UUIDField(null=True)
    repeat_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    chases = models.PositiveSmallIntegerField(default=0)
    work_order = models.CharField(max_length=60, blank=True, default="")
    resolved_at = models.DateTimeField(null=True)
    resolved_how = models.CharField(max_length=20, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "number"], name="care_ticket_number"),
            models.CheckConstraint(
                condition=models.Q(wanted_from__isnull=True, wanted_to__isnull=True)
                | models.Q(wanted_from__lt=models.F("wanted_to")),
                name="care_ticket_window_forward",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TicketState.MERGED.value) | models.Q(merged_into__isnull=False),
                name="care_ticket_merged_into",
            ),
        ]
        indexes = [
            models.Index(fields=["address_id", "service", "-opened_at"], name="care_ticket_home"),
            models.Index(fields=["customer_id", "-opened_at"], name="care_ticket_customer"),
            models.Index(fields=["city_code", "-opened_at"], name="care_ticket_newest"),
            models.Index(
                fields=["city_code", "resolved_at"],
                name="care_ticket_callback_due",
                condition=models.Q(state=TicketState.AWAITING_CALLBACK.value),
            ),
            models.Index(
                fields=["city_code", "assessment_due_at"],
                name="care_ticket_open",
                condition=models.Q(state__in=sorted(state.value for state in OPEN_STATES)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StateChange(TenantModel):
    """状态变更: one step of a ticket after its opening; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(TroubleTicket, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=20, choices=STATES)
    after = models.CharField(max_length=20, choices=STATES)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.before} > {self.after}"


class Callback(TenantModel):
    """回访: one try to ask the customer whether the work is done; never changed, its note can be erased.

    attempt: number of the try since the work was done, from 1. differs: what the customer says otherwise than the
    close-out (cause, materials, visit). is_fee_asked, is_score_begged: what the customer reports of the technician.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(TroubleTicket, on_delete=models.PROTECT, related_name="callbacks")
    reached = models.BooleanField()
    agrees = models.BooleanField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    differs = models.JSONField(default=list)
    is_fee_asked = models.BooleanField(default=False)
    is_score_begged = models.BooleanField(default=False)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reached=True, agrees__isnull=False)
                | models.Q(reached=False, agrees__isnull=True, score__isnull=True),
                name="care_callback_consistent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.called_at:%F %H:%M} {self.agrees}"


class Rating(TenantModel):
    """评价: the customer's own score of the repair, 1 to 10, once per ticket. A begged one is kept, not counted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.OneToOneField(TroubleTicket, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    is_begged = models.BooleanField(default=False)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    rated_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.score)
