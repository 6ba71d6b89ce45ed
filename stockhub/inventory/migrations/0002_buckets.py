"""The ten buckets of the glossary, with what each counts for."""

from django.db import migrations

# slug, English, Chinese, in position, sellable, can ship today, physical
BUCKETS = [
    ("available", "Available", "可售", True, True, True, True),
    ("reserved", "Reserved", "预占", False, False, True, True),
    ("on_order", "On order", "采购在途", True, False, False, False),
    ("in_transit", "In transit", "运输在途", True, False, False, False),
    ("receiving", "Receiving", "收货中", True, False, False, True),
    ("platform_transfer", "Platform transfer", "平台调拨", True, True, False, True),
    ("inspecting", "Inspecting", "质检中", False, False, False, True),
    ("quarantined", "Quarantined", "隔离", False, False, False, True),
    ("researching", "Researching", "核查中", False, False, False, True),
    ("unsellable", "Unsellable", "不可售", False, False, False, True),
]


def create(apps, schema_editor):
    bucket = apps.get_model("inventory", "Bucket")
    bucket.objects.bulk_create(
        bucket(
            slug=slug,
            name_en=en,
            name_zh=zh,
            counts_in_position=in_position,
            is_sellable=sellable,
            can_ship_today=ships,
            is_physical=physical,
            position=number,
        )
        for number, (slug, en, zh, in_position, sellable, ships, physical) in enumerate(BUCKETS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
