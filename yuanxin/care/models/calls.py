"""Calls of the hotline, what happened to each, agents' states, and contacts that were a slip."""

from django.db import models
from django.db.models.functions import Now

from yuanxin.care.models.choices import choices_of
from yuanxin.care.models.contacts import Contact
from yuanxin.care.rules.calls import LONGEST_REF, AgentCondition, CallQueue, CallState, CallStep
from yuanxin.care.rules.intake import LONGEST_CALLER_NUMBER
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel

CONDITIONS = choices_of(AgentCondition)


class Call(TenantModel):
    """通话: one call at the exchange, as its events tell it (`rules.calls.story`). The caller's number is erasable.

    exchange_ref: the exchange's own id. offered_to: the agent for whom it rings; None means everybody who is ready.
    first_owner_id: who answered first (首问), whatever transfers follow. waited_seconds: until the first answer.
    outcome: the agent's wrap-up code, or abandoned, dropped, unsaid.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    exchange_ref = models.CharField(max_length=LONGEST_REF)
    caller_number = models.CharField(max_length=LONGEST_CALLER_NUMBER, blank=True, default="")
    queue = models.CharField(max_length=8, choices=choices_of(CallQueue), blank=True, default="")
    state = models.CharField(max_length=10, choices=choices_of(CallState))
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    waited_seconds = models.PositiveIntegerField(null=True)
    offered_to = models.UUIDField(null=True)
    agent_id = models.UUIDField(null=True)
    first_owner_id = models.UUIDField(null=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    recording_id = models.CharField(max_length=LONGEST_REF, blank=True, default="")
    customer_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    wrapped_up_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "exchange_ref"], name="care_call_exchange_ref"),
            models.CheckConstraint(
                condition=~models.Q(state=CallState.ANSWERED.value) | models.Q(answered_at__isnull=False),
                name="care_call_answered_at",
            ),
        ]
        indexes = [
            models.Index(fields=["city_code", "-rang_at"], name="care_call_newest"),
            models.Index(fields=["customer_id", "-rang_at"], name="care_call_customer"),
            models.Index(
                fields=["city_code", "rang_at"],
                name="care_call_live",
                condition=models.Q(state__in=[CallState.RINGING.value, CallState.ANSWERED.value]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.state}"


class CallEvent(TenantModel):
    """通话事件: one thing that happened to a call; append-only, without the caller's number.

    event_ref: the exchange's own id of the event, so that telling it twice is telling it once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="events")
    event_ref = models.CharField(max_length=LONGEST_REF)
    step = models.CharField(max_length=10, choices=choices_of(CallStep))
    happened_at = models.DateTimeField()
    agent_id = models.UUIDField(null=True)
    queue = models.CharField(max_length=8, blank=True, default="")
    recording_id = models.CharField(max_length=LONGEST_REF, blank=True, default="")
    customer_id = models.UUIDField(null=True)
    code = models.CharField(max_length=20, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_code", "event_ref"], name="care_call_event_ref")]

    def __str__(self) -> str:
        return f"{self.step} {self.happened_at:%F %H:%M:%S}"


class AgentState(TenantModel):
    """坐席状态: where an agent of the hotline stands now. call: the one being spoken or summed up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=CONDITIONS)
    reason_code = models.CharField(max_length=20, blank=True, default="")
    since = models.DateTimeField()
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="+")
    wrap_up_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "staff_id"], name="care_agent_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[AgentCondition.ON_CALL.value, AgentCondition.WRAP_UP.value])
                | models.Q(call__isnull=False),
                name="care_agent_has_call",
            ),
        ]
        indexes = [
            models.Index(
                fields=["wrap_up_due_at"],
                name="care_agent_wrap_up_due",
                condition=models.Q(state=AgentCondition.WRAP_UP.value),
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.state}"


class AgentStateChange(TenantModel):
    """坐席状态变更: one change of an agent's state; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff_id = models.UUIDField()
    before = models.CharField(max_length=8, choices=CONDITIONS, blank=True)
    after = models.CharField(max_length=8, choices=CONDITIONS)
    reason_code = models.CharField(max_length=20, blank=True, default="")
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["staff_id", "-changed_at"], name="care_agent_changes")]

    def __str__(self) -> str:
        return f"{self.before} > {self.after}"


class ContactCorrection(TenantModel):
    """来电更正: a contact that was a slip of the finger; the contact stays, counts and lists leave it out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="correction")
    corrected_at = models.DateTimeField()
    corrected_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.corrected_at:%F %H:%M}"
