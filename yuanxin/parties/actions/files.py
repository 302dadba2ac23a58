"""Address files: read, shown, and then stored as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yuanxin.kernel import acting
from yuanxin.kernel.bulk import insert_many
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.tenancy import home_codes, require_city
from yuanxin.org import api as org
from yuanxin.parties.actions.loading import load_estates
from yuanxin.parties.models import AddressBatch, AddressBatchRow
from yuanxin.parties.models.files import BatchState
from yuanxin.parties.queries.places import known_places
from yuanxin.parties.rules.address_import import ParsedAddress, ParsedFile, RowError, RowFault, parse_addresses
from yuanxin.parties.rules.datum import Coordinate, Datum
from yuanxin.parties.rules.errors import (
    AddressFileKnown,
    AddressTaken,
    BatchHasErrors,
    BatchNotFound,
    BatchOutdated,
    BatchSettled,
)
from yuanxin.parties.rules.rows import EstateRow
from yuanxin.published.codes import AreaClass


@command("parties.preview_import")
def preview_import(
    *,
    content: bytes,
    file_name: str,
    at: datetime,
    districts: Mapping[str, str] | None = None,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Read a file and keep what it holds for a decision; nothing becomes an address yet. Return the batch's id.

    districts: name or code of every district of the city -> its code; by default those of the organisation.
    Rows whose place is stored already are faults.
    Raises AddressFileNotReadable, AddressFileKnown.
    """
    require_city()
    content_hash = hashlib.sha256(content).hexdigest()
    _refuse_again(content_hash)
    parsed = _without_known(parse_addresses(content, own_districts() if districts is None else districts))
    batch = AddressBatch.objects.create(
        file_name=file_name.replace("\\", "/").rsplit("/", 1)[-1][-120:],
        content_hash=content_hash,
        encoding=parsed.encoding,
        good_rows=len(parsed.rows),
        bad_rows=len(parsed.errors),
        made_by=acting.current().who,
        staged_at=at,
    )
    _stage(batch.id, parsed)
    return batch.id


def _refuse_again(content_hash: str) -> None:
    """A file of which rows were left out may come again: their places may be storable now."""
    staged, whole = Q(state=BatchState.STAGED), Q(state=BatchState.COMMITTED, bad_rows=0)
    known = AddressBatch.objects.filter(staged | whole, content_hash=content_hash).order_by("-id").first()
    if known is not None:
        raise AddressFileKnown(field="file", reason=known.state, batch=str(known.id))


def own_districts() -> dict[str, str]:
    """Return name and code of every district of the city in scope -> its code."""
    known = org.units("district")
    return {unit.name: unit.code for unit in known} | {unit.code: unit.code for unit in known}


def _without_known(parsed: ParsedFile) -> ParsedFile:
    known = known_places({row.district_code for row in parsed.rows})
    fresh = tuple(row for row in parsed.rows if row.same_as not in known)
    stored = (RowError(row.line, "name", RowFault.DUPLICATE) for row in parsed.rows if row.same_as in known)
    errors = sorted([*parsed.errors, *stored], key=lambda error: error.line)
    return ParsedFile(fresh, tuple(errors), parsed.encoding)


def _stage(batch_id: UUID, parsed: ParsedFile) -> None:
    province_code, city_code = home_codes()
    tenant: dict[str, object] = {"province_code": province_code, "city_code": city_code, "batch_id": batch_id}
    if parsed.rows:
        insert_many(
            AddressBatchRow,
            {
                "id": [new_id() for _ in parsed.rows],
                "line": [row.line for row in parsed.rows],
                "parsed": [_to_json(row) for row in parsed.rows],
            },
            tenant | {"fault": "", "column": "", "value": ""},
        )
    if parsed.errors:
        insert_many(
            AddressBatchRow,
            {
                "id": [new_id() for _ in parsed.errors],
                "line": [error.line for error in parsed.errors],
                "fault": [error.fault for error in parsed.errors],
                "column": [error.column for error in parsed.errors],
                "value": [error.value for error in parsed.errors],
            },
            tenant,
        )


@command("parties.commit_import")
def commit_import(
    *, batch_id: UUID, at: datetime, leave_out_bad_rows: bool = False, key: IdempotencyKey | None = None
) -> int:
    """Store the good rows of a previewed file, all of them or, when anything fails, none; return how many.

    Raises BatchNotFound, BatchSettled, BatchHasErrors (bad rows are there and nobody said to leave them out),
    BatchOutdated (one of the places was stored since the preview).
    """
    batch = _open_batch(batch_id)
    if batch.bad_rows and not leave_out_bad_rows:
        raise BatchHasErrors(bad=batch.bad_rows, field="leave_out_bad_rows")
    staged = AddressBatchRow.objects.filter(batch=batch, fault="").order_by("line").values_list("parsed", flat=True)
    rows = [_estate_of(values) for values in staged]
    if rows:
        try:
            load_estates(rows=rows, at=at)
        except AddressTaken:
            raise BatchOutdated(batch=str(batch_id)) from None
    AddressBatch.objects.filter(id=batch_id).update(state=BatchState.COMMITTED, settled_at=at)
    return len(rows)


@command("parties.discard_import")
def discard_import(*, batch_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Throw a previewed file away. Raises BatchNotFound, BatchSettled."""
    batch = _open_batch(batch_id)
    AddressBatchRow.objects.filter(batch=batch).delete()
    AddressBatch.objects.filter(id=batch_id).update(state=BatchState.DISCARDED, settled_at=at)


def _open_batch(batch_id: UUID) -> AddressBatch:
    batch = AddressBatch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise BatchNotFound(batch=str(batch_id))
    if batch.state != BatchState.STAGED:
        raise BatchSettled(batch=str(batch_id), state=batch.state)
    return batch


def _to_json(row: ParsedAddress) -> str:
    return json.dumps(asdict(row), ensure_ascii=False)


def _estate_of(values: Mapping[str, Any]) -> EstateRow:
    original = values["original"]
    return EstateRow(
        id=new_id(),
        name=values["name"],
        kind=values["kind"],
        district_code=values["district_code"],
        town=values["town"],
        street=values["street"],
        grid_code=values["grid_code"],
        area_class=AreaClass(values["area_class"]),
        households=values["households"],
        buildings=values["buildings"],
        point=original and Coordinate(original["lng"], original["lat"], Datum(original["datum"])),
    )
