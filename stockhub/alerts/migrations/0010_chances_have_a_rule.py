"""Lines of chance moved from “Shortage” to “Stock-out risk”: what an operator has set moves along."""

from django.db import migrations

NAMES = ("possible_chance", "likely_chance", "certain_chance", "hold_chance")


def move(apps, schema_editor):
    parameter = apps.get_model("alerts", "RuleParameter")
    parameter.objects.filter(rule="shortage", parameter__in=NAMES).update(rule="stockout-risk")


class Migration(migrations.Migration):
    dependencies = [("alerts", "0009_alert_saving")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop, elidable=False)]
