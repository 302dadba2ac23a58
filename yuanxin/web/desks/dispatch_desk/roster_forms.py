"""Forms of the roster desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.web.components.codes import choices
from yuanxin.web.components.leave_form import DAY, DAY_FORMAT, LeaveForm
from yuanxin.web.components.roster_marks import Marks
from yuanxin.web.desks.dispatch_desk.roster_excel import LARGEST_BYTES
from yuanxin.web.http.forms import CommandForm, DenseForm

MOST_CELLS_TEXT = 600_000


class FillForm(DenseForm):
    """Fill ticked people and days with a shift; only a preview, nothing is written."""

    shift = forms.ChoiceField(label=_("Shift"))
    hours = forms.CharField(
        label=_("Other hours"), required=False, max_length=11, widget=forms.TextInput({"placeholder": "09:00-18:00"})
    )
    who = forms.ChoiceField(label=_("Who"), choices=[("ticked", _("ticked people")), ("all", _("all shown people"))])
    days = forms.ChoiceField(
        label=_("Which days"),
        choices=[
            ("ticked", _("ticked days")),
            ("working", _("working days")),
            ("resting", _("weekends and holidays")),
            ("all", _("all shown days")),
        ],
    )

    def __init__(self, *args: Any, signs: Marks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        named = [(code, f"{signs.short(code)} {signs.name(code)}") for code in signs.titles]
        fields["shift"].choices = [*named, ("-", _now("Clear the cells"))]

    def shifts(self) -> tuple[str, ...]:
        """Return what every cell gets."""
        code, hours = self.cleaned_data["shift"], self.cleaned_data["hours"].strip()
        return () if code == "-" else (f"{code} {hours}".strip(),)


class CellForm(DenseForm):
    """One person's day: one shift or several, a note."""

    shifts = forms.MultipleChoiceField(label=_("Shifts"), required=False, widget=forms.CheckboxSelectMultiple)
    hours = forms.CharField(
        label=_("Other hours"), required=False, max_length=11, widget=forms.TextInput({"placeholder": "09:00-18:00"}),
        help_text=_("For one shift only."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    person = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, signs: Marks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["shifts"].choices = [(code, f"{signs.short(code)} {signs.name(code)}") for code in signs.titles]

    def clean(self) -> dict[str, Any]:
        """Hours of one's own belong to one shift."""
        cleaned = super().clean() or {}
        if cleaned.get("hours") and len(cleaned.get("shifts") or ()) != 1:
            self.add_error("hours", _now("For one shift only."))
        return cleaned

    def cell(self) -> fieldwork.RosterCell:
        """Return what is asked."""
        said, hours = self.cleaned_data["shifts"], self.cleaned_data["hours"].strip()
        shifts = tuple(f"{code} {hours}".strip() for code in said)
        return fieldwork.RosterCell(
            self.cleaned_data["person"], self.cleaned_data["on"], shifts, self.cleaned_data["note"]
        )


class FileForm(DenseForm):
    """A workbook with a roster."""

    file = forms.FileField(
        label=_("Excel workbook"),
        help_text=_("As it was taken out here: an empty cell stays as it is, “-” clears it."),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput({"accept": ".xlsx"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse by size before anything is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(_now("The file is empty."))
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(_now("The file is too large: at most 2 MB."))
        return file


class SaveForm(CommandForm):
    """What the preview showed, one cell a line."""

    cells = forms.CharField(widget=forms.HiddenInput, max_length=MOST_CELLS_TEXT, strip=True)

    def clean_cells(self) -> list[fieldwork.RosterCell]:
        """Read the lines."""
        try:
            return [read_line(line) for line in self.cleaned_data["cells"].split("\n") if line.strip()]
        except ValueError as error:
            raise forms.ValidationError(_now("The preview cannot be read. Please start again.")) from error


def line_of(cell: fieldwork.RosterCell) -> str:
    """Return a cell as the preview carries it."""
    return "|".join([str(cell.technician_id), cell.on.isoformat(), "+".join(cell.shifts), " ".join(cell.note.split())])


def read_line(line: str) -> fieldwork.RosterCell:
    """Return the cell of a line. Raises ValueError."""
    person, on, shifts, note = line.strip().split("|", 3)
    return fieldwork.RosterCell(UUID(person), date.fromisoformat(on), tuple(filter(None, shifts.split("+"))), note)


class PersonForm(CommandForm):
    """A form about one person of the city."""

    technician_id = forms.TypedChoiceField(label=_("Technician"), coerce=UUID)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["technician_id"].choices = people


class RecordLeaveForm(PersonForm, LeaveForm):
    """Leave that somebody asked for by telephone; written down, it is granted."""


class LoanForm(PersonForm):
    """Lend somebody to another unit."""

    unit_code = forms.ChoiceField(label=_("Lent to"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY, format=DAY_FORMAT))
    to_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DAY, format=DAY_FORMAT))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit_code"].choices = units


class ExemptionForm(PersonForm):
    """Ask that somebody may exceed the hours of the Labour Law."""

    ground = forms.ChoiceField(label=_("Ground (Labour Law, article 42)"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY, format=DAY_FORMAT))
    to_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DAY, format=DAY_FORMAT))
    note = forms.CharField(label=_("What has happened"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["ground"].choices = choices("exemption")


class DecideForm(CommandForm):
    """One request and what becomes of it."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    deed = forms.CharField(max_length=20)
