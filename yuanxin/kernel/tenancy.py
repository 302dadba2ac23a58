"""Tenancy 租户隔离: one transaction-local setting, the manager's filter above it, row-level security below.

A scope is ``"*"`` (headquarters), a province code (2 digits) or a city code (4 digits), GB/T 2260.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.pq import TransactionStatus

from yuanxin.kernel import clock, prepared
from yuanxin.kernel.errors import CityScopeNeeded, HeadquartersOnly, NoScope

ALL = "*"
NOBODY = "-"  # matches no row
HQ = "00"

_scope: ContextVar[str] = ContextVar("scope")
_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("read", default=None)
_Value = TypeVar("_Value")


def current_scope() -> str:
    """Return the scope in force. Raises NoScope."""
    try:
        return _scope.get()
    except LookupError:
        raise NoScope from None


def is_scoped() -> bool:
    """Tell whether a scope is in force."""
    return _scope.get(None) is not None


@contextmanager
def scope(code: str, *, until_commit: bool = False) -> Iterator[None]:
    """Read and write as ``code``. Enter it inside ``atomic()``, so that it ends before the commit and its hooks.

    until_commit: the caller ends the transaction at once, so the database is left to forget the scope by itself;
    inside a savepoint nothing ends, and it is told as always.
    """
    if not connection.in_atomic_block:
        raise NoScope(reason="no transaction")
    outer = _scope.get(None)
    is_whole = outer is None and not connection.savepoint_ids
    before = _scope.set(code)
    moment = _tell_database(code)
    reading = clock.remember(moment) if outer is None else None
    memory = _read.set({}) if outer is None else None
    try:
        yield
    finally:
        _scope.reset(before)
        if reading is not None:
            clock.forget(reading)
        if memory is not None:
            _read.reset(memory)
        status = connection.connection.info.transaction_status if connection.connection else None
        if status == TransactionStatus.INTRANS and not connection.needs_rollback and not (until_commit and is_whole):
            _tell_database(outer or "")  # in every other case the coming end of the transaction takes it back


def _tell_database(code: str) -> Any:
    row = prepared.run("SELECT set_config('app.scope', %s, true), app_now()", [code]).fetchone()
    return row[1] if row else None


def once(key: Hashable, read: Callable[[], _Value]) -> _Value:
    """Return what was read under this key in the outermost scope's transaction; read it when nobody has yet."""
    memory = _read.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    answer: _Value = memory[key]
    return answer


def read_again() -> None:
    """Forget what ``once`` remembers: this transaction changed it, or took a change back."""
    if memory := _read.get():
        memory.clear()


def codes_of(code: str) -> tuple[str, str]:
    """Return (province_code, city_code) of rows that belong to a scope; headquarters' rows carry ``00``."""
    if code == ALL:
        return HQ, HQ
    return (code[:2], code) if len(code) == 4 else (code, code)


def scope_of(province_code: str, city_code: str) -> str:
    """Return the scope to which a row belongs; the inverse of ``codes_of``."""
    return ALL if province_code == HQ else city_code


def home_codes() -> tuple[str, str]:
    """Return (province_code, city_code) for rows made in the scope in force."""
    return codes_of(current_scope())


def home_province() -> str:
    """Return the province code for a new row."""
    return home_codes()[0]


def home_city() -> str:
    """Return the city code for a new row."""
    return home_codes()[1]


def require_city() -> str:
    """Return the city code in scope. Raises CityScopeNeeded for a wider scope."""
    code = current_scope()
    if len(code) != 4:
        raise CityScopeNeeded(scope=code)
    return code


def require_headquarters() -> None:
    """Raise HeadquartersOnly unless headquarters is in scope."""
    if current_scope() != ALL:
        raise HeadquartersOnly(scope=current_scope())


_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class TenantManager(models.Manager[_Row]):
    """Adds the scope's filter: it keeps plans good; row-level security stands behind it."""

    def get_queryset(self) -> models.QuerySet[_Row]:
        rows, code = super().get_queryset(), current_scope()
        if code == ALL:
            return rows
        return rows.filter(city_code=code) if len(code) == 4 else rows.filter(province_code=code)


class TenantModel(models.Model):
    """Base of every tenant-owned table."""

    province_code = models.CharField(max_length=2, default=home_province, editable=False)
    city_code = models.CharField(max_length=4, default=home_city, editable=False)

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        abstract = True
