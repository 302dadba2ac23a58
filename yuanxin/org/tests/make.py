"""Factories of the organisation; codes come from the scope in force."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from yuanxin.kernel.tenancy import current_scope
from yuanxin.kernel.tests import make
from yuanxin.org import api as org
from yuanxin.org.models import OrgUnit

_numbers = count(1)


def city(code: str = "") -> str:
    """Make the city in scope once and return its code."""
    code = code or current_scope()
    if not OrgUnit.objects.filter(code=code).exists():
        org.create_unit(code=code, name=f"城市{code}", level="city")
    return code


def grid(code: str = "", *, owner: UUID | None = None) -> str:
    """Make a grid below the city in scope."""
    parent = city()
    code = code or f"{parent}04{next(_numbers):04d}"
    if not OrgUnit.objects.filter(code=code).exists():
        org.create_unit(code=code, name=f"网格{code[-4:]}", level="grid", parent_code=parent)
    if owner:
        org.set_grid_technician(grid_code=code, staff_id=owner)
    return code


def staff(
    *roles: str,
    name: str = "测试员",
    unit_code: str = "",
    phone: str | None = None,
    password: str | None = None,
    vendor: str = "",
) -> UUID:
    """Make a member of staff with roles."""
    made = org.create_staff(
        number=f"E{next(_numbers):05d}",
        name=name,
        unit_code=unit_code or city(),
        phone=phone,
        password=password,
        vendor=vendor,
    )
    for role in roles:
        org.grant_role(staff_id=made, role=role, at=make.at("2026-01-01 08:00"))
    return made


def technician(name: str = "陈师傅", **options: str) -> UUID:
    """Make a technician."""
    return staff("technician", name=name, **options)
