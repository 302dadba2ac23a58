"""Forms of the service desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.published.codes import Service
from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.desks.service_desk.windows import wish_choices
from yuanxin.web.http.forms import CommandForm, DenseForm


def fault_choices(service: Service) -> list[tuple[str, str]]:
    """Return the faults that this service can have."""
    return [(fault.value, code_words(fault.value, "fault")) for fault in care.faults_of(service)]


def moment_input() -> forms.DateTimeInput:
    """Return the control for a wall time."""
    return forms.DateTimeInput({"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M")


class ReportForm(CommandForm):
    """A fault as the caller tells it; addresses are those of the customer."""

    address_id = forms.TypedChoiceField(label=_("Address"))
    service = forms.ChoiceField(label=_("Service"))
    fault_code = forms.ChoiceField(label=_("Fault"))
    channel = forms.ChoiceField(label=_("Channel"))
    wish = forms.ChoiceField(label=_("When the caller has time"), required=False)
    window = forms.CharField(label=_("Window agreed with the caller"), required=False, max_length=80)
    wanted_from = forms.DateTimeField(label=_("Wanted from"), required=False)
    wanted_to = forms.DateTimeField(label=_("Wanted until"), required=False)
    note = forms.CharField(
        label=_("What the customer says"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )
    decision = forms.ChoiceField(
        required=False, choices=[(kind.value, kind.value) for kind in care.DecisionKind], widget=forms.RadioSelect
    )
    other_reason = forms.ChoiceField(label=_("Why another fault"), required=False)
    triage_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, addresses: list[tuple[str, str]], services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["address_id"].choices = addresses
        fields["address_id"].widget.attrs |= {"data-key": "f", "data-key-label": _("Go to the form")}
        fields["service"].choices = [(service.value, code_words(service)) for service in services]
        fields["fault_code"].choices = fault_choices(self._service(services))
        fields["channel"].choices = choices("channel")
        fields["other_reason"].choices = [("", _("choose")), *choices("other_reason")]
        fields["wish"].choices = wish_choices(now())
        for name in ("wanted_from", "wanted_to"):
            fields[name].widget = forms.DateTimeInput(
                {"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
            )

    @property
    def told_fields(self) -> list[Any]:
        """The fields that always show; what earlier reports ask stands apart."""
        return [field for field in self.visible_fields() if field.name not in {"decision", "other_reason", "window"}]

    def decided(self) -> care.Decision:
        """Return the decision about earlier reports; nothing chosen says that none were seen."""
        kind = care.DecisionKind(self.cleaned_data.get("decision") or care.DecisionKind.NONE_SEEN)
        return care.Decision(kind, self.cleaned_data.get("other_reason", ""))

    def _agreed(self, window: str) -> tuple[datetime | None, datetime | None]:
        """Return both ends of the chosen window; a text that is none is said at the field."""
        begin, _slash, end = window.partition("/")
        try:
            moments = datetime.fromisoformat(begin), datetime.fromisoformat(end)
        except ValueError:
            moments = None
        if moments is None or any(moment.tzinfo is None for moment in moments):
            self.add_error("window", _("Choose a window of the list."))
            return None, None
        return moments

    def _service(self, services: list[Service]) -> Service:
        """Return the service that stands in the form; the first one before anybody chose."""
        chosen = str(self["service"].value() or "")
        return next((service for service in services if service.value == chosen), services[0])

    def clean(self) -> dict[str, Any]:
        """The wished window has two ends in their order, or none."""
        cleaned = super().clean() or {}
        if cleaned.get("window"):
            cleaned["wanted_from"], cleaned["wanted_to"] = self._agreed(cleaned["window"])
        start, end = cleaned.get("wanted_from"), cleaned.get("wanted_to")
        if bool(start) != bool(end) or (start and end and end <= start):
            self.add_error("wanted_to", _("Give both ends of the wished time, the later one last."))
        return cleaned


class PasteForm(CommandForm):
    """A message as the customer wrote it; customer_id: chosen of several homes that fit."""

    text = forms.CharField(
        label=_("Pasted message"), max_length=2000, widget=forms.Textarea({"rows": 4, "autofocus": True})
    )
    customer_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ComplaintForm(CommandForm):
    """A complaint that comes in, known customer or not."""

    category = forms.ChoiceField(label=_("Reason"))
    service = forms.ChoiceField(label=_("Service"))
    channel = forms.ChoiceField(label=_("Channel"))
    source = forms.ChoiceField(label=_("Who sent it"))
    external_number = forms.CharField(label=_("Number there"), required=False, max_length=40)
    external_due_at = forms.DateTimeField(label=_("Deadline there"), required=False)
    note = forms.CharField(
        label=_("What the customer says"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [(code, code_words(code, "contact_reason")) for code in ASKED_FOR]
        fields["service"].choices = [(service.value, code_words(service)) for service in Service]
        fields["channel"].choices = choices("channel")
        fields["source"].choices = choices("complaint_source")
        fields["external_due_at"].widget = moment_input()


class ComplaintStepForm(CommandForm):
    """One step of a complaint; source, number and deadline only when it went over us."""

    step = forms.ChoiceField(label=_("Next step"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea({"rows": 3, "data-key": "n"})
    )
    source = forms.ChoiceField(label=_("Who took it over"), required=False)
    external_number = forms.CharField(label=_("Number there"), required=False, max_length=40)
    external_due_at = forms.DateTimeField(label=_("Deadline there"), required=False)

    def __init__(self, *args: Any, steps: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["step"].choices = [(step, code_words(step, "complaint_step")) for step in steps]
        fields["step"].widget.attrs |= {"data-key": "s"}
        fields["source"].choices = choices("complaint_source")
        fields["external_due_at"].widget = moment_input()
        if "go_over" not in steps:
            for name in ("source", "external_number", "external_due_at"):
                del self.fields[name]


class MergeForm(CommandForm):
    """Into which ticket another one is merged."""

    into_id = forms.UUIDField(label=_("Ticket"), widget=forms.HiddenInput)


class WithdrawForm(CommandForm):
    """Why a ticket is withdrawn."""

    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = choices("withdraw")


class TreeForm(CommandForm):
    """The questions of a service as text."""

    text = forms.CharField(
        label=_("Questions (YAML)"), max_length=60_000, widget=forms.Textarea({"rows": 28, "spellcheck": "false"})
    )


ASKED_FOR = (
    "question", "balance", "price", "billing", "chase", "not_ours", "service_attitude", "sales_practice", "other"
)  # fmt: skip


class ContactForm(CommandForm):
    """A contact without a visit."""

    channel = forms.ChoiceField(label=_("Channel"))
    reason_code = forms.ChoiceField(label=_("Reason"))
    outcome = forms.ChoiceField(label=_("Outcome"))
    note = forms.CharField(
        label=_("What the customer says"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["channel"].choices = choices("channel")
        fields["reason_code"].choices = [(code, code_words(code, "contact_reason")) for code in ASKED_FOR]
        fields["outcome"].choices = [pair for pair in choices("outcome") if pair[0] != "ticket"]


class CallbackForm(CommandForm):
    """What the customer says after the visit; the score stands apart from it."""

    reached = forms.TypedChoiceField(label=_("Reached?"), coerce=lambda text: text == "yes")
    agrees = forms.TypedChoiceField(
        label=_("Does it work again?"),
        coerce=lambda text: {"yes": True, "no": False}.get(text),
        required=False,
        empty_value=None,
    )
    differs = forms.MultipleChoiceField(
        label=_("What the customer says otherwise"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    fee_asked = forms.BooleanField(label=_("The technician asked for money"), required=False)
    score = forms.TypedChoiceField(label=_("Score"), coerce=int, required=False, empty_value=None)
    score_begged = forms.BooleanField(label=_("The technician begged for a good score"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        answers = [("yes", _("Yes")), ("no", _("No"))]
        fields["reached"].choices = answers
        fields["reached"].widget.attrs |= {"data-key": "f", "data-key-label": _("Go to the form")}
        fields["agrees"].choices = [("", _("not asked")), *answers]
        fields["differs"].choices = choices("differs")
        fields["score"].choices = [("", _("no score")), *((str(score), str(score)) for score in range(1, 11))]


class NewcomerForm(CommandForm):
    """Somebody whom nobody knows yet, with the number that is on the line; the home may follow later."""

    name = forms.CharField(label=_("Name"), max_length=100)
    phone = forms.CharField(label=_("Phone"), max_length=40)
    place = forms.CharField(label=_("Estate or village"), required=False, max_length=100)
    door = forms.CharField(label=_("Building and door"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.name: place.estate_id for place in parties.places()}
        self.fields["place"].widget.attrs |= {"list": "yx-places", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """A home has a known estate and a door, or is left out."""
        cleaned = super().clean() or {}
        place, door = cleaned.get("place", ""), cleaned.get("door", "")
        if bool(place) != bool(door):
            self.add_error("door" if place else "place", _("Give the estate and the door, or neither."))
        elif place and place not in self.places:
            self.add_error("place", _("Choose a place of the list."))
        cleaned["place"] = self.places.get(place)
        return cleaned


class RevealForm(DenseForm):
    """Why somebody wants to see a personal value in clear."""

    field = forms.ChoiceField(label=_("Show in clear"))
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["field"].choices = choices("personal_field")


class LanguageForm(CommandForm):
    """In which language we write to a customer."""

    language = forms.ChoiceField(label=_("Language of messages"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["language"].choices = choices("message_language")
