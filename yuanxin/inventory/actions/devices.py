"""Devices: into the books, into use, and back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.inventory.actions.loading import load_devices
from yuanxin.inventory.actions.spans import end_span
from yuanxin.inventory.models import Device, DeviceStep, DeviceUse, Subscriber
from yuanxin.inventory.models.things import DeviceState
from yuanxin.inventory.rules.errors import DeviceInUse, DeviceNotFound, SerialMissing, SubscriberNotFound
from yuanxin.inventory.rules.rows import DeviceRow
from yuanxin.kernel import acting
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


def using(device: Device) -> DeviceUse | None:
    """Return the believed open use of a device, with its subscriber."""
    open_uses = DeviceUse.objects.filter(device=device, superseded_at=None, valid_to=None)
    return open_uses.select_related("subscriber").first()


@command("inventory.install_device")
def install_device(
    *, device_id: UUID, subscriber_id: UUID, at: datetime, cause: str = "", key: IdempotencyKey | None = None
) -> None:
    """Let a subscriber use a device from `at` on; a search for its serial then leads to the customer.

    cause: subject of what asked for it. Raises DeviceNotFound, SubscriberNotFound, DeviceInUse.
    """
    device = _locked(device_id)
    if using(device) is not None:
        raise DeviceInUse(field="serial", device=str(device_id))
    subscriber = Subscriber.objects.filter(id=subscriber_id).first()
    if subscriber is None:
        raise SubscriberNotFound(subscriber=str(subscriber_id))
    DeviceUse.objects.create(device=device, subscriber=subscriber, valid_from=at)
    set_state(device, DeviceState.IN_USE, at, cause=cause, subscriber=subscriber)
    parties.forget_serial(row=parties.SerialRow(device.serial, "device", device.id))
    parties.write_tokens(rows=[parties.SerialRow(device.serial, "customer", subscriber.customer_id)])


@command("inventory.return_device")
def return_device(*, device_id: UUID, at: datetime, cause: str = "", key: IdempotencyKey | None = None) -> None:
    """Take a device back from its subscriber, to be tested. Raises DeviceNotFound, OutOfOrder."""
    device = _locked(device_id)
    use = using(device)
    if use is not None:
        end_span(use, at)
        parties.forget_serial(row=parties.SerialRow(device.serial, "customer", use.subscriber.customer_id))
        parties.write_tokens(rows=[parties.SerialRow(device.serial, "device", device.id)])
    set_state(device, DeviceState.TO_TEST, at, cause=cause, subscriber=use.subscriber if use else None)


def set_state(
    device: Device,
    state: DeviceState,
    at: datetime,
    *,
    cause: str = "",
    subscriber: Subscriber | None = None,
    holder: str = "",
) -> None:
    """Move a locked device to a state and append the step."""
    before = device.state
    Device.objects.filter(id=device.id).update(state=state)
    device.state = state
    DeviceStep.objects.create(
        province_code=device.province_code,
        city_code=device.city_code,
        device=device,
        from_state=before,
        to_state=state,
        subscriber=subscriber,
        holder=holder,
        cause=cause,
        at=at,
        actor=acting.current().who,
    )
