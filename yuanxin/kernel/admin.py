"""What every configuration page shares: it opens by permission, writes by commands and says refusals at the field.

The working calendar is the kernel's own configuration.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from yuanxin.kernel import acting
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError, Refused
from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.tenancy import ALL, current_scope
from yuanxin.kernel.workdays import load_calendar_year, set_calendar_day

ADMINISTRATORS = "page.admin"
UNPROCESSABLE = 422


class CommandModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose command may refuse: the named error then stands at its field."""

    site: ClassVar[Any] = None
    refusal: ClassVar[DomainError | None] = None
    aliases: ClassVar[dict[str, str]] = {}
    """Fields of a command's errors that have another name here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = self.site.words(field.label) if field.label else field.label
            field.help_text = self.site.words(field.help_text) if field.help_text else ""

    def clean(self) -> dict[str, Any]:
        """Say what the command refused when the form was first tried."""
        cleaned = super().clean() or {}
        if self.refusal is not None:
            field = self.aliases.get(self.refusal.field or "", self.refusal.field)
            self.add_error(field if field in self.fields else None, self.site.error_words(self.refusal))
        return cleaned


class SpokenChoices(admin.ChoicesFieldListFilter):
    """A filter by a column of codes, in the reader's words."""

    def __init__(self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self.spoken = dict(model_admin.spoken_choices(field))

    def choices(self, changelist: Any) -> Any:
        """Yield what can be chosen."""
        codes = [None, *(code for code, _ in self.field.flatchoices)]
        for code, choice in zip(codes, super().choices(changelist), strict=False):
            yield {**choice, "display": self.spoken.get(code, choice["display"])}


class CommandModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Base of every configuration page; ``save_model`` calls the command, nothing is ever deleted.

    adds, changes: permissions of the commands; an empty one closes that way.
    fixed: fields that no longer change once the row is there.
    add_form: the form of a new row, where it is another one.
    families: the family of words for each column of codes.
    is_national: one row for the whole country, so only headquarters writes.
    """

    adds: str = ""
    changes: str = ""
    fixed: tuple[str, ...] = ()
    add_form: type[CommandModelForm] | None = None
    is_national: bool = False
    families: dict[str, str] = {}
    form = CommandModelForm
    actions: Any = ()
    list_per_page = 50
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Each page names its command."""
        raise NotImplementedError

    def at(self) -> datetime:
        """Return the domain time of the request, which actions take."""
        return now()

    def _may(self, permission: str) -> bool:
        is_home = not self.is_national or current_scope() == ALL
        return bool(permission) and is_home and acting.current().may(permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The administrators see all of it, others what they keep."""
        who = acting.current()
        return any(who.may(one) for one in (ADMINISTRATORS, self.adds, self.changes) if one)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who has the command's permission."""
        return self._may(self.adds)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who has the command's permission."""
        return self._may(self.changes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever sees the page."""
        return self.has_view_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is fixed stays."""
        return (*super().get_readonly_fields(request, obj), *(self.fixed if obj else ()))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form with what was refused."""
        if self.add_form is not None and not change:
            kwargs["form"] = self.add_form
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.site, form.refusal = self.admin_site, getattr(request, "refusal", None)
        return form

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer codes in the reader's words."""
        return super().formfield_for_choice_field(db_field, request, choices=self.spoken_choices(db_field), **kwargs)

    def spoken_choices(self, db_field: Any) -> list[tuple[str, str]]:
        """Return the codes of a column with the reader's words."""
        return [(code, self.code_words(db_field.name, code)) for code, _ in db_field.flatchoices]

    def code_words(self, column: str, code: str) -> str:
        """Return a code of this column in the reader's words."""
        site: Any = self.admin_site
        return str(site.code_words(code, self.families.get(column, "")))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the page again with the words of what the command refused; nothing of it is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused:
            raise
        except DomainError as error:
            request.refusal = error  # type: ignore[attr-defined]  # read by get_form
        answer: Any = super().changeform_view(request, *args, **kwargs)
        answer.status_code = UNPROCESSABLE
        return answer

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit is kept by triggers; a second log would keep names."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The same."""


class YearForm(forms.Form):
    """The year whose days are entered."""

    year = forms.IntegerField(min_value=1, max_value=9999)


@admin.register(CalendarDay)
class CalendarDayAdmin(CommandModelAdmin):
    """The working calendar 工作日历: holidays and moved working days; headquarters keeps it."""

    adds = changes = "kernel.set_calendar_day"
    is_national = True
    fields = ("on", "is_working", "name")
    fixed = ("on",)
    list_display = ("on", "is_working", "name")
    list_filter = ("is_working",)
    date_hierarchy = "on"
    ordering = ("-on",)
    change_list_template = "admin/calendar_days.html"

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        """Go through the action."""
        set_calendar_day(on=obj.on, is_working=obj.is_working, name=obj.name)

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a whole year is entered."""
        view = self.admin_site.admin_view(self.load_year)
        return [path("year/", view, name="kernel_calendarday_year"), *super().get_urls()]

    def load_year(self, request: HttpRequest) -> HttpResponseBase:
        """Enter a whole year as the State Council announced it; days that people changed stay."""
        site: Any = self.admin_site
        if not self._may("kernel.load_calendar_year"):
            raise Refused(permission="kernel.load_calendar_year")
        form = YearForm(request.POST or None)
        form.fields["year"].label = site.words("Year")
        if form.is_valid():
            try:
                added = load_calendar_year(year=form.cleaned_data["year"])
                messages.success(request, site.words("%(added)d days were added.") % {"added": added})
                return HttpResponseRedirect(reverse("admin:kernel_calendarday_changelist"))
            except DomainError as error:
                form.add_error("year", site.error_words(error))
        context = {**site.each_context(request), "form": form, "opts": self.opts, "title": site.words("Enter a year")}
        status = UNPROCESSABLE if form.is_bound else 200
        return TemplateResponse(request, "admin/calendar_year.html", context, status=status)
