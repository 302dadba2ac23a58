"""What the scripts of the phone must know: whose phone it is, the doors of the queue, and its words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.web.components.codes import code_words
from yuanxin.web.technician.steps import myself

KINDS = ("photo", "arrival", "hold", "signature")


def phone(request: HttpRequest) -> dict[str, Any]:
    """Return the context that every page of the technician needs."""
    return {
        "phone": {
            "staff": str(myself()),
            "zone": settings.YUANXIN_CITY_ZONE,
            "home": reverse("technician:today"),
            "today": reverse("technician:today_data"),
            "sync": reverse("technician:sync"),
            "evidence": reverse("technician:evidence"),
            "message": reverse("technician:message"),
            "worker": reverse("technician:worker"),
            "sign_out": reverse("account_logout"),
            "words": _words(),
        }
    }


def _words() -> dict[str, Any]:
    return _of_the_queue() | _of_the_forms() | {"kinds": {kind: code_words(kind, "phone_step") for kind in KINDS}}


def _of_the_queue() -> dict[str, str]:
    return {
        "all_sent": _("everything sent"),
        "waiting": _("will be sent"),
        "sending": _("sending"),
        "away": _("no signal, kept on this phone"),
        "away_open": _("no signal: keep this page open, this browser cannot open it again without signal"),
        "unsupported": _("this browser keeps nothing: without signal nothing can be saved"),
        "signed_out": _("signed out: sign in again, then it is sent"),
        "somebody_else": _("somebody else is signed in on this phone; open the page again"),
        "trouble": _("could not be sent, tries again"),
        "some_refused": _("%s refused: please decide"),
        "item_waiting": _("waits"),
        "item_behind": _("waits for the step before it"),
        "item_sending": _("sending"),
        "item_done": _("sent"),
        "item_refused": _("refused"),
        "retry": _("Try again"),
        "drop": _("Remove"),
        "drop_all": _("Remove all steps of this order"),
        "tell": _("Send to the dispatcher as a message"),
        "not_told": _("The message could not be sent. Please try again with signal."),
        "not_kept": _("This page is not on this phone, and there is no signal."),
        "waits_n": _("%s wait to be sent"),
        "sign_out": _("%s steps are not sent yet. They stay on this phone until you sign in again. Sign out?"),
        "broken": _("The server could not take this."),
    }


def _of_the_forms() -> dict[str, str]:
    return {
        "required": _("Please fill this in."),
        "far": _("You are %s m from the address. Add a photo and say why."),
        "distance": _("about %s m from the address"),
        "no_picture": _("This file is no picture."),
        "not_kept_here": _("This phone could not keep the step. Please try again."),
        "photos_n": _("%s photos kept"),
        "photo_missing": _("A photo is missing."),
        "signature_missing": _("The signature is missing."),
        "name_missing": _("Write the name of who signed."),
        "cause_missing": _("Choose the cause of the fault."),
        "note_missing": _("Nobody was met: write what happened."),
        "check_missing": _("Please answer this item."),
        "scan_title": _("Scan the serial"),
        "scan_stop": _("Close the camera"),
        "scan_none": _("No code found in the picture."),
        "scan_no_camera": _("The camera cannot be used here. Take a photo of the code or type the serial."),
        "scan_found": _("Found: %s"),
    }
