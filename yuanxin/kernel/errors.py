"""Named errors. An error says what happened by its class and code; its words live in ``web``."""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """Something that the rules of the trade refuse.

    code: stable dotted name, ``<context>.<what_happened>``; ``web`` holds its words in both languages.
    field: the input field that is wrong, if one is.
    params: values for the words; ids, codes, numbers and instants only.
    """

    code: ClassVar[str] = "kernel.refused"

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in sorted(self.params.items()))
        return f"{self.code}({details})" if details else self.code


class NotFound(DomainError):
    """There is no such thing, or not for this actor: the two are never told apart."""

    code = "kernel.not_found"


class Refused(DomainError):
    """The actor may not do this."""

    code = "kernel.permission_refused"


class Conflict(DomainError):
    """Somebody else was first, or the state has moved on."""

    code = "kernel.conflict"


class NoActor(DomainError):
    """A command was called outside ``acting_as``."""

    code = "kernel.no_actor"


class NoScope(DomainError):
    """Tenant data was touched outside a scope, or a scope was opened outside a transaction."""

    code = "kernel.no_scope"


class NotInTransaction(DomainError):
    """A fact was told outside a transaction; it could be lost."""

    code = "kernel.not_in_transaction"


class KeyReused(Conflict):
    """The idempotency key was used before with another command or another body."""

    code = "kernel.key_reused"


class TextNotStorable(DomainError):
    """A text holds a NUL character, which no database column takes."""

    code = "kernel.text_not_storable"


class BadFilter(DomainError):
    """A list was asked for a filter, sort or page that it does not have."""

    code = "kernel.bad_filter"


class NothingSelected(DomainError):
    """A deed for several rows was asked for without one."""

    code = "kernel.nothing_selected"


class TooManyRows(DomainError):
    """More rows match than one file or one deed takes."""

    code = "kernel.too_many_rows"


class SpeedRefused(DomainError):
    """A domain-clock speed other than 1 was asked for outside the demo."""

    code = "kernel.speed_refused"


class HeadquartersOnly(Refused):
    """The whole country shares this; only headquarters changes it."""

    code = "kernel.headquarters_only"


class CityScopeNeeded(DomainError):
    """The action numbers or stores something that belongs to one city, and no city is in scope."""

    code = "kernel.city_scope_needed"
