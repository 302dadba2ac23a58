"""The words of the rules of travel and of one-home visits, by the names of their fields; units in brackets."""

from django.utils.translation import gettext_noop

VALUES: dict[str, str] = {
    "days": gettext_noop("Looks back (days)"),
    "fastest_km_per_h": gettext_noop("Fastest believed (km/h)"),
    "hour_of_day": gettext_noop("From this hour on"),
    "least_band_permille": gettext_noop("Least factor of an hour (‰)"),
    "least_trips": gettext_noop("Least trips of a district"),
    "longest_gap_minutes": gettext_noop("Longest gap (minutes)"),
    "longest_minutes": gettext_noop("Longest trip believed (minutes)"),
    "most_band_permille": gettext_noop("Greatest factor of an hour (‰)"),
    "rulebook_weighs_trips": gettext_noop("The rulebook's speed weighs (trips)"),
    "shortest_m": gettext_noop("Shortest trip counted (m)"),
    "slowest_km_per_h": gettext_noop("Slowest believed (km/h)"),
    "usual_hour_weighs_trips": gettext_noop("The usual hour weighs (trips)"),
    "weekday": gettext_noop("Weekday (1 is Monday)"),
}
