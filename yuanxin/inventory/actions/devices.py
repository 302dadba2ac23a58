"""Devices: into the books, into use, and back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.inventory.actions.loading import load_devices
from yuanxin.inventory.actions.spans import end_span
from yuanxin.inventory.models import Device, DeviceUse, Subscriber
from yuanxin.inventory.models.things import DeviceState
from yuanxin.inventory.rules.errors import DeviceInUse, DeviceNotFound, SerialMissing, SubscriberNotFound
from yuanxin.inventory.rules.rows import DeviceRow
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.parties import api as parties


@command("inventory.register_device")
def register_device(
    *, serial: str, kind: str, at: datetime, model_code: str = "", key: IdempotencyKey | None = None
) -> UUID:
    """Take a device into the books, in stock; return its id. Raises SerialMissing, SerialTaken."""
    if not serial.strip():
        raise SerialMissing(field="serial")
    row = DeviceRow(id=new_id(), serial=serial.strip(), kind=kind, model_code=model_code)
    load_devices(rows=[row], at=at)
    return row.id


def _locked(device_id: UUID) -> Device:
    row = Device.objects.select_for_update().filter(id=device_id).first()
    if row is None:
        raise DeviceNotFound(device=str(device_id))
    return row


def _use_of(device: Device) -> DeviceUse | None:
    return DeviceUse.objects.filter(device=device, superseded_at=None, valid_to=None).first()


@command("inventory.install_device")
def install_device(*, device_id: UUID, subscriber_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let a subscriber use a device from `at` on; a search for its serial then leads to the customer.

    Raises DeviceNotFound, SubscriberNotFound, DeviceInUse.
    """
    device = _locked(device_id)
    if _use_of(device) is not None:
        raise DeviceInUse(field="serial", device=str(device_id))
    subscriber = Subscriber.objects.filter(id=subscriber_id).first()
    if subscriber is None:
        raise SubscriberNotFound(subscriber=str(subscriber_id))
    DeviceUse.objects.create(device=device, subscriber=subscriber, valid_from=at)
    _set_state(device, DeviceState.IN_USE)
    parties.forget_serial(row=parties.SerialRow(device.serial, "device", device.id))
    parties.write_tokens(rows=[parties.SerialRow(device.serial, "customer", subscriber.customer_id)])


@command("inventory.return_device")
def return_device(*, device_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Take a device back from its subscriber, to be tested. Raises DeviceNotFound, OutOfOrder."""
    device = _locked(device_id)
    use = _use_of(device)
    if use is not None:
        end_span(use, at)
        customer_id = Subscriber.objects.values_list("customer_id", flat=True).get(id=use.subscriber_id)
        parties.forget_serial(row=parties.SerialRow(device.serial, "customer", customer_id))
        parties.write_tokens(rows=[parties.SerialRow(device.serial, "device", device.id)])
    _set_state(device, DeviceState.TO_TEST)


def _set_state(device: Device, state: DeviceState) -> None:
    Device.objects.filter(id=device.id).update(state=state)
