"""The words of care's codes and errors; ``codes`` and ``words`` speak them beside the others."""

from django.utils.translation import gettext_noop

FAMILIES: dict[str, dict[str, str]] = {
    "author": {
        "staff": gettext_noop("Staff"),
        "customer": gettext_noop("Customer"),
        "partner": gettext_noop("Partner system"),
        "system": gettext_noop("System"),
    },
    "thread_system": {
        "merged_from": gettext_noop("Merged into this ticket:"),
    },
}

ERRORS: dict[str, str] = {
    "care.message_unknown": gettext_noop("There is no such message here."),
    "care.one_attachment_only": gettext_noop("Send the picture and the recording as two messages."),
    "care.thread_unknown": gettext_noop("A thread belongs to a ticket or a work order."),
    "care.voice_refused": gettext_noop("Send a recording as m4a, mp3, ogg, webm or amr."),
    "care.voice_too_heavy": gettext_noop("The recording is too large."),
    "care.voice_type_differs": gettext_noop("The recording is of another type than its name."),
}
