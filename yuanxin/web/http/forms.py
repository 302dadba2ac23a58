"""Forms that end in a command: an idempotency key travels in the page, a named error returns to its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms

from yuanxin.kernel.errors import DomainError, NotFound, Refused
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.web.components.words import error_words

_Answer = TypeVar("_Answer")
_CLASSES = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "",
}


class DenseForm(forms.Form):
    """A form with our controls; every text that stands in it is a stripped text without NUL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = next((css for kind, css in _CLASSES.items() if isinstance(field.widget, kind)), "form-control")
            if css:
                field.widget.attrs.setdefault("class", css)


class CommandForm(DenseForm):
    """A form for one command; ``key`` is made with the page, so that a second click changes nothing twice."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    aliases: ClassVar[dict[str, str]] = {}
    """Fields of a command's errors that have another name here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    @property
    def idempotency_key(self) -> IdempotencyKey:
        """The key of the checked form."""
        return IdempotencyKey(str(self.cleaned_data["key"]))

    def attempt(self, deed: Callable[[], _Answer]) -> _Answer | None:
        """Run the command; on a named error say it at its field and return None. Refusals stay refusals."""
        try:
            return deed()
        except (NotFound, Refused):
            raise
        except DomainError as error:
            field = self.aliases.get(error.field or "", error.field)
            self.add_error(field if field in self.fields else None, error_words(error))
            return None
