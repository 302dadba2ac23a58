"""Words about promises that law does not (yet) back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yuanxin.published.codes import Service


def statutory_gap(service: Service) -> str:
    """Say why there is no statutory clock; a missing one is never filled with a default."""
    if service == Service.TV:
        return _("There is no verified statutory time limit yet for television. The company promise counts.")
    return _("There is no verified statutory time limit yet for this case. The company promise counts.")
