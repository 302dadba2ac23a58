"""Security headers, the same for every URL: scripts, styles and pictures come from us and never stand in the page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",  # the style sheet's own pictures, the QR code of the second factor, photos
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
PICTURES = "img-src 'self'"
HEADERS = {
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Middleware, the first of all, so that error pages carry the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = policy_with(settings.YUANXIN_MAP_TILES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Content-Security-Policy"] = self.policy
        for name, value in HEADERS.items():
            response[name] = value
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


def policy_with(tiles: str) -> str:
    """Return the policy, with the host of the map's pictures when there are any. tiles: their address, or empty."""
    if not tiles:
        return POLICY
    address = urlsplit(tiles.replace("{s}", "*"))
    return POLICY.replace(PICTURES, f"{PICTURES} {address.scheme}://{address.netloc}")
