"""Close-out 回单: one transaction from the evidence to the pay, or to the desk of whoever must look first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.concluding import conclude
from yuanxin.fieldwork.actions.evidence import Upload, keep
from yuanxin.fieldwork.actions.steps import locked, park, require_own, step, who
from yuanxin.fieldwork.models import CloseOut, Evidence, Visit, WorkOrder
from yuanxin.fieldwork.queries.relay import call_attempts
from yuanxin.fieldwork.rules.checklist import clean_materials, not_done, out_of_limits, require_checked
from yuanxin.fieldwork.rules.closing import (
    NOBODY_THERE,
    Shown,
    clean_tests,
    require_close_type_fits,
    require_complete,
    require_explained,
)
from yuanxin.fieldwork.rules.review import Handed, reasons_to_look
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.inventory import api as inventory
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.codes import CloseType, OrderKind, Service
from yuanxin.published.fieldwork import CloseoutSubmitted

DeviceMove = inventory.DeviceMove


@dataclass(frozen=True, slots=True)
class _Pictures:
    """Pictures that came along with the close-out itself, and who signed."""

    photo: Upload | None
    signature: Upload | None
    signed_by: str


@command("fieldwork.finish")
def finish(
    *,
    work_order_id: UUID,
    close_type: CloseType,
    at: datetime,
    photo: bytes | None = None,
    photo_name: str = "photo.jpg",
    fault_cause: str | None = None,
    tests: Mapping[str, str] | None = None,
    signature_name: str = "",
    signature_png: bytes | None = None,
    checklist: Mapping[str, bool] | None = None,
    materials: Mapping[str, int] | None = None,
    devices: Sequence[DeviceMove] = (),
    note: str = "",
    key: IdempotencyKey | None = None,
) -> None:
    """Close an order out with its evidence (回单); assessment and pay follow in this transaction, or after a look.

    fault_cause: a leaf of ``rules.closing.CAUSES``. tests: test values by name. checklist: item to done. materials:
    code to pieces. devices: serials installed and removed; they move in the inventory with this call or not at all.
    Pictures stored for this visit by ``add_evidence`` count. An empty trip or a refused entry may be closed before
    the work began; it asks for a call to the customer (空跑) or a note.
    Raises ActionRefused, NotYourOrder, EvidenceMissing, VisitNotExplained, SignatureWithoutName, UnknownCause,
    TestValueRefused, ChecklistIncomplete, ChecklistItemUnknown, MaterialRefused, PictureRefused, NotFound, and the
    errors of ``inventory.move_devices`` at field ``devices``.
    """
    order = locked(work_order_id)
    require_own(order)
    require_close_type_fits(State(order.state), close_type)
    step(order, Action.SUBMIT, at)
    visit = Visit.objects.get(work_order=order, ended_at=None)
    pictures = _Pictures(
        photo=Upload(photo, photo_name) if photo is not None else None,
        signature=Upload(signature_png, "signature.png") if signature_png is not None else None,
        signed_by=signature_name.strip()[:60],
    )
    made = CloseOut(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        visit=visit,
        close_type=close_type,
        fault_cause=fault_cause or "",
        tests=clean_tests(tests or {}),
        checklist=dict(checklist or {}),
        materials=clean_materials(materials or {}, parameters.materials(at), parameters.most_pieces(at)),
        note=note.strip()[:500],
        submitted_at=at,
        submitted_by=who(),
    )
    _require_shown(made, pictures)
    made.reasons = list(_reasons(made))
    made.devices = _move(made, devices)
    _keep(order, visit, pictures, at)
    _hand_in(order, made)


def _hand_in(order: WorkOrder, made: CloseOut) -> None:
    """Store the close-out; it goes on at once, or waits for whoever must look."""
    at = made.submitted_at
    order.save()
    Visit.objects.filter(pk=made.visit_id).update(ended_at=at, outcome="finished")
    plans.end(order, at)
    made.decision = CloseOut.Decision.WAITING if made.reasons else CloseOut.Decision.PASSED
    made.save()
    if not made.reasons:
        conclude(order, made, at)
        return
    park(order, at)
    tell(
        CloseoutSubmitted(
            subject=order.ref,
            at=made.submitted_at,
            number=order.number,
            cause=order.cause,
            technician_id=order.in_charge,
            reasons=tuple(made.reasons),
        )
    )


def _require_shown(made: CloseOut, pictures: _Pictures) -> None:
    """Check photos, signature, cause, checklist and what happened at a closed door before anything is stored."""
    kind, close_type = OrderKind(made.work_order.order_kind), CloseType(made.close_type)
    there = list(Evidence.objects.filter(work_order=made.work_order, visit=made.visit).values_list("kind", "item"))
    photos = [item for found, item in there if found == Evidence.Kind.PHOTO] + [""] * (pictures.photo is not None)
    shown = Shown(
        has_photo=bool(photos),
        has_signature=pictures.signature is not None or any(found == Evidence.Kind.SIGNATURE for found, _ in there),
        signed_by=pictures.signed_by,
    )
    require_complete(kind, close_type, made.fault_cause, shown)
    called = [call for call in call_attempts(made.work_order_id) if call.called_at >= made.visit.departed_at]
    require_explained(close_type, has_called=bool(called), note=made.note)
    if close_type not in NOBODY_THERE:
        items = parameters.checklist(kind, Service(made.work_order.service), made.submitted_at)
        require_checked(items, made.checklist, {item for item in photos if item}, spare_photos=photos.count(""))


def _reasons(made: CloseOut) -> tuple[str, ...]:
    order, at = made.work_order, made.submitted_at
    kind, service = OrderKind(order.order_kind), Service(order.service)
    handed = Handed(
        work_order_id=order.pk,
        close_type=CloseType(made.close_type),
        is_inside_fence=made.visit.is_inside_fence,
        bad_tests=out_of_limits(parameters.test_limits(service, at), made.tests),
        has_tests=bool(made.tests),
        items_not_done=not_done(parameters.checklist(kind, service, at), made.checklist),
    )
    return reasons_to_look(parameters.review_rules(at), handed)


def _move(made: CloseOut, devices: Sequence[DeviceMove]) -> list[list[str]]:
    """Move the devices that no earlier close-out of this order moved; return all of them as stored."""
    if not devices:
        return []
    order = made.work_order
    before = {
        (move, serial)
        for stored in CloseOut.objects.filter(work_order=order).values_list("devices", flat=True)
        for move, serial in stored
    }
    new = [one for one in devices if (one.move, one.serial.strip()) not in before]
    inventory.move_devices(
        moves=new,
        customer_id=order.customer_id,
        address_id=order.address_id,
        service=Service(order.service),
        cause=order.ref,
        at=made.submitted_at,
    )
    return [[one.move, one.serial.strip()] for one in devices]


def _keep(order: WorkOrder, visit: Visit, pictures: _Pictures, at: datetime) -> None:
    if pictures.photo is not None:
        keep(order, Evidence.Kind.PHOTO, pictures.photo, at, visit=visit)
    if pictures.signature is not None:
        keep(order, Evidence.Kind.SIGNATURE, pictures.signature, at, visit=visit, signed_by=pictures.signed_by)
    elif pictures.signed_by:
        Evidence.objects.filter(visit=visit, kind=Evidence.Kind.SIGNATURE, signed_by="").update(
            signed_by=pictures.signed_by
        )
