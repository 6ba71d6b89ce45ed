"""The function that reserves a new order line looks for it by its reference alone, however many lines its SKU has."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from stockhub.inventory.posting import line_function


def install(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Takes and gives what the earlier one does, so that either release works with either."""
    line_function.create(editor)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_dispute_of_units_without_stock")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop, elidable=False)]
