"""The six stages of the glossary."""

from django.db import migrations

STAGES = [
    ("introduction", "Introduction", "导入期"),
    ("growth", "Growth", "成长期"),
    ("maturity", "Maturity", "成熟期"),
    ("decline", "Decline", "衰退期"),
    ("end_of_life", "End of life", "生命末期"),
    ("liquidation", "Liquidation", "清仓期"),
]


def create(apps, schema_editor):
    stage = apps.get_model("catalog", "Stage")
    stage.objects.bulk_create(stage(slug=slug, name_en=en, name_zh=zh, position=n) for n, (slug, en, zh) in enumerate(STAGES, 1))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
