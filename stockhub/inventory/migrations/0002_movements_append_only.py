"""Movements are only ever added: the database itself refuses to change or delete one.

PostgreSQL refuses every UPDATE and DELETE; TRUNCATE, which the test runner empties tables with, is left. On SQLite the test runner has
nothing but DELETE to empty a table with, so that a movement can be deleted there only while no older one is left: emptying the whole table
in its order passes, removing anything out of history does not.

SQLite drops triggers when a later migration rebuilds the table: such a migration ends with `create` again, and a test looks for them.
"""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION inventory_movement_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Movements are never changed or deleted; post a correction instead.' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    "CREATE TRIGGER inventory_movement_append_only BEFORE UPDATE OR DELETE ON inventory_movement"
    " FOR EACH ROW EXECUTE FUNCTION inventory_movement_refuse()",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER inventory_movement_append_only ON inventory_movement",
    "DROP FUNCTION inventory_movement_refuse()",
)
SQLITE = (
    "CREATE TRIGGER inventory_movement_append_only BEFORE UPDATE ON inventory_movement BEGIN"
    " SELECT RAISE(ABORT, 'Movements are never changed or deleted; post a correction instead.'); END",
    "CREATE TRIGGER inventory_movement_keep BEFORE DELETE ON inventory_movement"
    " WHEN EXISTS (SELECT 1 FROM inventory_movement WHERE id < OLD.id) BEGIN"
    " SELECT RAISE(ABORT, 'Movements are never changed or deleted; post a correction instead.'); END",
)
SQLITE_BACK = ("DROP TRIGGER inventory_movement_append_only", "DROP TRIGGER inventory_movement_keep")


def create(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
