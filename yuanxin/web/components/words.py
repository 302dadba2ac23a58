"""Words for named errors, in both languages through gettext. A test finds every error without words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from yuanxin.kernel.errors import DomainError
from yuanxin.web.components import words_of_care, words_of_errors, words_of_roster

ERRORS = words_of_errors.ERRORS | words_of_care.ERRORS | words_of_roster.ERRORS

__all__ = ["ERRORS", "error_words", "words_of"]


def error_words(error: DomainError) -> str:
    """Return what happened in the reader's language; the code itself when nobody wrote words for it.

    Where ``<code>.<reason>`` has words of its own, an error with this param ``reason`` takes them.
    """
    return words_of(error.code, error.params)


def words_of(code: str, params: Mapping[str, Any]) -> str:
    """Return the words of an error of which only code and parameters were kept."""
    words = ERRORS.get(f"{code}.{params.get('reason')}") or ERRORS.get(code)
    if words is None:
        return code
    try:
        return _(words) % params if params else _(words)
    except (KeyError, TypeError, ValueError):
        return _(words)
