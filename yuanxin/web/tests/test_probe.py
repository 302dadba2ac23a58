"""Another city's rows stay unseen and unchanged: every address × every role, with and without the manager's filter.

The addresses come from the resolver: a new one whose parameters nobody knows how to probe fails here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as fieldwork_make
from yuanxin.kernel.acting import Acting
from yuanxin.kernel.tenancy import TenantManager
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel
from yuanxin.published.refs import ref
from yuanxin.quality import api as quality
from yuanxin.web.http.machine import token_of
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
HERE, THERE = "4406", "4401"
THERE_NAME, THERE_PHONE, THERE_ESTATE = "区绮霞", "13755559377", "羊城秘苑"
SECRETS = (THERE_NAME, THERE_PHONE, THERE_ESTATE, "T4401", "W4401", "C4401", "S4401", "****9377")
EVERYBODY_S = {"app_label": "org", "url": "nowhere/", "content_type_id": "1"}
ADMINISTRATION = ("page.admin", "page.configuration")
"""Who opens pages that name no permission of ours: those of Django's administration."""
OBJECTS = {
    "customer_id",
    "ticket_id",
    "work_order_id",
    "object_id",
    "batch_id",
    "subject",
    "message_id",
    "proposal_id",
    "plan_id",
    "attempt_id",
    "evidence_id",
    "call_id",
    "contact_id",
    "complaint_id",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class World:
    """The loop went around once in each of the two cities."""

    here: loop.Loop
    there: loop.Loop
    there_batch: UUID
    there_message: UUID
    there_complaint: UUID
    there_more: dict[str, str]

    @property
    def parameters(self) -> dict[str, str]:
        """What to put into an address: objects of the other city."""
        there = self.there
        return EVERYBODY_S | {
            "customer_id": str(there.city.customer_id),
            "ticket_id": str(there.ticket_id),
            "work_order_id": str(there.work_order_id),
            "batch_id": str(self.there_batch),
            "subject": f"ticket:{self.there.ticket_id}",
            "complaint_id": str(self.there_complaint),
            "message_id": str(self.there_message),
            "object_id": str(there.city.technician_id),
            "version_id": str(uuid4()),
            "filter_id": str(uuid4()),
            "delivery_id": "1",
            "job_id": "1",
            "sign_off_id": str(uuid4()),
            "token": "nobody",
            **self.there_more,
        }


@pytest.fixture
def world(settings: Settings) -> World:
    settings.YUANXIN_SIMULATORS = True
    city.rules()
    here = loop.run(city.city(HERE))
    there = loop.run(city.city(THERE, name=THERE_NAME, phone=THERE_PHONE, estate=THERE_ESTATE))
    with city.inside(THERE):
        batch = parties.preview_import(
            content=f"name,district\n{THERE_ESTATE},440199\n".encode(),
            file_name=f"{THERE_ESTATE}.csv",
            districts={"440199": "440199"},
            at=kernel_make.at(city.TUESDAY),
        )
        message = care.post_message(
            subject=f"ticket:{there.ticket_id}", text=THERE_NAME, at=kernel_make.at(city.TUESDAY)
        )
        complaint = care.open_complaint(
            category="billing", channel=Channel.PHONE, note=THERE_NAME, at=kernel_make.at(city.TUESDAY)
        )
        more = _field_things(there)
    return World(here, there, batch, message, complaint.id, more)


def _field_things(there: loop.Loop) -> dict[str, str]:
    """Return a picture, calls, a contact and a proposal of the other city, by the name of their parameter."""
    pictures = fieldwork.evidence_of(there.work_order_id)
    proposal = parties.propose_address_point(
        address_id=there.city.address_id,
        point=parties.Coordinate(113.3, 23.1),
        cause=ref("work_order", there.work_order_id),
        reason=THERE_ESTATE,
        at=kernel_make.at(city.TUESDAY),
    )
    call = fieldwork_make.call_attempt(there.work_order_id, there.city.technician_id, at=kernel_make.at(city.TUESDAY))
    rung = care.ring_call(caller_number=THERE_PHONE, queue="96956", at=kernel_make.at(city.TUESDAY))
    contact = care.contact_of_call(call_id=rung, at=kernel_make.at(city.TUESDAY))
    return {
        "evidence_id": str(pictures[0].id),
        "proposal_id": str(proposal),
        "plan_id": str(fieldwork.plan_city(at=kernel_make.at(city.TUESDAY))),
        "attempt_id": str(call),
        "call_id": str(rung),
        "contact_id": str(contact),
    }


def routes(patterns: list[Any] | None = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Yield every named address with the names of its parameters."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            regex = getattr(entry.pattern, "regex", None)
            names = set(entry.pattern.converters) or set(regex.groupindex if regex else ())
            yield ":".join((*spaces, entry.name or "")), names


def test_every_address_has_a_name_and_known_parameters() -> None:
    known = {*EVERYBODY_S, *OBJECTS, "delivery_id", "filter_id", "job_id", "sign_off_id", "token", "version_id"}
    unknown = {name: names - known for name, names in routes() if names - known or not name.rpartition(":")[2]}
    unknown = {name: names for name, names in unknown.items() if name not in {"admin:"}}
    assert unknown == {}


@pytest.mark.parametrize("is_filtered", [True, False], ids=["filtered", "policies alone"])
def test_nobody_sees_or_changes_the_other_city(
    world: World, is_filtered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = list(foreign_addresses(world))
    if not is_filtered:
        monkeypatch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)
    before = state(world)
    browsers = {role: make.client(role, city=HERE) for role in org.known_roles()}
    for address, is_object in addresses:
        for role in askers(address, most=None if is_filtered else 2):
            probe(browsers[role], role, address, is_object, world)
    monkeypatch.undo()
    assert state(world) == before


def askers(address: str, *, most: int | None) -> list[str]:
    """Return the roles that open an address, at most so many, and one that does not: the door refuses all alike."""
    permissions = getattr(resolve(address.partition("?")[0]).func, "permissions", ADMINISTRATION)
    may = {
        role: any(Acting(who="x", scope=HERE, permissions=rule.permissions).may(one) for one in permissions)
        for role, rule in org.known_roles().items()
    }
    openers, strangers = [role for role in may if may[role]], [role for role in may if not may[role]]
    return openers[:most] + strangers[:1]


def foreign_addresses(world: World) -> Iterator[tuple[str, bool]]:
    """Yield every address, filled with the other city's objects; whether it names such an object."""
    for name, names in routes():
        try:
            address = reverse(name, kwargs={one: world.parameters[one] for one in names})
        except NoReverseMatch:
            continue  # the admin's own catch-all
        if name == "account_logout":
            continue
        yield address, bool(names & OBJECTS)
        yield from ((address + query, False) for query in queries(name, world))


def queries(name: str, world: World) -> list[str]:
    """Return questions that would find the other city's rows."""
    if name in {"service_desk:home", "service_desk:search"}:
        return [f"?q={asked}" for asked in ("9377", THERE_PHONE, THERE_NAME, THERE_ESTATE, "oqx")]
    if name in {"service_desk:tickets", "dispatch_desk:pool", "quality_desk:outcomes", "control_room:board"}:
        return ["?format=xlsx", "?q=T4401", "?q=W4401", "?grid=4401"]
    return []


def probe(browser: Client, role: str, address: str, is_object: bool, world: World) -> None:
    """Ask for the address, and send a form to it; learn nothing either way."""
    answer = browser.get(address)
    assert answer.status_code < 500, (role, address)
    assert not (is_object and answer.status_code == 200), (role, address)
    assert not secrets_in(answer, address), (role, address)
    sent = browser.post(address, form(world))
    assert sent.status_code < 500, (role, address)
    assert not secrets_in(sent, address), (role, address)


def form(world: World) -> dict[str, Any]:
    """Return fields that any of our forms would take, pointing to the other city."""
    there = world.there.city
    return {
        "key": uuid4(), "address_id": there.address_id, "technician_id": there.technician_id, "service": "broadband",
        "fault_code": "no_internet", "channel": "phone", "planned_from": "2026-11-25T10:00", "reason_code": "customer",
        "window_from": "2026-11-25T10:00", "window_to": "2026-11-25T12:00", "note": "x", "reached": "yes",
        "choice": f"{there.technician_id}|2026-11-25T10:00+08:00|", "row": str(world.there.work_order_id),
        "line": f"{world.there.work_order_id}|{there.technician_id}|2026-11-25T10:00+08:00|", "to": "owners",
        "agrees": "yes", "role": "agent", "score": "10", "close_type": "empty_trip",
    }  # fmt: skip


def secrets_in(answer: Any, address: str) -> list[str]:
    """Return what the answer tells of the other city; what the question itself held is no news."""
    body = answer.content
    if answer.get("Content-Type", "") == XLSX:
        sheet = load_workbook(io.BytesIO(body)).worksheets[0]
        text = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    else:
        text = body.decode("utf-8", "replace")
    return [secret for secret in SECRETS if secret in text and secret not in address]


def state(world: World) -> tuple[Any, ...]:
    """Return all that the forms could have changed in the other city."""
    there = world.there
    with city.inside(THERE):
        return (
            care.tickets_of(there.city.customer_id),
            care.thread_of(there.ticket_id),
            fieldwork.work_order(there.work_order_id),
            fieldwork.history(there.work_order_id),
            quality.pay_of(there.work_order_id),
            org.staff(there.city.technician_id),
            org.roles_of(there.city.technician_id),
            parties.import_batch(world.there_batch),
            parties.import_rows(world.there_batch),
            parties.places(),
        )


def test_own_pages_take_no_foreign_parts(world: World) -> None:
    here, there = world.here.city, world.there.city
    agent, dispatcher = make.client("agent", city=HERE), make.client("dispatcher", city=HERE)
    told = {"service": "broadband", "fault_code": "no_internet", "channel": "phone", "key": uuid4()}
    answer = agent.post(f"/service/customers/{here.customer_id}/report/", {**told, "address_id": there.address_id})
    assert answer.status_code == 422
    loop.report(agent, here, "tv", "tv_fault")
    order = loop.pool_order(dispatcher)
    told = {"key": uuid4(), "choice": f"{there.technician_id}|2026-11-25T10:00+08:00|"}
    assert dispatcher.post(f"/dispatch/{order}/assign/", told).status_code in {404, 422}


def test_a_machine_reports_for_its_own_city_only(world: World) -> None:
    machine = {"Authorization": f"Bearer {token_of(make.staff('agent', city=HERE))}"}
    for place, status in ((world.here.city, 201), (world.there.city, 404)):
        body = {"key": str(uuid4()), "customer_id": str(place.customer_id), "address_id": str(place.address_id),
                "service": "broadband", "fault_code": "no_internet"}  # fmt: skip
        answer = Client().post("/service/api/fault-reports", body, content_type="application/json", headers=machine)
        assert answer.status_code == status, answer.content
        assert THERE_NAME not in answer.content.decode()
