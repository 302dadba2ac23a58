"""Who: customers, those who pay, those whom we may call, and what proves their identity."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.parties.models.places import StandardAddress
from yuanxin.published.codes import CustomerClass


class CustomerStatus(models.TextChoices):
    """Life of a customer: 潜在, 意向, 在网, 离网, 注销."""

    PROSPECT = "prospect", "Prospect"
    LEAD = "lead", "Lead"
    ACTIVE = "active", "Active"
    LEFT = "left", "Left"
    CLOSED = "closed", "Closed"


class Language(models.TextChoices):
    """Language of what we write to a customer: 中文, 英文."""

    CHINESE = "zh", "Chinese"
    ENGLISH = "en", "English"


class Relation(models.TextChoices):
    """What a contact is to the customer: 本人, 配偶, 父母, 子女, 亲属, 邻居, 租客, 经办人, 物业."""

    SELF = "self", "Self"
    SPOUSE = "spouse", "Spouse"
    PARENT = "parent", "Parent"
    CHILD = "child", "Child"
    RELATIVE = "relative", "Relative"
    NEIGHBOUR = "neighbour", "Neighbour"
    TENANT = "tenant", "Tenant"
    AGENT = "agent", "Agent"
    ESTATE_OFFICE = "estate_office", "Estate office"


class DocumentKind(models.TextChoices):
    """Identity document: 居民身份证, 护照, 港澳台居住证, 营业执照, 军官证."""

    IDENTITY_CARD = "identity_card", "Identity card"
    PASSPORT = "passport", "Passport"
    RESIDENCE_PERMIT = "residence_permit", "Residence permit"
    BUSINESS_LICENCE = "business_licence", "Business licence"
    OFFICER_CARD = "officer_card", "Officer card"


class PaymentMethod(models.TextChoices):
    """How an account pays: 现金, 银行托收, 微信, 支付宝, 预存."""

    CASH = "cash", "Cash"
    BANK_DEBIT = "bank_debit", "Bank debit"
    WECHAT = "wechat", "WeChat"
    ALIPAY = "alipay", "Alipay"
    PREPAID = "prepaid", "Prepaid"


# What the customer's row was before a change stands in its history; names and numbers stand in PersonalChange.
def _changes() -> tuple[pghistory.UpdateEvent, pghistory.DeleteEvent]:
    return pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent()


@pghistory.track(*_changes(), exclude=["name", "phone"], obj_field=None)
class Customer(TenantModel):
    """Customer 客户: a household, person or unit. phone: digits of the main number.

    language: of messages and of the customer's own pages.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    customer_class = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in CustomerClass])
    status = models.CharField(max_length=12, choices=CustomerStatus.choices, default=CustomerStatus.ACTIVE)
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.CHINESE, db_default="zh")
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("city_code", "number", name="parties_customer_number")]

    def __str__(self) -> str:
        return self.number


@pghistory.track(*_changes(), obj_field=None)
class CustomerAddress(TenantModel):
    """Where a customer lives or is served 客户地址; the main one first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT)
    address = models.ForeignKey(StandardAddress, models.PROTECT)
    is_main = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "address"],
                condition=models.Q(ended_at__isnull=True),
                name="parties_customer_address_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.address_id}"


@pghistory.track(*_changes(), exclude=["title"], obj_field=None)
class BillingAccount(TenantModel):
    """Billing account 账户: who pays, how, and in which cycle. title: the payer's name on the bill."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    customer = models.ForeignKey(Customer, models.PROTECT)
    title = models.CharField(max_length=100)
    payment_method = models.CharField(max_length=12, choices=PaymentMethod.choices)
    cycle_day = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("city_code", "number", name="parties_account_number"),
            models.CheckConstraint(
                condition=models.Q(cycle_day__gte=1, cycle_day__lte=28), name="parties_account_cycle_day"
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track(*_changes(), exclude=["name", "phone", "extension"], obj_field=None)
class Contact(TenantModel):
    """Contact 联系人: another person, often a relative, who may be called about the customer's matters."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT)
    name = models.CharField(max_length=100, blank=True)
    relation = models.CharField(max_length=16, choices=Relation.choices)
    phone = models.CharField(max_length=16)
    extension = models.CharField(max_length=5, blank=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.relation} of {self.customer_id}"


@pghistory.track(*_changes(), exclude=["document_number", "holder_name"], obj_field=None)
class RealNameRecord(TenantModel):
    """Real-name record 实名记录: who proved which identity, how, before whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT)
    document_kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    document_number = models.CharField(max_length=32)
    holder_name = models.CharField(max_length=100)
    method = models.CharField(max_length=20)
    evidence_hash = models.CharField(max_length=64, blank=True)
    verified_by = models.CharField(max_length=60)
    verified_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.document_kind} of {self.customer_id}"
