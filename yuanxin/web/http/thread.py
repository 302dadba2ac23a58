"""The thread of an order: its page, its fragment for htmx and live pages, the post, the attachments.

Staff with a page of that kind of order read it; a technician reads only that of an own order.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NotFound
from yuanxin.published.codes import Segment
from yuanxin.published.refs import WrongSubject, ref, ref_id
from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

READERS = ("page.service", "page.dispatch", "page.control_room", "page.technician")
WHOLE_CITY = READERS[:-1]


class ThreadForm(CommandForm):
    """One message; ``next`` is the page to return to without htmx."""

    text = forms.CharField(
        label=gettext_lazy("Your message"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    mentions = forms.MultipleChoiceField(
        label=gettext_lazy("Mention"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    voice = forms.FileField(
        label=gettext_lazy("Voice"),
        required=False,
        widget=forms.FileInput({"accept": "audio/*,.m4a,.amr,.mp3,.ogg,.webm"}),
    )
    next = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="thread_%s", **kwargs)
        fields: dict[str, Any] = self.fields
        fields["mentions"].choices = choices("segment")

    def called(self) -> tuple[Segment, ...]:
        """Return the segments that were ticked or named in the words, as in ``@机房``."""
        text = self.cleaned_data["text"]
        named = [segment for segment in Segment if f"@{code_words(segment)}" in text]
        return (*(Segment(code) for code in self.cleaned_data["mentions"]), *named)


@require_safe
@page(*READERS)
def thread(request: HttpRequest, subject: str) -> HttpResponse:
    """Show a thread: as a page of its own, or with ``?part=messages`` only what was written."""
    subject = readable(subject)
    if request.GET.get("part") == "messages":
        return render(request, "components/thread_messages.html", {"messages_of": subject})
    return render(request, "components/thread_page.html", {"subject": subject})


@require_POST
@page("care.post_message")
def post(request: HttpRequest, subject: str) -> HttpResponse:
    """Write into the thread; htmx gets the part anew, a browser without it returns to its page."""
    subject = readable(subject)
    form = ThreadForm(request.POST, request.FILES)
    if form.is_valid() and form.attempt(lambda: bool(_post(form, subject))):
        if getattr(request, "htmx", False):
            return render(request, "components/thread.html", {"subject": subject})
        messages.success(request, _("Message sent."))
        return redirect(_back(form.cleaned_data["next"], subject))
    template = "components/thread.html" if getattr(request, "htmx", False) else "components/thread_page.html"
    return render(request, template, {"subject": subject, "thread_form": form}, status=422)


@require_safe
@page(*READERS)
def attachment(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send the picture or recording of a message to whom its thread is open."""
    readable(care.message_subject(message_id))
    found = care.attachment(message_id)
    headers = {"Content-Disposition": "inline", "ETag": f'"{found.sha256}"', "Cache-Control": "private, max-age=86400"}
    return HttpResponse(found.content, content_type=found.content_type, headers=headers)


def readable(subject: str) -> str:
    """Return the subject on which this thread really hangs. Raises NotFound, also for somebody else's order."""
    kind = subject.partition(":")[0]
    try:
        subject_id = ref_id(subject, kind if kind in {"ticket", "work_order"} else "ticket")
    except WrongSubject:
        raise NotFound(subject=subject[:60]) from None
    if kind == "work_order":
        order = fieldwork.work_order(subject_id)
        subject, orders = subject_of(order), [order]
    else:
        care.ticket(subject_id)
        orders = fieldwork.work_orders_of(subject)
    who = current()
    if any(who.may(permission) for permission in WHOLE_CITY):
        return subject
    if any(order.technician_id and ref("staff", order.technician_id) == who.who for order in orders):
        return subject
    raise NotFound(subject=subject[:60])


def subject_of(order: Any) -> str:
    """Return on what the thread of a work order hangs: the ticket that asked for it, else the order itself."""
    return str(order.cause) if order.cause.startswith("ticket:") else ref("work_order", order.id)


def _post(form: ThreadForm, subject: str) -> UUID:
    told = form.cleaned_data
    picture, voice = _content(told["picture"]), _content(told["voice"])
    sent: UploadedFile[bytes] | None = told["picture"] or told["voice"]
    return care.post_message(
        key=form.idempotency_key,
        subject=subject,
        text=told["text"],
        picture=picture,
        voice=voice,
        file_name=str(sent.name) if sent else "",
        mentions=form.called(),
        at=now(),
    )


def _content(sent: UploadedFile[bytes] | None) -> bytes | None:
    return sent.read() if sent else None


def _back(wanted: str, subject: str) -> str:
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("web:thread", args=[subject])
