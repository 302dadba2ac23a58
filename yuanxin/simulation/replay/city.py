"""Store the replayed city through the doors: organisation, technicians, communities, homes, customers.

Everybody in it is invented; only the places of the communities come from the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from yuanxin.academy import api as academy
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import scope
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.simulation.replay.districts import CITY, DISTRICTS, Grid, grids_of
from yuanxin.simulation.replay.plan import DayPlan, PlannedContact
from yuanxin.simulation.replay.reading import Community

PROVINCE = CITY[:2]
SKILLS = ("tv", "broadband", "mobile")
HIGHEST_LEVEL = 3


@dataclass(frozen=True)
class Resident:
    """The invented customer behind one contact."""

    customer_id: UUID
    address_id: UUID


@dataclass(frozen=True)
class City:
    """What was stored. technicians: id by number 工号; residents: by ticket number."""

    agent: UUID
    dispatcher: UUID
    technicians: dict[str, UUID]
    residents: dict[str, Resident]
    grids: int


def build_city(plan: DayPlan, *, technicians: int, at: datetime) -> City:
    """Store the city that a plan needs. technicians: 1 or more; at: an instant before the day."""
    grids = grids_of(plan.communities, technicians=technicians)
    with acting_as(system("replay", scope="*")), transaction.atomic(), scope("*"):
        _create_units(grids)
    with acting_as(system("replay", scope=CITY)), transaction.atomic(), scope(CITY):
        agent = _hire("R8001", "坐席", CITY, "agent", at)
        dispatcher = _hire("R8002", "调度", CITY, "dispatch_leader", at)
        crew = _hire_technicians(grids, technicians, at)
        residents = _settle(plan.contacts, plan.communities, grids, at)
    return City(agent, dispatcher, crew, residents, len(grids))


def _create_units(grids: Sequence[Grid]) -> None:
    known = {unit.code for unit in org.units()}
    wanted: list[tuple[str, str, str, str | None]] = [
        ("00", "总部", "hq", None),
        (PROVINCE, "省公司", "province", "00"),
        (CITY, "市公司", "city", PROVINCE),
    ]
    wanted += [(code, name, "district", CITY) for name, code in DISTRICTS.items()]
    wanted += [(grid.code, grid.name, "grid", grid.district_code) for grid in grids]
    for code, name, level, parent_code in wanted:
        if code not in known:
            org.create_unit(code=code, name=name, level=level, parent_code=parent_code)


def _hire(
    number: str, name: str, unit_code: str, role: str, at: datetime, home: tuple[Decimal, Decimal] | None = None
) -> UUID:
    staff_id = org.create_staff(number=number, name=name, unit_code=unit_code, home=home)
    org.grant_role(staff_id=staff_id, role=role, at=at)
    return staff_id


def _hire_technicians(grids: Sequence[Grid], count: int, at: datetime) -> dict[str, UUID]:
    """Hire technicians, spread over the grids in turn; the first of a grid looks after it."""
    crew: dict[str, UUID] = {}
    on = at.date()
    for index in range(count):
        grid = grids[index % len(grids)]
        home = tuple(Decimal(f"{degrees:.6f}") for degrees in grid.centre)
        number = f"R{index + 1:04d}"
        crew[number] = _hire(number, f"装维员{index + 1}", grid.code, "technician", at, (home[0], home[1]))
        _certify(crew[number], on, at)
        if index < len(grids):
            org.set_grid_technician(grid_code=grid.code, staff_id=crew[number])
    return crew


def _certify(staff_id: UUID, on: date, at: datetime) -> None:
    for code in SKILLS:
        academy.record_skill(staff_id=staff_id, code=code, level=HIGHEST_LEVEL, valid_from=on, at=at)


def _settle(
    contacts: Sequence[PlannedContact], communities: Sequence[Community], grids: Sequence[Grid], at: datetime
) -> dict[str, Resident]:
    """Store all communities, then a door and a customer for each contact."""
    grid_of = {community.line: grid for grid in grids for community in grid.communities}
    estates = {community.line: new_id() for community in communities}
    parties.load_estates(
        rows=[
            parties.EstateRow(
                id=estates[community.line],
                name=community.name,
                district_code=DISTRICTS[community.district],
                town=community.town,
                street=community.address,
                grid_code=grid_of[community.line].code,
                households=community.households,
                point=parties.Coordinate(community.lng, community.lat, parties.Datum.WGS84),
            )
            for community in communities
        ],
        at=at,
    )
    doors: dict[tuple[int, int], UUID] = {}
    for contact in contacts:
        doors.setdefault((contact.home.community.line, contact.home.household), new_id())
    parties.load_addresses(
        rows=[
            parties.HomeRow(id=door, estate_id=estates[line], door=f"第{household}户")
            for (line, household), door in doors.items()
        ],
        at=at,
    )
    residents = {
        contact.number: Resident(new_id(), doors[contact.home.community.line, contact.home.household])
        for contact in contacts
    }
    parties.load_customers(
        rows=[
            parties.CustomerRow(
                id=resident.customer_id,
                account_id=new_id(),
                name=f"住户{index}",
                phones=f"199{index:08d}",
                address_id=resident.address_id,
            )
            for index, resident in enumerate(residents.values(), start=1)
        ],
        at=at,
    )
    return residents
