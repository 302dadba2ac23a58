"""Django's migrate, after which no setting can switch history off and coming months have their partitions."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connection


class Command(migrate.Command):
    """Create and migrate the tables (as role owner)."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regproc('_pgtrigger_should_ignore')")
            if cursor.fetchone()[0]:
                # pgtrigger re-creates this function with every trigger; as shipped any role could use it
                cursor.execute("""CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name)
                    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT false'""")
            cursor.execute("SELECT to_regproc('make_partitions')")
            if cursor.fetchone()[0]:
                cursor.execute(
                    "SELECT make_partitions(relname) FROM pg_class"
                    " WHERE relkind = 'p' AND relnamespace = 'public'::regnamespace"
                )
