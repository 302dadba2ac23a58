"""Devices that a technician carries, installs and takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.inventory.actions.devices import install_device, return_device, set_state, using
from yuanxin.inventory.models import Device, Subscriber, SubscriberSpan
from yuanxin.inventory.models.things import DeviceState
from yuanxin.inventory.queries.subscribers import held_at
from yuanxin.inventory.rules.errors import (
    DeviceInUse,
    DeviceNotInUse,
    DeviceNotReady,
    DeviceOfAnotherCustomer,
    SerialAmbiguous,
    SerialUnknown,
    SubscriberNotFound,
)
from yuanxin.inventory.rules.moves import MAY_BE_INSTALLED, MAY_BE_ISSUED, SERVICE_OF, DeviceMove, cleaned
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.published.codes import Service
from yuanxin.published.refs import ref

FIELD = "devices"


@dataclass(frozen=True)
class _Home:
    """Where the technician is: whose home, which address, for which service."""

    customer_id: UUID
    address_id: UUID
    service: Service


@command("inventory.issue_device")
def issue_device(
    *, serial: str, technician_id: UUID, at: datetime, kind: str = "", key: IdempotencyKey | None = None
) -> UUID:
    """Give a device of the stock to a technician's van (领用); return its id.

    Raises SerialMissing, SerialUnknown, SerialAmbiguous, DeviceNotReady.
    """
    (wanted,) = cleaned([DeviceMove(serial, "installed")])
    found = [row for row in _locked([wanted.serial]) if kind in ("", row.kind)]
    device = _only(wanted.serial, found)
    if device.state not in MAY_BE_ISSUED:
        raise DeviceNotReady(serial=wanted.serial[:40], state=device.state, field="serial")
    set_state(device, DeviceState.CARRIED, at, holder=ref("staff", technician_id))
    return device.pk


@command("inventory.move_devices")
def move_devices(
    *,
    moves: Sequence[DeviceMove],
    customer_id: UUID,
    address_id: UUID,
    service: Service,
    cause: str,
    at: datetime,
) -> tuple[UUID, ...]:
    """Install and take back devices at a customer's home, all or none; return their ids.

    Called inside the transaction of the visit (cause: its subject). Installed devices come from stock or a van, those
    taken back are to be tested (回收待检).
    Raises, always at field ``devices``: SerialMissing, SerialRepeated, SerialUnknown, SerialAmbiguous,
    DeviceOfAnotherCustomer, DeviceInUse, DeviceNotInUse, DeviceNotReady, SubscriberNotFound.
    """
    home = _Home(customer_id, address_id, service)
    wanted = cleaned(moves)
    rows = _locked([one.serial for one in wanted])
    done = []
    for one in wanted:
        here = [row for row in rows if row.serial == one.serial]
        device = _install(here, one.serial, home, cause, at) if one.move == "installed" else (
            _remove(here, one.serial, home, cause, at)
        )  # fmt: skip
        done.append(device.pk)
    return tuple(done)


def _locked(serials: Sequence[str]) -> list[Device]:
    return list(Device.objects.select_for_update(of=("self",)).filter(serial__in=serials).order_by("id"))


def _only(serial: str, found: Sequence[Device]) -> Device:
    if not found:
        raise SerialUnknown(serial=serial[:40], field=FIELD)
    if len(found) > 1:
        raise SerialAmbiguous(serial=serial[:40], field=FIELD)
    return found[0]


def _install(found: Sequence[Device], serial: str, home: _Home, cause: str, at: datetime) -> Device:
    ready = [row for row in found if row.state in MAY_BE_INSTALLED]
    device = _only(serial, ready or found)
    if not ready:
        use = using(device)
        if use is None:
            raise DeviceNotReady(serial=serial[:40], state=device.state, field=FIELD)
        if use.subscriber.customer_id != home.customer_id:
            raise DeviceOfAnotherCustomer(serial=serial[:40], field=FIELD)
        raise DeviceInUse(serial=serial[:40], field=FIELD)
    install_device(device_id=device.pk, subscriber_id=_subscriber(device, home, at), at=at, cause=cause)
    return device


def _remove(found: Sequence[Device], serial: str, home: _Home, cause: str, at: datetime) -> Device:
    uses = {row.pk: using(row) for row in found}
    theirs = [row for row in found if (use := uses[row.pk]) and use.subscriber.customer_id == home.customer_id]
    device = _only(serial, theirs or found)
    if not theirs:
        if uses[device.pk] is not None:
            raise DeviceOfAnotherCustomer(serial=serial[:40], field=FIELD)
        raise DeviceNotInUse(serial=serial[:40], field=FIELD)
    return_device(device_id=device.pk, at=at, cause=cause)
    return device


def _subscriber(device: Device, home: _Home, at: datetime) -> UUID:
    """Return who uses it: the customer's subscriber of the device's service, best at this address."""
    wanted = SERVICE_OF.get(device.kind, home.service)
    rows = Subscriber.objects.filter(customer=home.customer_id, service=wanted)
    here = SubscriberSpan.objects.filter(held_at(at), address=home.address_id, subscriber__in=rows)
    found = here.values_list("subscriber", flat=True).first() or rows.values_list("id", flat=True).first()
    if found is None:
        raise SubscriberNotFound(service=str(wanted), field=FIELD)
    return found
