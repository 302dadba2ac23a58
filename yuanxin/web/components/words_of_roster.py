"""The words of rosters, leave and loans: errors, codes, and the fields of their rules."""

from django.utils.translation import gettext_noop

ERRORS: dict[str, str] = {
    "fieldwork.exemption_refused": gettext_noop("Give the days in their order and a reason."),
    "fieldwork.labour_law_forbids": gettext_noop("The Labour Law forbids this. Nothing was saved."),
    "fieldwork.leave_decided_by_asker": gettext_noop("A second person decides this."),
    "fieldwork.leave_over": gettext_noop("This leave is over, or was never granted."),
    "fieldwork.leave_overlaps": gettext_noop("There is other leave at that time already."),
    "fieldwork.leave_span_refused": gettext_noop(
        "Leave ends after it begins, lasts %(days)s days at most and is entered within %(back)s days."
    ),
    "fieldwork.loan_days_refused": gettext_noop("Give the days in their order; a loan cannot lie in the past."),
    "fieldwork.loan_over": gettext_noop("This loan has ended already."),
    "fieldwork.loan_overlaps": gettext_noop("This person is lent out on one of these days already."),
    "fieldwork.loan_to_own_unit": gettext_noop("This person belongs to that unit anyway."),
    "fieldwork.nothing_to_decide": gettext_noop("This was decided or taken back meanwhile."),
    "fieldwork.roster_day_outside": gettext_noop("A roster can be written from %(first)s to %(last)s."),
    "fieldwork.roster_too_big": gettext_noop("That is too much at once: at most %(most)s cells."),
    "fieldwork.shift_hours_refused": gettext_noop("Write hours like 09:00-18:00."),
    "fieldwork.shifts_overlap": gettext_noop("This would overlap with another duty of the same person."),
    "fieldwork.unknown_shift": gettext_noop("This city has no such shift."),
}

FAMILIES: dict[str, dict[str, str]] = {
    "duty": {
        "day": gettext_noop("Day duty"),
        "night": gettext_noop("Night duty"),
        "holiday": gettext_noop("Holiday duty"),
        "on_call": gettext_noop("On call"),
        "training": gettext_noop("Training"),
        "rest": gettext_noop("Day of rest"),
    },
    "shift": {"split": gettext_noop("Split shift")},
    "leave": {
        "sick": gettext_noop("Sick leave"),
        "annual": gettext_noop("Annual leave"),
        "personal": gettext_noop("Personal leave"),
        "training": gettext_noop("Training leave"),
    },
    "leave_mark": {
        "sick": gettext_noop("Sk"),
        "annual": gettext_noop("An"),
        "personal": gettext_noop("Ps"),
        "training": gettext_noop("Tr"),
    },
    "request": {
        "asked": gettext_noop("Awaiting a decision"),
        "approved": gettext_noop("Granted"),
        "refused": gettext_noop("Not granted"),
        "withdrawn": gettext_noop("Request taken back"),
    },
    "exemption": {
        "disaster": gettext_noop("Disaster or accident"),
        "urgent_repair": gettext_noop("Urgent repair of public facilities"),
        "other_law": gettext_noop("Other cases named by law"),
    },
    "roster_outcome": {
        "created": gettext_noop("new duty"),
        "changed": gettext_noop("changed duty"),
        "cleared": gettext_noop("cleared"),
    },
    "labour": {
        "usual_overtime": gettext_noop("Overtime above the usual hour"),
        "day_overtime": gettext_noop("Overtime of a day"),
        "week_hours": gettext_noop("Hours of a week"),
        "no_rest": gettext_noop("Days of rest in a week"),
        "month_overtime": gettext_noop("Overtime of a month"),
    },
}

VALUES: dict[str, str] = {
    "ahead_days": gettext_noop("Ahead (days)"),
    "back_days": gettext_noop("Back (days)"),
    "back_leave_days": gettext_noop("Leave entered late (days)"),
    "counted_kinds": gettext_noop("Duties that count as work"),
    "day_minutes": gettext_noop("Work of a day (minutes)"),
    "days_a_week": gettext_noop("Days of rest a week"),
    "grounds": gettext_noop("Grounds"),
    "kind": gettext_noop("Kind of duty"),
    "leave_days": gettext_noop("Longest leave (days)"),
    "most_cells": gettext_noop("Most cells at once"),
    "most_day_minutes": gettext_noop("Most overtime of a day (minutes)"),
    "most_month_minutes": gettext_noop("Most overtime of a month (minutes)"),
    "pause_from_minute_of_day": gettext_noop("Break begins from minute of day"),
    "pause_minutes": gettext_noop("Break (minutes)"),
    "pause_to_minute_of_day": gettext_noop("Break begins by minute of day"),
    "planned_kinds": gettext_noop("Duties that take visits"),
    "usual_day_minutes": gettext_noop("Usual overtime of a day (minutes)"),
    "week_minutes": gettext_noop("Work of a week (minutes)"),
}
