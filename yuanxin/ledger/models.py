"""Tables of the ledger: accounts, transactions, postings."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.ledger.rules import Holder, Side


class LedgerAccount(TenantModel):
    """One account 分户账, or one shard of a house account, in one city.

    owner: whose it is, as a reference; empty for the house. balance_fen: on the account's normal side, kept by a
    trigger on the postings.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    owner = models.CharField(max_length=96, blank=True, default="")
    shard = models.PositiveSmallIntegerField(default=0)
    holder = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Holder])
    side = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Side])
    balance_fen = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "code", "owner", "shard"], name="ledger_account_once"),
            models.CheckConstraint(
                name="ledger_house_has_no_owner",
                condition=(models.Q(holder=Holder.HOUSE.value) & models.Q(owner=""))
                | (models.Q(holder=Holder.OWNER.value, shard=0) & ~models.Q(owner="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.owner or self.shard}"


class LedgerTransaction(TenantModel):
    """One balanced transaction 记账凭证; append-only. cause: what it was posted for, as a reference."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=64)
    cause = models.CharField(max_length=96)
    memo_code = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by", editable=False
    )

    class Meta:
        indexes = [models.Index(fields=["cause"], name="ledger_transaction_cause")]

    def __str__(self) -> str:
        return f"{self.kind} {self.cause}"


class Posting(TenantModel):
    """One line 分录 of a transaction; append-only, a month to a partition. Debit positive, credit negative (fen)."""

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField(db_default=Now())
    id = models.UUIDField(default=new_id)
    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="postings", db_index=False
    )
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings", db_index=False)
    amount_fen = models.BigIntegerField()
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["transaction"], name="ledger_posting_transaction"),
            models.Index(fields=["account", "occurred_at", "id"], name="ledger_posting_account"),
        ]
        constraints = [models.CheckConstraint(name="ledger_posting_moves", condition=~models.Q(amount_fen=0))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_fen}"
