"""Tenancy 租户隔离: one transaction-local setting, the manager's filter above it, row-level security below.

A scope is ``"*"`` (headquarters), a province code (2 digits) or a city code (4 digits), GB/T 2260.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.pq import TransactionStatus

from yuanxin.kernel import clock
from yuanxin.kernel.errors import CityScopeNeeded, NoScope

ALL = "*"
NOBODY = "-"  # matches no row
HQ = "00"

_scope: ContextVar[str] = ContextVar("scope")


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
def scope(code: str) -> Iterator[None]:
    """Read and write as ``code``. Enter it inside ``atomic()``, so that it ends before the commit and its hooks."""
    if not connection.in_atomic_block:
        raise NoScope(reason="no transaction")
    outer = _scope.get(None)
    before = _scope.set(code)
    moment = _tell_database(code)
    reading = clock.remember(moment) if outer is None else None
    try:
        yield
    finally:
        _scope.reset(before)
        if reading is not None:
            clock.forget(reading)
        status = connection.connection.info.transaction_status if connection.connection else None
        if status == TransactionStatus.INTRANS and not connection.needs_rollback:
            _tell_database(outer or "")  # in every other case the coming rollback takes it back


def _tell_database(code: str) -> Any:
    # Straight to psycopg: half the price of Django's cursor, and query budgets do not count it.
    row = connection.connection.execute("SELECT set_config('app.scope', %s, true), app_now()", [code]).fetchone()
    return row[1]


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
