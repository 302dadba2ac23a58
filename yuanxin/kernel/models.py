"""Tables of the kernel."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class DomainClock(models.Model):
    """The one row of the domain clock 业务时钟: domain = base_domain + (wall - base_wall) × rate."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    base_wall = models.DateTimeField()
    base_domain = models.DateTimeField()
    rate = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Exact(models.F("id"), 1), name="kernel_one_domain_clock")]

    def __str__(self) -> str:
        return f"×{self.rate}"


class CalendarDay(models.Model):
    """A day of the working calendar 工作日历: holidays 节假日 and moved working days 调休, editable data."""

    on = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("on",)

    def __str__(self) -> str:
        return f"{self.on} {'+' if self.is_working else '-'}"


class FactRecord(TenantModel):
    """A fact 事实 as it was told; append-only."""

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    id = models.UUIDField(default=new_id)
    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()
    caused_by = models.UUIDField(null=True)
    actor = models.CharField(max_length=80)
    body = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="kernel_fact_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class Delivery(TenantModel):
    """One fact owed to one reaction. lane = reaction + subject; order is kept per lane."""

    class State(models.TextChoices):
        OWED = "owed"
        DONE = "done"
        PARKED = "parked"

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    id = models.BigIntegerField(
        db_default=models.Func(
            models.Value("kernel_delivery_order"), function="nextval", output_field=models.BigIntegerField()
        )
    )
    fact_id = models.UUIDField()
    fact_name = models.CharField(max_length=60)
    reaction = models.CharField(max_length=120)
    lane = models.CharField(max_length=200)
    state = models.CharField(max_length=6, choices=State, default=State.OWED)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="kernel_delivery_owed", condition=models.Q(state="owed")),
            models.Index(fields=["lane", "id"], name="kernel_delivery_lane", condition=~models.Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.state}"


class CommandReceipt(TenantModel):
    """The first answer to a command's idempotency key 幂等键."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120)
    command = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    body_hash = models.BinaryField(max_length=32)
    answer = models.JSONField(null=True)
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_code", "key"], name="kernel_receipt_key")]

    def __str__(self) -> str:
        return f"{self.command} {self.key}"


class NumberCounter(TenantModel):
    """Counter of human numbers per kind, city and year; several lanes, so that commands do not queue behind it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    lane = models.PositiveSmallIntegerField()
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "kind", "year", "lane"], name="kernel_counter_lane")
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.city_code}{self.year}/{self.lane}"


class AuditSeal(TenantModel):
    """A sealed batch of history rows 审计封条: each seal holds the digest of its rows and of the seal before."""

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=80)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    def __str__(self) -> str:
        return f"{self.table} {self.first_id}-{self.last_id}"


class SavedFilter(TenantModel):
    """A list's filters under a name 常用筛选; private to its owner or shared with a team or with all.

    path: the page of the list, to which ``query`` belongs; pinned: shown with its count on the pages of that desk.
    """

    class Sharing(models.TextChoices):
        PRIVATE = "private"
        TEAM = "team"
        ALL = "all"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.CharField(max_length=60)
    owner = models.CharField(max_length=80)
    unit = models.CharField(max_length=40, blank=True)
    sharing = models.CharField(max_length=7, choices=Sharing, default=Sharing.PRIVATE)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    path = models.CharField(max_length=200, blank=True, default="")
    is_pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "listing", "owner", "name"], name="kernel_saved_filter_name")
        ]

    def __str__(self) -> str:
        return self.name
