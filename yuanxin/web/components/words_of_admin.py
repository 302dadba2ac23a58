"""The names on configuration pages: contexts register tables, web says what they are called."""

from django.utils.translation import gettext_noop

CONTEXTS = {
    "academy": gettext_noop("Certificates"),
    "kernel": gettext_noop("Platform"),
    "messaging": gettext_noop("Messages"),
    "org": gettext_noop("Organisation"),
}

TABLES = {
    "academy.certificatekind": (gettext_noop("kind of certificate"), gettext_noop("kinds of certificates")),
    "academy.need": (gettext_noop("certificate needed for work"), gettext_noop("certificates needed for work")),
    "kernel.calendarday": (gettext_noop("day of the working calendar"), gettext_noop("working calendar")),
    "messaging.template": (gettext_noop("message template"), gettext_noop("message templates")),
    "org.orgunit": (gettext_noop("organisation unit"), gettext_noop("organisation units")),
    "org.rolegrant": (gettext_noop("role of an account"), gettext_noop("roles of accounts")),
    "org.staff": (gettext_noop("staff account"), gettext_noop("staff accounts")),
}

COLUMNS = {
    "certificate": gettext_noop("certificate"),
    "channel": gettext_noop("channel"),
    "code": gettext_noop("code"),
    "granted_at": gettext_noop("granted at"),
    "is_active": gettext_noop("account open"),
    "is_working": gettext_noop("working day"),
    "level": gettext_noop("level"),
    "message_class": gettext_noop("class"),
    "name": gettext_noop("name"),
    "name_en": gettext_noop("English name"),
    "name_zh": gettext_noop("Chinese name"),
    "number": gettext_noop("staff number"),
    "org.staff.name": gettext_noop("person"),
    "on": gettext_noop("day"),
    "owner": gettext_noop("technician in charge"),
    "parent": gettext_noop("unit above"),
    "phone": gettext_noop("phone"),
    "revoked_at": gettext_noop("ended at"),
    "role": gettext_noop("role"),
    "staff": gettext_noop("staff account"),
    "text_en": gettext_noop("English text"),
    "text_zh": gettext_noop("Chinese text"),
    "unit": gettext_noop("unit"),
    "vendor": gettext_noop("vendor"),
    "work": gettext_noop("work"),
}

SAID = (
    gettext_noop("%(added)d days were added."),
    gettext_noop("%(ended)d roles ended."),
    gettext_noop("Channel"),
    gettext_noop("Class"),
    gettext_noop("Code of the unit"),
    gettext_noop("Code of the unit above"),
    gettext_noop("Empty: the person signs in by WeCom only."),
    gettext_noop("End the chosen roles"),
    gettext_noop("Enter a year"),
    gettext_noop("First password"),
    gettext_noop("Level"),
    gettext_noop("Person"),
    gettext_noop("Phone"),
    gettext_noop("Role"),
    gettext_noop("Roles"),
    gettext_noop("Staff number"),
    gettext_noop("Staff number; empty for nobody."),
    gettext_noop("Technician in charge"),
    gettext_noop("Year"),
)
"""What the pages of contexts say themselves."""
