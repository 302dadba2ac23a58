"""Tables of ``messaging``."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models.functions import Now

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.messaging.rules import MessageState, Suppressed
from yuanxin.published.codes import MessageClass

CLASSES = [(member.value, member.value) for member in MessageClass]
STATES = [(member.value, member.value) for member in MessageState]
REASONS = [(member.value, member.value) for member in Suppressed]


class Channel(models.TextChoices):
    """Way to a person 渠道: SMS 短信, app push 应用推送, official account 公众号."""

    SMS = "sms"
    APP = "app"
    OFFICIAL_ACCOUNT = "official_account"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Template(TenantModel):
    """Headquarters' own words of a message 消息模板; without a row the shipped words of this code count."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    message_class = models.CharField(max_length=9, choices=CLASSES)
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.SMS)
    text_zh = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)

    everything = models.Manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Message(TenantModel):
    """A message 消息 to one customer: template and parameters, never the words or the number of the telephone.

    send_at: earliest domain instant; after quiet hours and back-off it lies later than queued_at.
    leased_until: wall time until which one sender owns the row; a sender that dies gives it back by that.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.CharField(max_length=60)
    customer_id = models.UUIDField()
    message_class = models.CharField(max_length=9, choices=CLASSES)
    priority = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=16, choices=Channel)
    language = models.CharField(max_length=2, default="zh", choices=[("zh", "zh"), ("en", "en")])
    params = models.JSONField(default=dict)
    cause = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=STATES, default=MessageState.QUEUED.value)
    reason = models.CharField(max_length=10, choices=REASONS, blank=True, default="")
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField()
    useful_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city_code", "cause", "template", "customer_id", "queued_at"], name="messaging_message_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "send_at"], name="messaging_message_queue", condition=models.Q(state="queued")
            ),
            models.Index(fields=["customer_id", "-queued_at"], name="messaging_message_customer"),
            models.Index(fields=["city_code", "-queued_at"], name="messaging_message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"


class SimulatorInbox(TenantModel):
    """What a simulated telephone shows 模拟收件箱; stands for the outside world in the demo. Numbers are masked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message_id = models.UUIDField(unique=True)
    customer_id = models.UUIDField()
    channel = models.CharField(max_length=16, choices=Channel)
    message_class = models.CharField(max_length=9, choices=CLASSES)
    phone_masked = models.CharField(max_length=20)
    text = models.CharField(max_length=1000)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["city_code", "-received_at"], name="messaging_inbox_newest"),
            models.Index(fields=["customer_id", "-received_at"], name="messaging_inbox_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.phone_masked} {self.received_at:%F %H:%M}"
