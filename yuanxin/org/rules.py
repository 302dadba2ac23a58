"""Rules of roles: what a role may do, and which roles exclude each other in one account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yuanxin.kernel.errors import Conflict, DomainError


class RolesExclude(Conflict):
    """One account may hold only one of the three administrator roles (GB/T 22239-2019, 8.1.5)."""

    code = "org.roles_exclude"


class UnknownRole(DomainError):
    """There is no such role."""

    code = "org.unknown_role"


class UnitCodeNotValid(DomainError):
    """The code does not fit the level: GB/T 2260 digits, and below the district more of them."""

    code = "org.unit_code_not_valid"


class PhoneNotValid(DomainError):
    """A phone for signing in is a number of 6 to 15 digits."""

    code = "org.phone_not_valid"


CODES = {"hq": r"00", "province": r"\d{2}", "city": r"\d{4}", "district": r"\d{6}"}
BELOW_DISTRICT = r"\d{4}[0-9A-Za-z-]{1,16}"


@dataclass(frozen=True)
class RoleRule:
    """A role as data: its names, what it may do, and the roles it excludes."""

    code: str
    name_zh: str
    name_en: str
    permissions: frozenset[str]
    excludes: frozenset[str] = frozenset()
    needs_second_factor: bool = False


def parse_roles(document: Mapping[str, Any]) -> dict[str, RoleRule]:
    """Read the roles of ``roles.yaml``; what stands under ``everybody`` comes with each role."""
    everybody = frozenset(document.get("everybody", ()))
    return {
        code: RoleRule(
            code=code,
            name_zh=entry["name_zh"],
            name_en=entry["name_en"],
            permissions=frozenset(entry.get("permissions", ())) | everybody,
            excludes=frozenset(entry.get("excludes", ())),
            needs_second_factor=bool(entry.get("needs_second_factor", False)),
        )
        for code, entry in document["roles"].items()
    }


def require_compatible(roles: Mapping[str, RoleRule], held: Iterable[str], wanted: str) -> None:
    """Raise UnknownRole, or RolesExclude when the account holds a role that excludes the wanted one."""
    if wanted not in roles:
        raise UnknownRole(role=wanted, field="role")
    for role in held:
        if role in roles[wanted].excludes or wanted in roles[role].excludes:
            raise RolesExclude(role=wanted, held=role, field="role")


def require_unit_code(code: str, level: str) -> None:
    """Raise UnitCodeNotValid unless the code has the shape of its level. Source: GB/T 2260 down to the district."""
    if not re.fullmatch(CODES.get(level, BELOW_DISTRICT), code, flags=re.ASCII):
        raise UnitCodeNotValid(unit=code, level=level, field="code")


def require_phone(phone: str) -> None:
    """Raise PhoneNotValid unless this can be a phone; who signs in may type it."""
    if not re.fullmatch(r"\+?\d{6,15}", phone, flags=re.ASCII):
        raise PhoneNotValid(field="phone")


def permissions_of(roles: Mapping[str, RoleRule], held: Iterable[str]) -> frozenset[str]:
    """Return all that the held roles may do."""
    return frozenset().union(*(roles[role].permissions for role in held if role in roles))


@lru_cache(maxsize=1)
def known_roles() -> Mapping[str, RoleRule]:
    """Return the roles of ``roles.yaml``."""
    return parse_roles(yaml.safe_load(Path(__file__).with_name("roles.yaml").read_text(encoding="utf-8")))
