"""Migration operations: tenant policy, append-only guard, monthly partitions."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class _OnTable(Operation):
    forwards = ""
    backwards = ""
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing that Django's models know of changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._run(self.forwards, app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._run(self.backwards, app_label, schema_editor, from_state)

    def _run(self, sql: str, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
        table = state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(sql.replace("{table}", schema_editor.quote_name(table)), params=None)

    def describe(self) -> str:
        return f"{type(self).__name__} {self.model_name}"


class IsolateTenants(_OnTable):
    """Row-level security by the one setting ``app.scope``; binds the table's owner too.

    home="HQ": rows of headquarters are readable in every scope, other rows as usual; writing stays within the scope.
    """

    backwards = """
        DROP POLICY IF EXISTS hq_is_readable ON {table};
        DROP POLICY tenant ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;"""

    def __init__(self, model_name: str, home: str = "LOCAL") -> None:
        super().__init__(model_name)
        self.home = home

    @property
    def forwards(self) -> str:  # type: ignore[override]
        """Return the statements for this table's home."""
        policy = """
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON {table} USING ((SELECT tenant_scope()) IN ('*', province_code, city_code));"""
        if self.home == "HQ":
            policy += "CREATE POLICY hq_is_readable ON {table} FOR SELECT USING (province_code = '00');"
        return policy


class AppendOnly(_OnTable):
    """Nobody changes or removes a row: the grant is taken away and a trigger refuses even the owner."""

    forwards = """
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM app, job;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
    backwards = """
        DROP TRIGGER append_only ON {table};
        GRANT UPDATE, DELETE ON {table} TO app, job;"""


class CreatePartitioned(CreateModel):
    """CreateModel for a leaf table partitioned by month of ``recorded_at``.

    The primary key is (recorded_at, id). Partitions for this month and the two after it are made at once, more by
    ``make_partitions`` at every ``migrate``; a default partition takes what no month holds.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = plain + " PARTITION BY RANGE (recorded_at)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        table: Any = to_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute("SELECT make_partitions(%s)", [table])
