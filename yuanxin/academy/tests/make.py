"""Factories of ``academy``; codes come from the scope in force."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from yuanxin.academy import api as academy
from yuanxin.kernel import acting
from yuanxin.kernel.tenancy import scope

FIRST_DAY = date(2026, 1, 1)


def certificate_kind(code: str = "climbing") -> str:
    """Let headquarters list a kind of certificate."""
    with transaction.atomic(), scope("*"), acting.acting_as(acting.system("test", scope="*")):
        academy.save_certificate_kind(certificate_code=code, name_zh="登高证", name_en="Climbing")
    return code


def need(work: str = "install", code: str = "climbing") -> None:
    """Let a kind of work need a certificate."""
    with transaction.atomic(), scope("*"), acting.acting_as(acting.system("test", scope="*")):
        academy.save_need(work=work, certificate_code=certificate_kind(code))


def certificate(
    staff_id: UUID, code: str = "climbing", *, valid_from: date = FIRST_DAY, expires_on: date | None = None
) -> UUID:
    """Record a certificate of a kind that headquarters lists."""
    return academy.record_certificate(
        staff_id=staff_id, code=certificate_kind(code), valid_from=valid_from, expires_on=expires_on
    )
