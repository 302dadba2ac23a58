"""Units, accounts of every role, and twenty technicians with their grids and certificates."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from yuanxin.academy import api as academy
from yuanxin.org import api as org
from yuanxin.simulation.seeding import names

CITY = "4406"
DISTRICT = "440604"
CENTRE = (113.115, 23.015)
"""Longitude and latitude of the district's middle, degrees WGS-84."""
SPREAD = (0.045, 0.035)
PASSWORD = "yuanxin-demo"  # noqa: S105 - printed by ./run demo, for invented accounts only
VENDOR = "vendor-01"
HIGHEST_LEVEL = 3
SKILLS = ("tv", "broadband", "mobile")
LINE_SKILLS = ("line",)
LINE_CREW = 2
"""The last ones hired are the line crew 线路班."""

ACCOUNTS = (
    ("H0001", "00", "hq_service_manager"), ("P0001", "44", "province_manager"), ("S0001", CITY, "city_supervisor"),
    ("D0001", CITY, "dispatch_leader"), ("D0002", CITY, "dispatcher"), ("A0001", CITY, "agent"),
    ("A0002", CITY, "agent"), ("C0001", CITY, "complaint_officer"), ("Y0001", CITY, "clerk"),
    ("G0001", CITY, "grid_manager"), ("L0001", CITY, "crew_leader"), ("Q0001", CITY, "quality_inspector"),
    ("K0001", CITY, "stock_keeper"), ("B0001", CITY, "billing_officer"), ("F0001", CITY, "finance_auditor"),
    ("X0001", CITY, "trainer"), ("E0001", CITY, "emergency_editor"), ("E0002", CITY, "emergency_signer"),
    ("E0003", CITY, "emergency_operator"), ("M0001", CITY, "system_admin"), ("M0002", CITY, "security_admin"),
    ("M0003", CITY, "security_auditor"), ("N0001", CITY, "gateway"),
)  # fmt: skip
"""Number 工号, unit and role of one account per role; the demo's sign-in page lists them."""


@dataclass(frozen=True)
class Grid:
    """A grid 网格 with its middle (degrees, WGS-84)."""

    code: str
    name: str
    lng: float
    lat: float


def grids(count: int) -> list[Grid]:
    """Lay the grids over the district in rows of five."""
    rows = -(-count // 5)
    return [
        Grid(
            code=f"{DISTRICT}{index + 1:04d}",
            name=f"禅城第{index + 1}网格",
            lng=CENTRE[0] + SPREAD[0] * ((index % 5) - 2) / 2.5,
            lat=CENTRE[1] + SPREAD[1] * ((index // 5) - (rows - 1) / 2) / max(rows / 2, 1),
        )
        for index in range(count)
    ]


def create_units(laid: list[Grid]) -> None:
    """Store headquarters, province, city, district and grids; in scope ``*``."""
    org.create_unit(code="00", name="总部", level="hq")
    org.create_unit(code="44", name="广东省公司", level="province", parent_code="00")
    org.create_unit(code=CITY, name="佛山市分公司", level="city", parent_code="44")
    org.create_unit(code=DISTRICT, name="禅城区", level="district", parent_code=CITY)
    for grid in laid:
        org.create_unit(code=grid.code, name=grid.name, level="grid", parent_code=DISTRICT)


def create_accounts(dice: random.Random, *, at: datetime) -> dict[str, UUID]:
    """Store one account per role, in scope ``*``; return ids by number."""
    invented = names.people(dice)
    made: dict[str, UUID] = {}
    for number, unit_code, role in ACCOUNTS:
        made[number] = org.create_staff(number=number, name=next(invented), unit_code=unit_code, password=PASSWORD)
        org.grant_role(staff_id=made[number], role=role, at=at)
    return made


CERTIFICATES = (
    ("line-worker", "广播电视机线员", "Radio and television line worker", 900),
    ("climbing", "登高作业证", "Working at height", 5),
)
"""Code, names, and days from the morning until the first technician's expires."""


def issue_certificates(crew: dict[str, UUID], *, on: date) -> None:
    """Give every technician both certificates; the first expire soon. Kinds are headquarters'."""
    for index, staff_id in enumerate(crew.values()):
        for code, _zh, _en, days in CERTIFICATES:
            academy.record_certificate(
                staff_id=staff_id,
                code=code,
                valid_from=on - timedelta(days=700),
                expires_on=on + timedelta(days=days + 20 * index),
                number=f"{code[:2].upper()}{index + 1:05d}",
            )


def name_certificates() -> None:
    """Store the kinds of certificates; in scope ``*``."""
    for code, name_zh, name_en, _days in CERTIFICATES:
        academy.save_certificate_kind(certificate_code=code, name_zh=name_zh, name_en=name_en)


def hire_technicians(laid: list[Grid], count: int, dice: random.Random, *, at: datetime) -> dict[str, UUID]:
    """Store technicians spread over the grids, every fourth of a vendor; the first of a grid looks after it 包片."""
    invented = names.people(dice)
    crew: dict[str, UUID] = {}
    for index in range(count):
        grid = laid[index % len(laid)]
        number = f"T{index + 1:04d}"
        crew[number] = org.create_staff(
            number=number,
            name=next(invented),
            unit_code=grid.code,
            phone=f"1929{index + 1:07d}",
            password=PASSWORD,
            vendor=VENDOR if index % 4 == 3 else "",
            home=(Decimal(f"{grid.lng:.6f}"), Decimal(f"{grid.lat:.6f}")),
        )
        org.grant_role(staff_id=crew[number], role="technician", at=at)
        is_on_line = count - index <= min(LINE_CREW, count - 1)
        for code in LINE_SKILLS if is_on_line else SKILLS:
            level = HIGHEST_LEVEL if index % 5 else HIGHEST_LEVEL - 1
            academy.record_skill(staff_id=crew[number], code=code, level=level, valid_from=at.date(), at=at)
        if index < len(laid):
            org.set_grid_technician(grid_code=grid.code, staff_id=crew[number])
    return crew
