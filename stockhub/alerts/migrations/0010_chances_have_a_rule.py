"""Lines of chance moved from “Shortage” to “Stock-out risk”: what an operator has set moves along."""

from django.db import migrations

NAMES = ("possible_chance", "likely_chance", "certain_chance", "hold_chance")


def move(apps, schema_editor):
    setting = apps.get_model("alerts", "RuleSetting")
    for shortage in setting.objects.filter(rule="shortage"):
        moved = {name: shortage.parameters.pop(name) for name in NAMES if name in shortage.parameters}
        if moved:
            shortage.save(update_fields=["parameters"])
            risk, _created = setting.objects.get_or_create(rule="stockout-risk")
            risk.parameters = moved | risk.parameters
            risk.save(update_fields=["parameters"])


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_rule_parameters")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop, elidable=False)]
