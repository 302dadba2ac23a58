"""Tags of the thread of an order: what was written, by whom, and a fresh form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from yuanxin.care import api as care
from yuanxin.kernel.acting import current
from yuanxin.org import api as org
from yuanxin.published.refs import ref_id
from yuanxin.web.components.codes import code_words
from yuanxin.web.http import thread

register = template.Library()


@dataclass(frozen=True)
class Line:
    """A message with the name of its author; words: of the person, or ours for what the system noted."""

    message: care.ThreadMessage
    author: str
    words: str
    is_mine: bool


@register.simple_tag
def thread_lines(subject: str) -> list[Line]:
    """Return what was written, in order of time."""
    said = care.thread(subject)
    ids = {ref_id(one.author, "staff") for one in said if one.author.startswith("staff:")}
    people, me = org.staff_many(ids), current().who
    return [Line(one, _author(one.author, people), _words(one), one.author == me) for one in said]


@register.simple_tag(takes_context=True)
def thread_form(context: dict[str, Any], given: Any = None) -> Any:
    """Return the form that came back with an error, else a fresh one; nothing for somebody who only reads."""
    if given:
        return given
    request = context.get("request")
    address = request.get_full_path() if request is not None and request.method == "GET" else ""
    return thread.ThreadForm(initial={"next": address}) if current().may("care.post_message") else None


@register.filter
def thread_subject(order: Any) -> str:
    """On what the thread of this work order hangs."""
    return thread.subject_of(order)


def _author(author: str, people: dict[Any, Any]) -> str:
    kind = author.partition(":")[0]
    if kind != "staff":
        return code_words(kind, "author")
    found = people.get(ref_id(author, "staff"))
    return f"{found.name} {found.number}" if found else code_words("staff", "author")


def _words(one: care.ThreadMessage) -> str:
    if one.kind != "system":
        return one.text
    code, _blank, about = one.text.partition(" ")
    return f"{code_words(code, 'thread_system')} {about}".strip()
