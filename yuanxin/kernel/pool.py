"""What the connection pool does when a connection comes back."""

from __future__ import annotations

from typing import Any

from psycopg import Connection


def forget_everything(connection: Connection[Any]) -> None:
    """Return the session to the values it was opened with, whatever a borrower set."""
    connection.autocommit = True
    connection.execute("RESET ALL")
