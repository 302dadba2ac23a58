"""Administrators who have their second factor, and what a browser shows them."""

from __future__ import annotations

import re
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.org import api as org
from yuanxin.web.tests import make


def administrator(role: str, *, city: str = "4406") -> UUID:
    """Make an administrator of a city, second factor included."""
    staff_id = make.staff(role, city=city, password=None)
    TOTP.activate(get_user_model().objects.get(pk=staff_id), generate_totp_secret())
    return staff_id


def client(role: str, *, city: str = "4406", language: str = "zh-hans") -> Client:
    """Return a browser in which such an administrator is signed in."""
    return make.client_of(administrator(role, city=city), language=language)


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
