"""The function that reserves one new order line, on PostgreSQL; see `posting.line_function`. Releases that do not know it do without."""

from django.db import migrations

from stockhub.inventory.posting import line_function


def create(apps, schema_editor):
    line_function.create(schema_editor)


def drop(apps, schema_editor):
    line_function.drop(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0008_presale_allocations"), ("outbox", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
