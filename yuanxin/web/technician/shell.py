"""The app around the technician's pages: what a phone keeps, the worker that answers without signal, the icon."""

from __future__ import annotations

import json
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yuanxin.web.http.doors import page
from yuanxin.web.technician.frame import phone

FILES = (
    "packages/@tabler/core/dist/css/tabler.min.css",
    "packages/@zxing/library/umd/index.min.js",
    "django_htmx/htmx-2.min.js",
    "yuanxin/mark.svg",
    "yuanxin/yuanxin.css",
    "yuanxin/countdown.js",
    "yuanxin/keys.js",
    "technician/icon.svg",
    "technician/phone.css",
    "technician/queue.js",
    "technician/pictures.js",
    "technician/phone.js",
    "technician/visit.js",
    "technician/scan.js",
)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it holds nobody's data and changes when one of its files does."""
    files = [static(name) for name in FILES]
    version = sha256("\n".join(files).encode()).hexdigest()[:12]
    told = {"files": files, "version": version, "home": reverse("technician:today"), "statics": settings.STATIC_URL}
    context = {"told_json": json.dumps(told)}
    response = render(request, "technician/worker.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the pages on its home screen."""
    home = reverse("technician:today")
    told = {
        "name": _("Yuanxin for technicians"),
        "short_name": _("Yuanxin"),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#12304f",
        "icons": [
            {"src": static("technician/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
            for purpose in ("any", "maskable")
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@page("page.technician")
def queue(request: HttpRequest) -> HttpResponse:
    """The steps and photos that this phone has not sent yet; they stand in the phone, not here."""
    return render(request, "technician/queue.html", phone(request))
