"""The door of the inventory: what a customer has, and over which way the signal comes."""

from yuanxin.inventory.actions.devices import install_device, register_device, return_device
from yuanxin.inventory.actions.heartbeats import HeartbeatBatch, record_heartbeats
from yuanxin.inventory.actions.loading import load_devices, load_nodes, load_subscribers
from yuanxin.inventory.actions.moves import issue_device, move_devices
from yuanxin.inventory.actions.network import set_estate_paths, set_path
from yuanxin.inventory.actions.subscribers import (
    change_state,
    close_span,
    move_subscriber,
    open_span,
    open_subscriber,
)
from yuanxin.inventory.queries.devices import DeviceStepView, device_steps
from yuanxin.inventory.queries.heartbeats import HeartbeatView, last_seen
from yuanxin.inventory.queries.network import common_node, customers_below, path_of, trail_of
from yuanxin.inventory.queries.subscribers import (
    DeviceView,
    ProductView,
    SubscriberView,
    customer_of,
    devices_of,
    services_of,
    subscriber,
    subscribers_of,
)
from yuanxin.inventory.rules.errors import (
    AccountNotFound,
    BatchRefused,
    CodeTaken,
    DeviceInUse,
    DeviceNotFound,
    DeviceNotInUse,
    DeviceNotReady,
    DeviceOfAnotherCustomer,
    NodeNotFound,
    OutOfOrder,
    ProductHeldAlready,
    ProductNotHeld,
    SerialAmbiguous,
    SerialMissing,
    SerialRepeated,
    SerialTaken,
    SerialUnknown,
    SubscriberNotFound,
)
from yuanxin.inventory.rules.moves import DeviceMove
from yuanxin.inventory.rules.network import NetworkPath, NodeKind, NodeStep, PathNotPossible
from yuanxin.inventory.rules.rows import DeviceRow, NodeRow, SubscriberRow

__all__ = [
    "AccountNotFound",
    "BatchRefused",
    "CodeTaken",
    "DeviceInUse",
    "DeviceMove",
    "DeviceNotFound",
    "DeviceNotInUse",
    "DeviceNotReady",
    "DeviceOfAnotherCustomer",
    "DeviceRow",
    "DeviceStepView",
    "DeviceView",
    "HeartbeatBatch",
    "HeartbeatView",
    "NetworkPath",
    "NodeKind",
    "NodeNotFound",
    "NodeRow",
    "NodeStep",
    "OutOfOrder",
    "PathNotPossible",
    "ProductHeldAlready",
    "ProductNotHeld",
    "ProductView",
    "SerialAmbiguous",
    "SerialMissing",
    "SerialRepeated",
    "SerialTaken",
    "SerialUnknown",
    "SubscriberNotFound",
    "SubscriberRow",
    "SubscriberView",
    "change_state",
    "close_span",
    "common_node",
    "customer_of",
    "customers_below",
    "device_steps",
    "devices_of",
    "install_device",
    "issue_device",
    "last_seen",
    "load_devices",
    "load_nodes",
    "load_subscribers",
    "move_devices",
    "move_subscriber",
    "open_span",
    "open_subscriber",
    "path_of",
    "record_heartbeats",
    "register_device",
    "return_device",
    "services_of",
    "set_estate_paths",
    "set_path",
    "subscriber",
    "subscribers_of",
    "trail_of",
]
