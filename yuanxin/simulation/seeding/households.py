"""Estates, homes, customers, subscribers, boxes and the network to them, in batches through the bulk doors."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from yuanxin.inventory import api as inventory
from yuanxin.kernel.ids import new_id
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, CustomerClass, Service
from yuanxin.simulation.seeding import names
from yuanxin.simulation.seeding.organisation import DISTRICT, Grid

PER_ESTATE = 500
HEAD_END = "JF01"
BATCH = 5000
BROADBAND_SHARE = 0.45
MOBILE_SHARE = 0.15
BUSINESS_SHARE = 0.02


@dataclass(frozen=True)
class Home:
    """An invented household."""

    customer_id: UUID
    account_id: UUID
    address_id: UUID
    name: str
    phone: str
    services: tuple[Service, ...]
    is_business: bool
    auxiliaries: int = 0
    """Own auxiliary sets 副机 beside the main one."""


@dataclass(frozen=True)
class Estate:
    """An invented estate in a grid."""

    id: UUID
    name: str
    grid: Grid
    lng: float
    lat: float
    households: int
    node: str
    amplifier: str

    @property
    def area(self) -> AreaClass:
        """Return 城镇 or 农村 by the grid."""
        return AreaClass.RURAL if self.grid.code[-1] in "09" else AreaClass.URBAN


def lay_estates(laid: list[Grid], customers: int, dice: random.Random) -> list[Estate]:
    """Spread estates of 500 homes over the grids."""
    count = -(-customers // PER_ESTATE)
    found = []
    for index, name in enumerate(names.estates(count)):
        grid = laid[index % len(laid)]
        found.append(
            Estate(
                id=new_id(),
                name=name,
                grid=grid,
                lng=grid.lng + dice.uniform(-0.008, 0.008),
                lat=grid.lat + dice.uniform(-0.006, 0.006),
                households=min(PER_ESTATE, customers - index * PER_ESTATE),
                node=f"GD{index % len(laid) + 1:02d}{index // len(laid) // 2 + 1:02d}",
                amplifier=f"FD{index + 1:04d}",
            )
        )
    return found


def store_estates(estates: list[Estate], *, at: datetime) -> None:
    """Store estates and network: a head-end, an OLT a grid, an optical node for two estates, an amplifier each."""
    parties.load_estates(rows=[_estate_row(estate) for estate in estates], at=at)
    grids = {estate.grid.code for estate in estates}
    nodes = [inventory.NodeRow(code=HEAD_END, kind=inventory.NodeKind.HEADEND, name="禅城机房")]
    nodes += [
        inventory.NodeRow(
            code=f"OLT{code[-4:]}", kind=inventory.NodeKind.OLT, parent_code=HEAD_END, name=f"OLT {code[-4:]}"
        )
        for code in sorted(grids)
    ]
    above = {estate.node: estate for estate in reversed(estates)}
    nodes += [
        inventory.NodeRow(
            code=code,
            kind=inventory.NodeKind.OPTICAL_NODE,
            parent_code=f"OLT{estate.grid.code[-4:]}",
            name=f"{estate.name}光节点",
        )
        for code, estate in sorted(above.items())
    ]
    nodes += [
        inventory.NodeRow(
            code=estate.amplifier,
            kind=inventory.NodeKind.AMPLIFIER,
            parent_code=estate.node,
            name=f"{estate.name}放大器",
        )
        for estate in estates
    ]
    inventory.load_nodes(rows=nodes)


def connect_estates(estates: list[Estate]) -> None:
    """Tell which amplifier feeds which estate; below the building the path stays unknown."""
    inventory.set_estate_paths(nodes={estate.id: estate.amplifier for estate in estates})


def _estate_row(estate: Estate) -> parties.EstateRow:
    return parties.EstateRow(
        id=estate.id,
        name=estate.name,
        district_code=DISTRICT,
        town="祖庙街道",
        street=f"{estate.name}路",
        grid_code=estate.grid.code,
        area_class=estate.area,
        households=estate.households,
        buildings=-(-estate.households // 96),
        point=parties.Coordinate(estate.lng, estate.lat, parties.Datum.WGS84),
    )


def store_homes(
    estates: list[Estate], dice: random.Random, *, at: datetime, say: Callable[[int], object]
) -> list[Home]:
    """Store homes with customers, services and boxes, batch by batch; ``say`` hears how many are done."""
    stream = _homes(estates, dice)
    kept: list[Home] = []
    while batch := list(islice(stream, BATCH)):
        parties.load_addresses(
            rows=[parties.HomeRow(id=home.address_id, estate_id=estate.id, door=door) for home, estate, door in batch],
            at=at,
        )
        parties.load_customers(rows=[_customer_row(home) for home, _, _ in batch], at=at, area_code="0757")
        _store_services([home for home, _, _ in batch], at=at)
        kept += [home for home, _, _ in batch]
        say(len(kept))
    return kept


def _homes(estates: list[Estate], dice: random.Random) -> Iterator[tuple[Home, Estate, str]]:
    invented, phones = names.people(dice), names.phones()
    known: Home | None = _known()
    for estate in estates:
        for door in names.doors(estate.households):
            if known is not None and estate.area is AreaClass.URBAN:
                yield known, estate, door
                known = None
                continue
            services = [Service.TV]
            if dice.random() < BROADBAND_SHARE:
                services.append(Service.BROADBAND)
            if dice.random() < MOBILE_SHARE:
                services.append(Service.MOBILE)
            yield (
                Home(
                    customer_id=new_id(),
                    account_id=new_id(),
                    address_id=new_id(),
                    name=next(invented),
                    phone=next(phones),
                    services=tuple(services),
                    is_business=dice.random() < BUSINESS_SHARE,
                ),
                estate,
                door,
            )


def _known() -> Home:
    """Return the household of the demonstration: television with a main and two own auxiliary sets, and broadband."""
    return Home(
        customer_id=new_id(),
        account_id=new_id(),
        address_id=new_id(),
        name=names.KNOWN_NAME,
        phone=names.KNOWN_PHONE,
        services=(Service.TV, Service.BROADBAND),
        is_business=False,
        auxiliaries=2,
    )


def _customer_row(home: Home) -> parties.CustomerRow:
    return parties.CustomerRow(
        id=home.customer_id,
        account_id=home.account_id,
        name=home.name,
        phones=home.phone,
        address_id=home.address_id,
        customer_class=CustomerClass.BUSINESS if home.is_business else CustomerClass.RESIDENT,
    )


PREFIX = {"set_top_box": "STB", "onu": "ONU"}
OFFERINGS = {Service.TV: "TV-BASIC", Service.BROADBAND: "BB-100M", Service.MOBILE: "MOBILE-192"}
AUXILIARY = "TV-AUX"


def _store_services(homes: list[Home], *, at: datetime) -> None:
    rows, devices = [], []
    for home in homes:
        for number, (service, offering) in enumerate(_held(home)):
            subscriber_id = new_id()
            rows.append(
                inventory.SubscriberRow(
                    id=subscriber_id,
                    customer_id=home.customer_id,
                    account_id=home.account_id,
                    address_id=home.address_id,
                    service=service,
                    offering_codes=(offering,),
                )
            )
            if service is not Service.MOBILE:
                kind = "set_top_box" if service is Service.TV else "onu"
                devices.append(
                    inventory.DeviceRow(
                        id=new_id(),
                        serial=f"{PREFIX[kind]}{home.phone[3:]}{'' if offering != AUXILIARY else number}",
                        kind=kind,
                        subscriber_id=subscriber_id,
                        customer_id=home.customer_id,
                    )
                )
    inventory.load_subscribers(rows=rows, at=at)
    inventory.load_devices(rows=devices, at=at)


def _held(home: Home) -> list[tuple[Service, str]]:
    """Return services with their offerings, the main television set first."""
    main = [(service, OFFERINGS[service]) for service in home.services]
    return main + [(Service.TV, AUXILIARY)] * home.auxiliaries
