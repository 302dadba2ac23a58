"""Tables of the standards: immutable rulebook versions, clocks and their marks."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.published.codes import AreaClass, ClockKind, Segment, Service
from yuanxin.standards.rules.entries import Layer, SourceKind, Status


class PublicModel(TenantModel):
    """A table whose rows every city may read: rulebooks bind downwards and are no secret."""

    everything: models.Manager[Any] = models.Manager()

    class Meta:
        abstract = True


class RulebookVersion(PublicModel):
    """A version of a rulebook 标准册版本; immutable. It binds once it is published, from its effective day on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    layer = models.CharField(max_length=2, choices=[(layer, layer) for layer in Layer])
    org = models.CharField(max_length=4)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    effective_from = models.DateField()
    content_hash = models.CharField(max_length=64)
    body = models.JSONField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "content_hash"], name="standards_version_content")]

    def __str__(self) -> str:
        return f"{self.name} {self.content_hash[:8]}"


class Publication(PublicModel):
    """A version's publication 发布 by a second person; immutable. Of one name the newest effective day counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.OneToOneField(RulebookVersion, on_delete=models.PROTECT, related_name="publication")
    name = models.CharField(max_length=80)
    org = models.CharField(max_length=4)
    effective_from = models.DateField()
    checked_by = models.CharField(max_length=80)
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org", "name"], name="standards_publication_org")]

    def __str__(self) -> str:
        return f"{self.name} {self.effective_from}"


class RuleEntry(PublicModel):
    """One entry 条目 of a version; immutable. `body` is what the file says, the other columns are for lists."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=60)
    topic = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    status = models.CharField(max_length=6, choices=[(status, status) for status in Status])
    source_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in SourceKind])
    grade = models.CharField(max_length=1)
    effective_from = models.DateField()
    body = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="standards_entry_code")]

    def __str__(self) -> str:
        return self.code


class Clock(TenantModel):
    """A clock 时钟 of one subject and topic: statutory 法定 or assessment 考核.

    rule: the entry whose words, pauses and compensation count; limit_rule: whose number, when the law points to the
    published promise. next_at: when the ticker must look again; empty while paused, after the breach and the stop.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=80)
    topic = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in ClockKind])
    service = models.CharField(max_length=10, choices=[(service, service) for service in Service])
    area_class = models.CharField(max_length=6, choices=[(area, area) for area in AreaClass])
    rule = models.ForeignKey(RuleEntry, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    limit_rule = models.ForeignKey(RuleEntry, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    started_at = models.DateTimeField()
    window_to = models.DateTimeField(null=True)
    chosen_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    red_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    late_minutes = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="standards_clock_subject"),
            models.Index(fields=["next_at"], name="standards_clock_next", condition=models.Q(next_at__isnull=False)),
            models.Index(
                fields=["city_code", "due_at", "id"],
                name="standards_clock_open",
                condition=~models.Q(state="stopped"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "topic", "kind"],
                name="standards_clock_once",
                condition=~models.Q(state="stopped"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.due_at}"


class ClockPause(TenantModel):
    """A hold 挂起 of one clock, with its reason, its evidence and who approved it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=60)
    evidence = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], name="standards_pause_open_once", condition=models.Q(ends_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=models.F("begins_at")),
                name="standards_pause_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.begins_at}"


class ClockMark(TenantModel):
    """What happened to a clock (or a case, when `clock_id` is empty) at an instant 时钟记录; append-only."""

    class Kind(models.TextChoices):
        STARTED = "started"
        WARNED = "warned"
        BREACHED = "breached"
        PAUSED = "paused"
        RESUMED = "resumed"
        STOPPED = "stopped"
        HANDED_OVER = "handed_over"

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    id = models.UUIDField(default=new_id)
    clock_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=80)
    kind = models.CharField(max_length=11, choices=Kind)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    segment = models.CharField(max_length=11, blank=True, choices=[(segment, segment) for segment in Segment])
    reason = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="standards_mark_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.at}"
