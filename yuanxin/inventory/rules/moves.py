"""What may happen to a device at a customer's home: states as data, and the check of a technician's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from yuanxin.inventory.rules.errors import SerialMissing, SerialRepeated
from yuanxin.published.codes import Service

MAY_BE_INSTALLED = ("in_stock", "carried")  # 在库, 已领用
MAY_BE_ISSUED = ("in_stock",)

# The service that a kind of device serves; a customer's subscriber of that service uses it.
SERVICE_OF = {
    "set_top_box": Service.TV,
    "smart_card": Service.TV,
    "onu": Service.BROADBAND,
    "cable_modem": Service.BROADBAND,
    "router": Service.BROADBAND,
}


@dataclass(frozen=True)
class DeviceMove:
    """A device as its serial was scanned, and what happened to it: installed 装 or removed 拆."""

    serial: str
    move: Literal["installed", "removed"]


def cleaned(moves: Sequence[DeviceMove]) -> list[DeviceMove]:
    """Return the moves with bare serials. Raises SerialMissing, SerialRepeated, at field ``devices``."""
    clean = [DeviceMove(one.serial.strip(), one.move) for one in moves]
    seen: set[str] = set()
    for one in clean:
        if not one.serial:
            raise SerialMissing(field="devices")
        if one.serial in seen:
            raise SerialRepeated(serial=one.serial[:40], field="devices")
        seen.add(one.serial)
    return clean
