"""Units, accounts and roles in the back office: the system administrator makes accounts, the security administrator
says what they may do, and neither does the other's part.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from yuanxin.kernel import acting
from yuanxin.kernel.admin import CommandModelAdmin, CommandModelForm, SpokenChoices
from yuanxin.kernel.errors import DomainError
from yuanxin.org.actions import (
    create_staff,
    create_unit,
    grant_role,
    rename_unit,
    revoke_role,
    set_grid_technician,
    set_staff_active,
)
from yuanxin.org.models import OrgUnit, RoleGrant, Staff
from yuanxin.org.queries import in_scope, staff_by_number
from yuanxin.org.rules import known_roles


def role_words(code: str) -> str:
    """Return a role's name in the reader's language."""
    rule = known_roles().get(code)
    if rule is None:
        return code
    return rule.name_en if get_language() == "en" else rule.name_zh


class NewUnitForm(CommandModelForm):
    """A new unit and the code of the one above it."""

    parent_code = forms.CharField(label="Code of the unit above", max_length=20, required=False)

    class Meta:
        model = OrgUnit
        fields = ("code", "name", "level")


class UnitForm(CommandModelForm):
    """What changes in a unit: its name, and who looks after it."""

    owner_number = forms.CharField(
        label="Technician in charge",
        help_text="Staff number; empty for nobody.",
        max_length=20,
        required=False,
    )
    aliases = {"number": "owner_number"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["owner_number"] = self.instance.owner.number if self.instance.owner else ""


@admin.register(OrgUnit)
class OrgUnitAdmin(CommandModelAdmin):
    """Organisation units 组织单元."""

    adds, changes = "org.create_unit", "org.rename_unit"
    form, add_form = UnitForm, NewUnitForm
    families = {"level": "unit_level"}
    fixed = ("code", "level_words", "parent")
    list_display = ("code", "name", "level_words", "parent", "owner")
    list_filter = (("level", SpokenChoices),)
    list_select_related = ("parent", "owner")
    search_fields = ("code", "name")

    @admin.display(description="Level", ordering="level")
    def level_words(self, obj: OrgUnit) -> str:
        """Return the level in words."""
        return self.code_words("level", obj.level)

    @admin.display(description="Technician in charge")
    def owner_number(self, obj: OrgUnit) -> str:
        """Return who looks after the unit, for readers."""
        return str(obj.owner or "")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new unit needs its code, level and place; an old one keeps them."""
        if obj is None:
            return ("code", "name", "level", "parent_code")
        return ("code", "name", "level_words", "parent", "owner_number")

    def save_model(self, request: HttpRequest, obj: OrgUnit, form: Any, change: bool) -> None:
        """Go through the actions."""
        told = form.cleaned_data
        if not change:
            parent_code = told["parent_code"] or None
            obj.pk = create_unit(code=obj.code, name=obj.name, level=obj.level, parent_code=parent_code)
            return
        if "name" in form.changed_data:
            rename_unit(unit_code=obj.code, name=obj.name)
        if "owner_number" in form.changed_data:
            number = told["owner_number"]
            set_grid_technician(grid_code=obj.code, staff_id=staff_by_number(number) if number else None)


class NewStaffForm(CommandModelForm):
    """A new account; without a password it signs in by 企业微信 only."""

    unit_code = forms.CharField(label="Code of the unit", max_length=20)
    new_password = forms.CharField(
        label="First password",
        help_text="Empty: the person signs in by WeCom only.",
        max_length=128,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Staff
        fields = ("number", "name", "phone", "vendor")

    def clean_new_password(self) -> str:
        """Apply the house's rules for passwords."""
        typed: str = self.cleaned_data["new_password"]
        if typed:
            validate_password(typed, self.instance)
        return typed


@admin.register(Staff)
class StaffAdmin(CommandModelAdmin):
    """Accounts 员工账号: made, opened and closed, never deleted."""

    adds, changes = "org.create_staff", "org.set_staff_active"
    add_form = NewStaffForm
    fixed = ("number", "name", "phone_masked", "unit", "vendor", "roles")
    list_display = ("number", "name", "phone_masked", "unit", "roles", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("unit",)
    search_fields = ("number", "name", "phone")
    ordering = ("number",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show the accounts of the scope, with the roles they hold."""
        held = Prefetch("grants", RoleGrant.objects.filter(revoked_at=None).order_by("role"), to_attr="held")
        return in_scope().prefetch_related(held)

    @admin.display(description="Phone")
    def phone_masked(self, obj: Staff) -> str:
        """Return the phone as everybody may see it."""
        return f"{obj.phone[:3]}****{obj.phone[-4:]}" if obj.phone else ""

    @admin.display(description="Roles")
    def roles(self, obj: Any) -> str:
        """Return the roles in words."""
        return " · ".join(role_words(grant.role) for grant in obj.held)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An account is made once; later it is opened or closed."""
        if obj is None:
            return ("number", "name", "phone", "unit_code", "vendor", "new_password")
        return (*self.fixed, "is_active")

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        """Go through the actions."""
        if change:
            if "is_active" in form.changed_data:
                set_staff_active(staff_id=obj.pk, is_active=obj.is_active)
            return
        obj.pk = create_staff(
            number=obj.number,
            name=obj.name,
            unit_code=form.cleaned_data["unit_code"],
            phone=obj.phone or None,
            password=form.cleaned_data["new_password"] or None,
            vendor=obj.vendor,
        )


class GrantForm(CommandModelForm):
    """Who gets which role."""

    number = forms.CharField(label="Staff number", max_length=20)
    role = forms.ChoiceField(label="Role")

    class Meta:
        model = RoleGrant
        fields = ("role",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [("", "—"), *((code, role_words(code)) for code in known_roles())]


class HeldRole(admin.SimpleListFilter):
    """A filter by role, in the reader's words."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the roles."""
        self.title = model_admin.admin_site.words("Role")
        return [(code, role_words(code)) for code in known_roles()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the grants of the chosen role."""
        return queryset.filter(role=self.value()) if self.value() else queryset


@admin.register(RoleGrant)
class RoleGrantAdmin(CommandModelAdmin):
    """Roles of accounts 授权: granted and ended, never deleted."""

    adds = "org.grant_role"
    add_form = GrantForm
    fields = ("number", "role")
    list_display = ("number", "name", "role_words", "granted_at", "revoked_at")
    list_filter = (HeldRole, ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("staff",)
    search_fields = ("staff__number", "staff__name")
    ordering = ("-granted_at",)
    actions = ("end_roles",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show the grants of the scope's accounts."""
        return RoleGrant.objects.filter(staff__in=in_scope())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A grant is read as the list shows it."""
        return self.list_display if obj else self.fields

    @admin.display(description="Staff number", ordering="staff__number")
    def number(self, obj: RoleGrant) -> str:
        """Return whose grant it is."""
        return obj.staff.number

    @admin.display(description="Person")
    def name(self, obj: RoleGrant) -> str:
        """Return the name of whose grant it is."""
        return obj.staff.name

    @admin.display(description="Role", ordering="role")
    def role_words(self, obj: RoleGrant) -> str:
        """Return the role in words."""
        return role_words(obj.role)

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:
        """Go through the action."""
        obj.staff_id = staff_by_number(form.cleaned_data["number"])
        grant_role(staff_id=obj.staff_id, role=obj.role, at=self.at())
        obj.pk = RoleGrant.objects.values_list("pk", flat=True).get(
            staff_id=obj.staff_id, role=obj.role, revoked_at=None
        )

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Who may end roles; asked for the list's action."""
        return acting.current().may("org.revoke_role")

    @admin.action(description="End the chosen roles", permissions=["revoke"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        """End each chosen role by its command, and say which could not be ended."""
        site: Any = self.admin_site
        ended = 0
        for grant in queryset.select_related("staff"):
            try:
                revoke_role(staff_id=grant.staff_id, role=grant.role, at=self.at())
                ended += 1
            except DomainError as error:
                messages.error(request, f"{grant.staff.number} {role_words(grant.role)}: {site.error_words(error)}")
        if ended:
            messages.success(request, site.words("%(ended)d roles ended.") % {"ended": ended})
