"""The narrow table behind the one search box."""

from __future__ import annotations

from django.db import models

from yuanxin.kernel.tenancy import TenantModel
from yuanxin.parties.rules.tokens import LONGEST_TOKEN


class SearchToken(TenantModel):
    """Search token 检索词: read by equality and ranges only, which keep their index under row-level security.

    subject_kind: customer, estate, address or device. kind: see `rules.tokens.TokenKind`.
    """

    pk = models.CompositePrimaryKey("subject_id", "kind", "token")
    subject_id = models.UUIDField()
    subject_kind = models.CharField(max_length=8)
    kind = models.CharField(max_length=1)
    token = models.CharField(max_length=LONGEST_TOKEN, db_collation="C")

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "token", "city_code"],
                include=["subject_id", "subject_kind", "province_code"],
                name="parties_token_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_kind} {self.subject_id}"
