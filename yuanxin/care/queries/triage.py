"""Reads of triage: the tree in force, the way so far, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import yaml
from django.db.models import Count
from django.utils.timezone import localdate

from yuanxin.care.models import TriageRun, TriageTree
from yuanxin.care.rules.errors import TriageRunUnknown, TriageTreeUnknown
from yuanxin.care.rules.triage import Result, Tree, TriageTreeInvalid, read_tree, walk
from yuanxin.kernel.tenancy import HQ
from yuanxin.published.codes import Service

SHIPPED = Path(__file__).parents[1] / "triage"


@dataclass(frozen=True)
class TriageRunView:
    """One way through a tree; the result as it stands in the tree that was used."""

    id: UUID
    service: Service
    version: str
    path: str
    result: Result
    customer_id: UUID
    ticket_id: UUID | None
    contact_id: UUID | None
    ran_at: datetime
    ran_by: str


def read_text(text: str) -> Tree:
    """Return the checked tree of a YAML text. Raises TriageTreeInvalid."""
    try:
        return read_tree(yaml.safe_load(text))
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        raise TriageTreeInvalid(field="text", place=f"{mark.line + 1}" if mark else "", reason="yaml") from None


def triage(service: Service, at: datetime) -> Tree:
    """Return the questions of a service in force: headquarters' newest, else the shipped ones. One statement."""
    rows = TriageTree.everything.filter(province_code=HQ, service=service.value, effective_from__lte=localdate(at))
    newest = rows.order_by("-effective_from", "-saved_at", "-id").values_list("text", flat=True).first()
    return _read_once(newest) if newest is not None else shipped()[service]


def triage_version(service: Service, version: str) -> Tree:
    """Return the very tree of a run, in force or not. Raises TriageTreeUnknown. At most one statement."""
    ours = shipped()[service]
    if ours.version == version:
        return ours
    rows = TriageTree.everything.filter(province_code=HQ, service=service.value, version=version)
    text = rows.values_list("text", flat=True).first()
    if text is None:
        raise TriageTreeUnknown(service=service.value, version=version[:16])
    return _read_once(text)


def triage_text(service: Service, at: datetime) -> str:
    """Return the YAML of the tree in force, as headquarters edits it. One statement."""
    rows = TriageTree.everything.filter(province_code=HQ, service=service.value, effective_from__lte=localdate(at))
    newest = rows.order_by("-effective_from", "-saved_at", "-id").values_list("text", flat=True).first()
    return newest if newest is not None else (SHIPPED / f"{service.value}.yaml").read_text(encoding="utf-8")


def triage_run(run_id: UUID) -> TriageRunView:
    """Return one run. Raises TriageRunUnknown. At most two statements."""
    row = TriageRun.objects.filter(pk=run_id).first()
    if row is None:
        raise TriageRunUnknown(field="triage_id", run=str(run_id))
    return _view(row)


def triage_of(ticket_id: UUID) -> list[TriageRunView]:
    """Return the runs before and on a ticket, oldest first. One statement, one more for each foreign version."""
    return [_view(row) for row in TriageRun.objects.filter(ticket=ticket_id).order_by("ran_at", "id")]


def triage_results(since: datetime, until: datetime) -> Mapping[tuple[str, str, str], int]:
    """Count runs by (service, result, code) from `since` (included) to `until`: what the phone saved. One statement."""
    rows = TriageRun.objects.filter(ran_at__gte=since, ran_at__lt=until)
    counted = rows.values_list("service", "result", "result_code").annotate(count=Count("id"))
    return {(service, result, code): count for service, result, code, count in counted}


@lru_cache(maxsize=1)
def shipped() -> Mapping[Service, Tree]:
    """Return the trees that come with the platform."""
    return {service: read_text((SHIPPED / f"{service.value}.yaml").read_text("utf-8")) for service in Service}


@lru_cache(maxsize=64)
def _read_once(text: str) -> Tree:
    return read_text(text)


def _view(row: TriageRun) -> TriageRunView:
    service = Service(row.service)
    result = walk(triage_version(service, row.version), row.path).result
    if result is None:
        raise TriageRunUnknown(run=str(row.id))
    return TriageRunView(
        id=row.id,
        service=service,
        version=row.version,
        path=row.path,
        result=result,
        customer_id=row.customer_id,
        ticket_id=row.ticket_id,
        contact_id=row.contact_id,
        ran_at=row.ran_at,
        ran_by=row.ran_by,
    )
