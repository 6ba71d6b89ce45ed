"""Operations of migrations that Django has none of."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel, RunPython
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState, StateApps


class CreateModels(Operation):
    """Makes the tables of an area, each as `CreateModel` does.

    Django renders the classes of all models that hang together anew after every single one, which among a hundred tables takes most of the
    time of an installation; here once after the last. Indexes and foreign keys are there when this ends, not when the migration does, so
    that what follows can cut the tables into partitions and give them triggers.
    """

    reversible = True
    serialization_expand_args = ["operations"]
    category = OperationCategory.ADDITION

    def __init__(self, operations: Sequence[CreateModel]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # As Django itself forgets what it rendered; it renders again when somebody asks.
        if "apps" in state.__dict__:
            del state.apps
            state.is_delayed = False
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)
        for statement in schema_editor.deferred_sql:
            schema_editor.execute(statement, None)
        schema_editor.deferred_sql.clear()

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {', '.join(operation.name for operation in self.operations)}"

    @property
    def migration_name_fragment(self) -> str:
        return "tables"


def drop_foreign_key(table: str, column: str, references: str) -> RunPython:
    """Lets a column name rows of another table without the database checking it, until this is taken back.

    SQLite keeps its constraint: taking it away would copy the table.
    """

    def drop(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            found = schema_editor.connection.introspection.get_constraints(cursor, table)
        for name, each in found.items():
            if each["columns"] == [column] and each["foreign_key"]:
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"', params=None)

    def add(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_fk_{references}_id" FOREIGN KEY ("{column}") '
                f'REFERENCES "{references}" ("id") DEFERRABLE INITIALLY DEFERRED NOT VALID',
                params=None,
            )

    return RunPython(drop, add)
