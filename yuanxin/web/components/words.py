"""Words for named errors, in both languages through gettext. A test finds every error without words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yuanxin.kernel.errors import DomainError
from yuanxin.web.components import words_of_care, words_of_errors

ERRORS = words_of_errors.ERRORS | words_of_care.ERRORS

__all__ = ["ERRORS", "error_words"]


def error_words(error: DomainError) -> str:
    """Return what happened in the reader's language; the code itself when nobody wrote words for it.

    Where ``<code>.<reason>`` has words of its own, an error with this param ``reason`` takes them.
    """
    words = ERRORS.get(f"{error.code}.{error.params.get('reason')}") or ERRORS.get(error.code)
    if words is None:
        return error.code
    try:
        return _(words) % error.params if error.params else _(words)
    except (KeyError, TypeError, ValueError):
        return _(words)
