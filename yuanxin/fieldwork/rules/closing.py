"""Close-out 回单: what each close type must show, the cause tree, and the instants that assessment needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from yuanxin.fieldwork.rules.errors import (
    ActionRefused,
    EvidenceMissing,
    SignatureWithoutName,
    TestValueRefused,
    UnknownCause,
    VisitNotExplained,
)
from yuanxin.fieldwork.rules.states import State
from yuanxin.published.codes import CloseType, OrderKind, Segment

MOST_TEST_VALUES = 30  # lines of the test form, with room
NOBODY_THERE = (CloseType.EMPTY_TRIP, CloseType.REFUSED_ENTRY)  # nothing was done, so nobody can sign
_TEST_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEST_VALUE = re.compile(r"[\w+\-.,:/% ]{1,40}")

# Fault causes 故障原因, two taps deep: leaf to the responsible segment. The technician does not pay for a cut fibre.
CAUSES: Mapping[str, Mapping[str, Segment]] = MappingProxyType(
    {
        "home": {
            "box_failed": Segment.FIELD,
            "box_settings": Segment.FIELD,
            "card_or_pairing": Segment.FIELD,
            "remote_control": Segment.FIELD,
            "power_adapter": Segment.FIELD,
            "onu_failed": Segment.FIELD,
            "router_or_wifi": Segment.FIELD,
            "indoor_cable": Segment.FIELD,
            "wall_socket": Segment.FIELD,
            "customer_equipment": Segment.FIELD,
            "customer_handling": Segment.FIELD,
        },
        "building": {
            "drop_cable": Segment.FIELD,
            "connector": Segment.FIELD,
            "splitter": Segment.FIELD,
            "building_amplifier": Segment.LINE,
            "building_power": Segment.THIRD_PARTY,
        },
        "line": {
            "fibre_cut": Segment.LINE,
            "fibre_loss": Segment.LINE,
            "coax_cable": Segment.LINE,
            "optical_node": Segment.LINE,
            "line_amplifier": Segment.LINE,
            "lightning": Segment.LINE,
            "rodents": Segment.LINE,
        },
        "headend": {
            "olt_port": Segment.HEADEND,
            "transmitter": Segment.HEADEND,
            "authorisation": Segment.HEADEND,
            "platform": Segment.HEADEND,
        },
        "outside": {
            "power_cut": Segment.THIRD_PARTY,
            "municipal_works": Segment.THIRD_PARTY,
            "property_management": Segment.THIRD_PARTY,
            "renovation": Segment.THIRD_PARTY,
        },
    }
)
LEAVES: Mapping[str, Segment] = MappingProxyType(
    {f"{branch}.{leaf}": segment for branch, leaves in CAUSES.items() for leaf, segment in leaves.items()}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the technician brings: has_photo, has_signature and the name of the person who signed."""

    has_photo: bool
    has_signature: bool
    signed_by: str


def require_complete(kind: OrderKind, close_type: CloseType, fault_cause: str | None, shown: Shown) -> None:
    """Check a close-out against its close type.

    Every visit is shown by a photo. Work that was done (fixed, taught, no fault) is signed for; nobody can sign
    for an empty trip or a refused entry. A repaired fault names its cause.
    Raises EvidenceMissing, SignatureWithoutName, UnknownCause.
    """
    if not shown.has_photo:
        raise EvidenceMissing(close_type=str(close_type), missing="photo", field="photo")
    if close_type not in NOBODY_THERE and not shown.has_signature:
        raise EvidenceMissing(close_type=str(close_type), missing="signature", field="signature")
    if shown.has_signature and not shown.signed_by.strip():
        raise SignatureWithoutName(field="signature_name")
    if fault_cause and fault_cause not in LEAVES:
        raise UnknownCause(field="fault_cause")
    if kind is OrderKind.REPAIR and close_type is CloseType.FIXED and not fault_cause:
        raise UnknownCause(field="fault_cause")


def require_explained(close_type: CloseType, *, has_called: bool, note: str) -> None:
    """An empty trip needs a call to the customer or a reason, a refused entry its reason; neither is a fault of his.

    has_called: a call attempt of this visit is logged. Raises VisitNotExplained at field ``note``.
    """
    if close_type not in NOBODY_THERE or note.strip():
        return
    if not (has_called and close_type is CloseType.EMPTY_TRIP):
        raise VisitNotExplained(close_type=str(close_type), field="note")


def require_close_type_fits(state: State, close_type: CloseType) -> None:
    """Only an empty trip or a refused entry may be closed before the work began. Raises ActionRefused."""
    if state is State.ARRIVED and close_type not in NOBODY_THERE:
        raise ActionRefused(state=str(state), action="submit", close_type=str(close_type))


def responsible(fault_cause: str | None) -> Segment:
    """Return the segment that answers for a cause; the field crew when none is named."""
    return LEAVES.get(fault_cause or "", Segment.FIELD)


def clean_tests(tests: Mapping[str, str]) -> dict[str, str]:
    """Return test values such as ``optical_power_dbm: -18.5``. Raises TestValueRefused."""
    if len(tests) > MOST_TEST_VALUES:
        raise TestValueRefused(count=len(tests), field="tests")
    for name, value in tests.items():
        if not _TEST_NAME.fullmatch(name) or not _TEST_VALUE.fullmatch(value):
            raise TestValueRefused(name=name[:40], field="tests")
    return dict(tests)
