"""What can be wrong with a request to the inventory."""

from __future__ import annotations

from typing import ClassVar

from yuanxin.kernel.errors import Conflict, DomainError, NotFound


class SubscriberNotFound(NotFound):
    """No such subscriber in scope."""

    code: ClassVar[str] = "inventory.subscriber_not_found"


class AccountNotFound(NotFound):
    """The customer has no such billing account."""

    code: ClassVar[str] = "inventory.account_not_found"


class DeviceNotFound(NotFound):
    """No such device in scope."""

    code: ClassVar[str] = "inventory.device_not_found"


class HeartbeatsUneven(DomainError):
    """The columns of a batch of heartbeats differ in length. Params: lengths."""

    code: ClassVar[str] = "inventory.heartbeats_uneven"


class HeartbeatsTooMany(DomainError):
    """A batch holds more heartbeats than one request may bring. Params: rows, most."""

    code: ClassVar[str] = "inventory.heartbeats_too_many"


class NodeNotFound(NotFound):
    """No such network node in scope."""

    code: ClassVar[str] = "inventory.node_not_found"


class ProductHeldAlready(Conflict):
    """The subscriber has this product at that instant."""

    code: ClassVar[str] = "inventory.product_held_already"


class ProductNotHeld(Conflict):
    """The subscriber does not have this product at that instant."""

    code: ClassVar[str] = "inventory.product_not_held"


class DeviceInUse(Conflict):
    """The device is used by a subscriber."""

    code: ClassVar[str] = "inventory.device_in_use"


class SerialTaken(Conflict):
    """A device of this kind with this serial number is there already."""

    code: ClassVar[str] = "inventory.serial_taken"


class SerialMissing(DomainError):
    """A serial number is needed."""

    code: ClassVar[str] = "inventory.serial_missing"


class CodeTaken(Conflict):
    """The city has a node of this code already."""

    code: ClassVar[str] = "inventory.code_taken"


class BatchRefused(Conflict):
    """A row of the batch names an owner that is not there, or is stored already; nothing of the batch was stored."""

    code: ClassVar[str] = "inventory.batch_refused"


class OutOfOrder(Conflict):
    """The instant lies before what holds now began."""

    code: ClassVar[str] = "inventory.out_of_order"


class SerialUnknown(DomainError):
    """No device with this serial number is in the city's books. Params: serial."""

    code: ClassVar[str] = "inventory.serial_unknown"


class SerialAmbiguous(DomainError):
    """Devices of several kinds have this serial number, and none of them can be told apart here. Params: serial."""

    code: ClassVar[str] = "inventory.serial_ambiguous"


class SerialRepeated(DomainError):
    """The same serial number stands twice in one list. Params: serial."""

    code: ClassVar[str] = "inventory.serial_repeated"


class DeviceOfAnotherCustomer(Conflict):
    """The device is used by another customer. Params: serial."""

    code: ClassVar[str] = "inventory.device_of_another_customer"


class DeviceNotInUse(Conflict):
    """The device is not with the customer any more: it was taken back already. Params: serial."""

    code: ClassVar[str] = "inventory.device_not_in_use"


class DeviceNotReady(Conflict):
    """The state of the device does not allow this. Params: serial, state."""

    code: ClassVar[str] = "inventory.device_not_ready"
