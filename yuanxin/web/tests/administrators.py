"""Somebody of headquarters, and what the configuration pages say is wrong."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.org import api as org


def headquarters(role: str) -> UUID:
    """Make somebody of headquarters."""
    with transaction.atomic(), scope(ALL), acting_as(kernel_make.acting(ALL)):
        if not any(unit.code == "00" for unit in org.units("hq")):
            org.create_unit(code="00", name="总部", level="hq")
        number = f"H{len(org.with_role(role, ALL)):04d}{role[:4]}"
        made = org.create_staff(number=number, name="总部人", unit_code="00")
        org.grant_role(staff_id=made, role=role, at=kernel_make.at("2026-01-01 08:00"))
    return made


def alerts(page: str) -> str:
    """Return what an admin page says is wrong."""
    return " ".join(re.findall(r'class="errorlist[^"]*"[^>]*>(.*?)</ul>', page, flags=re.S))
