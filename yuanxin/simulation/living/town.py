"""Who lives and works in the city, read through the doors: any database of the demo will do."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yuanxin.academy import api as academy
from yuanxin.inventory import api as inventory
from yuanxin.kernel.acting import Acting
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.tenancy import scope
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import Segment, Service
from yuanxin.simulation.seeding.households import HEAD_END
from yuanxin.simulation.seeding.organisation import CITY

SOURCE = "living_city"
DESKS = ("agent", "dispatch_leader", "complaint_officer", "stock_keeper", "gateway")


class NotADemo(Refused):
    """The database is not that of a demonstration. Params: missing."""

    code = "simulation.not_a_demo"


@dataclass(frozen=True)
class Resident:
    """An invented customer at home."""

    customer_id: UUID
    address_id: UUID
    services: frozenset[Service]


@dataclass(frozen=True)
class Town:
    """Everybody by id. field, line: technicians by number 工号; desks: accounts by role."""

    customers: tuple[UUID, ...]
    field: dict[str, UUID]
    line: dict[str, UUID]
    desks: dict[str, tuple[UUID, ...]]

    def acting(self, role: str, dice: random.Random) -> Acting:
        """Let somebody of a role act."""
        return org.acting_for(dice.choice(self.desks[role]), source=SOURCE)

    def resident(self, customer_id: UUID, at: datetime) -> Resident | None:
        """Return a customer with home and services; None without a home."""
        with transaction.atomic(), scope(CITY):
            homes = parties.addresses_of(customer_id)
            services = inventory.services_of(customer_id, at)
        return Resident(customer_id, homes[0].id, services) if homes else None

    def somebody(self, service: Service, at: datetime, dice: random.Random, tries: int = 50) -> Resident | None:
        """Return a random customer who has this service."""
        for _ in range(tries):
            found = self.resident(dice.choice(self.customers), at)
            if found is not None and service in found.services:
                return found
        return None


def read_town(at: datetime, *, spared: frozenset[str] = frozenset()) -> Town:
    """Read the people of the demo. spared: numbers 工号 of accounts that people play. Raises NotADemo."""
    with transaction.atomic(), scope(CITY):
        try:
            customers = tuple(inventory.customers_below(HEAD_END))
        except inventory.NodeNotFound:
            raise NotADemo(missing=HEAD_END) from None
        crew = [one for one in org.technicians(CITY) if one.number not in spared]
        skills = academy.skills_of_many([one.id for one in crew], at)
        desks = {role: tuple(one.id for one in org.with_role(role, CITY) if one.number not in spared) for role in DESKS}
    if not customers:
        raise NotADemo(missing="customers")
    missing = [role for role, people in desks.items() if not people]
    if missing or not crew:
        raise NotADemo(missing=",".join(missing) or "technicians")
    on_line = {one.id for one in crew if str(Segment.LINE) in skills.get(one.id, {})}
    return Town(
        customers=customers,
        field={one.number: one.id for one in crew if one.id not in on_line},
        line={one.number: one.id for one in crew if one.id in on_line},
        desks=desks,
    )
