"""Tags of the thread of an order: what was written, by whom, and a fresh form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yuanxin.care import api as care
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.org import api as org
from yuanxin.published.refs import ref_id
from yuanxin.web.components.codes import code_words
from yuanxin.web.http import thread

register = template.Library()
TRIAGE_HINT = "triage_hint"


@dataclass(frozen=True)
class Line:
    """A message with the name of its author; words: of the person, or ours for what the system noted."""

    message: care.ThreadMessage
    author: str
    words: str
    is_mine: bool

    @property
    def calls(self) -> list[Any]:
        """The called segments that the words do not name themselves."""
        return [one for one in self.message.mentions if f"@{code_words(one)}" not in self.words]


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


@register.filter
def ago(at: datetime) -> str:
    """How long ago, coarsely: seconds, minutes, hours or days."""
    seconds = max(0, int((now() - at).total_seconds()))
    for size, words in ((86400, _("%(n)s days")), (3600, _("%(n)s hours")), (60, _("%(n)s minutes"))):
        if seconds >= size:
            return words % {"n": seconds // size}
    return _("%(n)s seconds") % {"n": seconds}


@register.filter
def staff_number(actor: str) -> str:
    """The number of the member of staff who acted, else what kind of actor it was."""
    kind = actor.partition(":")[0]
    found = org.staff_many([ref_id(actor, "staff")]) if kind == "staff" else {}
    return next((one.number for one in found.values()), code_words(kind, "author"))


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
    if code == TRIAGE_HINT:
        about = _hint(UUID(about))
    return f"{code_words(code, 'thread_system')} {about}".strip()


def _hint(run_id: UUID) -> str:
    """What the questions on the telephone found out, with what to bring."""
    result = care.triage_run(run_id).result
    parts = "、".join(code_words(part, "part") for part in result.parts)
    words = result.words.en if get_language() == "en" else result.words.zh
    return f"{words} {parts}".strip()
