"""The check before a process serves: it is neither owner nor superuser, and the database is as the code says."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.invariants import drift_of_grants, drift_of_migrations, drift_of_policies, drift_of_triggers
from yuanxin.kernel.tenancy import ALL, scope

_TOO_STRONG = """
SELECT r.rolsuper OR r.rolbypassrls OR session_user <> current_user
       OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                                           AND pg_has_role(session_user, c.relowner, 'MEMBER'))
  FROM pg_roles r WHERE r.rolname = session_user
"""


class RoleTooStrong(DomainError):
    """The database role owns tables or bypasses row-level security, so isolation would be void."""

    code = "kernel.role_too_strong"


class DatabaseDiffers(DomainError):
    """Migrations, triggers, policies or grants in the database differ from the code."""

    code = "kernel.database_differs"


def check_serving_role() -> None:
    """Raise RoleTooStrong or DatabaseDiffers unless this process may serve."""
    with connection.cursor() as cursor:
        cursor.execute(_TOO_STRONG)
        if cursor.fetchone()[0]:
            raise RoleTooStrong
    with transaction.atomic(), scope(ALL):
        findings = tuple(_differences())
    if findings:
        raise DatabaseDiffers(findings=findings[:20])


def _differences() -> Iterator[str]:
    yield from drift_of_migrations()
    yield from drift_of_triggers()
    yield from drift_of_policies()
    yield from drift_of_grants()
