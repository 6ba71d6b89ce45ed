"""A receipt below zero is units that were taken back out of a lot; what a source brought is found by its reference.

The new constraint allows all that the old one did, so that a release from before it goes on writing what it wrote.
"""

import django.db.models.deletion
from django.db import migrations, models


class _Unshown:
    """SQLite makes a new table of the old one for these, which the linter takes for columns that become NOT NULL: it is not shown that."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if not (schema_editor.collect_sql and schema_editor.connection.vendor == "sqlite"):
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class AddFieldInPlace(_Unshown, migrations.AddField):
    pass


class AlterFieldInPlace(_Unshown, migrations.AlterField):
    pass


class RemoveConstraintInPlace(_Unshown, migrations.RemoveConstraint):
    pass


class AddConstraintInPlace(_Unshown, migrations.AddConstraint):
    pass


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("inventory", "0012_reserve_line_by_reference")]
    operations = [
        RemoveConstraintInPlace(model_name="lotreceipt", name="inventory_lotreceipt_qty_positive"),
        AddFieldInPlace(
            model_name="lotreceipt",
            name="unbacked_qty",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="Of the quantity: units that had left before they were taken back.",
                verbose_name="not moved",
            ),
        ),
        AlterFieldInPlace(
            model_name="lotreceipt",
            name="qty",
            field=models.BigIntegerField(help_text="Below zero where units were taken back.", verbose_name="quantity"),
        ),
        AddConstraintInPlace(
            model_name="lotreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("qty__gt", 0), ("unbacked_qty__range", (0, models.F("qty"))))
                | models.Q(("qty__lt", 0), ("unbacked_qty__range", (models.F("qty"), 0))),
                name="inventory_lotreceipt_qty",
            ),
        ),
        migrations.AlterField(
            model_name="lot",
            name="received_qty",
            field=models.PositiveBigIntegerField(help_text="What came in, less what was taken back.", verbose_name="received quantity"),
        ),
        migrations.AlterField(
            model_name="lot",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                help_text="The lot that its units were in before: in another warehouse, or of another SKU.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="became",
                to="inventory.lot",
                verbose_name="was before",
            ),
        ),
        migrations.AddIndex(model_name="lot", index=models.Index(fields=["reference"], name="inventory_lot_reference")),
    ]
