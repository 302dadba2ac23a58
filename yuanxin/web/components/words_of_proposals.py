"""The words of the rules of proposals, of who is near and of the arrival, by the names of their fields."""

from django.utils.translation import gettext_noop

VALUES: dict[str, str] = {
    "ahead_hours": gettext_noop("Told ahead at most (hours)"),
    "auto_is_on": gettext_noop("Proposals are taken over automatically"),
    "auto_price_minutes": gettext_noop("Costs less than, to be taken over (minutes of driving)"),
    "debounce_seconds": gettext_noop("Waits for more events (seconds)"),
    "delay_minutes": gettext_noop("Late at work counts from (minutes)"),
    "grids": gettext_noop("Grids around the order"),
    "kept_minutes": gettext_noop("A proposal holds (minutes)"),
    "lead_minutes": gettext_noop("Begins too soon to be moved (minutes)"),
    "local_seconds": gettext_noop("Time for a local plan (seconds)"),
    "most_messages": gettext_noop("Messages about the arrival at most"),
    "most_technicians": gettext_noop("Technicians of one cluster at most"),
    "neighbours": gettext_noop("Technicians nearby who are planned too"),
    "no_show_minutes": gettext_noop("Not set off counts from (minutes)"),
    "parts_reasons": gettext_noop("Reasons that mean a missing part"),
    "people": gettext_noop("Technicians asked first at most"),
    "retell_minutes": gettext_noop("Told again when it moves by (minutes)"),
    "rounding_minutes": gettext_noop("Rounded to (minutes)"),
    "scarce_percent": gettext_noop("Tight when less is free (%)"),
    "urgent_minutes": gettext_noop("Urgent when due within (minutes)"),
    "windows": gettext_noop("Windows offered"),
}
