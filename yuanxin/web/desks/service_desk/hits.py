"""Search hits with the address of the page each of them opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from yuanxin.parties import api as parties
from yuanxin.published.refs import ref_id
from yuanxin.web.components.words import error_words


@dataclass(frozen=True)
class HitRow:
    """One line of the answer; url is empty when there is nothing to open."""

    title: str
    detail: str
    url: str


def found(asked: str) -> dict[str, Any]:
    """Return what the box finds, and whether there is more; nothing for an empty question."""
    if not asked:
        return {"hits": []}
    try:
        answer = parties.find(asked, limit=20)
    except parties.SearchTooWide as error:
        return {"hits": [], "too_wide": error_words(error)}
    rows = [HitRow(hit.title, hit.detail, _address(hit.subject)) for hit in answer.hits]
    return {"hits": rows, "is_cut": answer.is_cut}


def _address(subject: str) -> str:
    if not subject.startswith("customer:"):
        return ""
    return reverse("service_desk:customer", args=[ref_id(subject, "customer")])
