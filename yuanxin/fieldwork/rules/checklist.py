"""The checklist 检查项 of a close-out and the limits of its test values; the data stand in the rulebook."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yuanxin.fieldwork.rules.errors import (
    ChecklistIncomplete,
    ChecklistItemUnknown,
    EvidenceMissing,
    MaterialRefused,
    TestValueRefused,
)
from yuanxin.published.codes import OrderKind, Service

_NUMBER = re.compile(r"\s*([+-]?\d{1,4}(?:\.\d{1,3})?)\s*(?:dBm|dBuV|dBµV|dB)?\s*", re.IGNORECASE)
Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item. is_required: it must be answered; needs_photo: a photo shows it when it was done."""

    code: str
    is_required: bool
    needs_photo: bool


@dataclass(frozen=True, slots=True)
class TestLimit:
    """The good range of a test value, both ends included; None: open at that end. Unit: the end of the name."""

    name: str
    least: Decimal | None
    most: Decimal | None

    def holds(self, value: Decimal) -> bool:
        """Whether the value is good."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def items_of(lists: Lists, kind: OrderKind, service: Service) -> tuple[ChecklistItem, ...]:
    """Return the list of this kind and service, or else of the kind; empty when the rulebook has none."""
    prefix = f"{kind}_{service}" if f"{kind}_{service}_items" in lists else str(kind)
    required, photos = lists.get(f"{prefix}_required", ()), lists.get(f"{prefix}_photos", ())
    return tuple(ChecklistItem(code, code in required, code in photos) for code in lists.get(f"{prefix}_items", ()))


def require_checked(
    items: Sequence[ChecklistItem], checked: Mapping[str, bool], shown: Collection[str], *, spare_photos: int
) -> None:
    """Check the answers against the list.

    shown: items that a photo names. spare_photos: photos that name no item; each stands for one.
    Raises ChecklistItemUnknown, ChecklistIncomplete, EvidenceMissing, at field ``checklist``.
    """
    known = {item.code for item in items}
    for code in checked:
        if code not in known:
            raise ChecklistItemUnknown(item=code[:40], field="checklist")
    for item in items:
        if item.is_required and item.code not in checked:
            raise ChecklistIncomplete(item=item.code, field="checklist")
        if item.needs_photo and checked.get(item.code) and item.code not in shown:
            if spare_photos < 1:
                raise EvidenceMissing(missing="photo", item=item.code, field="checklist")
            spare_photos -= 1


def not_done(items: Sequence[ChecklistItem], checked: Mapping[str, bool]) -> tuple[str, ...]:
    """Return the required items that the technician said were not done."""
    return tuple(item.code for item in items if item.is_required and checked.get(item.code) is False)


def limits_of(tenths: Mapping[str, int], service: Service) -> tuple[TestLimit, ...]:
    """Return the limits of a service. tenths: ``<service>_<name>_least`` and ``_most`` to tenths of the unit."""
    prefix, names = f"{service}_", dict[str, None]()
    for field in tenths:
        if field.startswith(prefix):
            names[field.removeprefix(prefix).removesuffix("_least").removesuffix("_most")] = None
    return tuple(
        TestLimit(name, _tenth(tenths.get(f"{prefix}{name}_least")), _tenth(tenths.get(f"{prefix}{name}_most")))
        for name in names
    )


def _tenth(tenths: int | None) -> Decimal | None:
    return None if tenths is None else Decimal(tenths) / 10


def out_of_limits(limits: Sequence[TestLimit], tests: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of values that are not good. Raises TestValueRefused for one that is no number."""
    bad = []
    for limit in limits:
        if limit.name in tests:
            found = _NUMBER.fullmatch(tests[limit.name])
            if found is None:
                raise TestValueRefused(name=limit.name, field="tests")
            if not limit.holds(Decimal(found[1])):
                bad.append(limit.name)
    return tuple(bad)


def clean_materials(materials: Mapping[str, int], known: Collection[str], most: int) -> dict[str, int]:
    """Return the materials used, those with 0 pieces left out. Raises MaterialRefused at field ``materials``."""
    for code, pieces in materials.items():
        if code not in known or not 0 <= pieces <= most:
            raise MaterialRefused(material=code[:40], pieces=pieces, most=most, field="materials")
    return {code: pieces for code, pieces in materials.items() if pieces}
