"""A small city that is committed: rulebooks, one grid with its technician, one home with television and broadband."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from yuanxin.academy import api as academy
from yuanxin.inventory.tests import make as inventory_make
from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.org.tests import make as org_make
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.codes import Service
from yuanxin.standards.tests import make as standards_make

TUESDAY = "2026-11-24 09:10"
FIRST_DAY = date(2026, 1, 1)
SKILLS = ("tv", "broadband", "mobile")
PHONE = "13912340044"
NAME = "黄婉仪"


@dataclass(frozen=True)
class City:
    """What stories need to know of it."""

    code: str
    technician_id: UUID
    customer_id: UUID
    address_id: UUID


@contextmanager
def inside(code: str) -> Iterator[None]:
    """Commit what the block does, as somebody who may do everything in this scope."""
    with transaction.atomic(), scope(code), acting_as(kernel_make.acting(code)):
        yield


def rules(at: str = TUESDAY) -> None:
    """Publish the rulebooks, enter the calendar, and let the platform live on a Tuesday morning."""
    with inside(ALL):
        standards_make.rulebooks()
        standards_make.calendar()
    clock.set_clock(at=kernel_make.at(at))


def technician(name: str) -> UUID:
    """Make a technician with every skill; the caller is inside a city."""
    made = org_make.technician(name)
    for skill in SKILLS:
        academy.record_skill(staff_id=made, code=skill, level=1, valid_from=FIRST_DAY, at=kernel_make.at(TUESDAY))
    return made


def city(code: str = "4406", *, name: str = NAME, phone: str = PHONE, estate: str = "试验花园") -> City:
    """Make the grid, its technician, and one home. Call ``rules`` before."""
    with inside(code):
        technician_id = technician("陈志强")
        grid_code = org_make.grid(owner=technician_id)
        address_id = parties_make.address(estate_id=parties_make.estate(estate, grid_code=grid_code))
        customer_id = parties_make.customer(name, phone, address_id=address_id)
        inventory_make.subscriber(customer_id, Service.TV, offering_codes=("tv.basic",))
        inventory_make.subscriber(customer_id, Service.BROADBAND, offering_codes=("broadband.200",))
    return City(code, technician_id, customer_id, address_id)
