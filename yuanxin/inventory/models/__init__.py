"""Tables of the inventory."""

from yuanxin.inventory.models.heartbeats import DeviceHeartbeat
from yuanxin.inventory.models.network import AddressPath, NetworkNode
from yuanxin.inventory.models.spans import DeviceUse, ProductSpan, Span, SubscriberSpan
from yuanxin.inventory.models.things import Device, DeviceStep, Subscriber

__all__ = [
    "AddressPath",
    "Device",
    "DeviceHeartbeat",
    "DeviceStep",
    "DeviceUse",
    "NetworkNode",
    "ProductSpan",
    "Span",
    "Subscriber",
    "SubscriberSpan",
]
