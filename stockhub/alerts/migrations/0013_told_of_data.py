from django.db import migrations

NAME = "First response: data"


def tell_administrators(apps, schema_editor):
    """What makes decisions doubtful is mended by those who may: an account that has to be authorised again, a feed that stands still."""
    groups, subscriptions = apps.get_model("auth", "Group"), apps.get_model("alerts", "Subscription")
    role, _created = groups.objects.get_or_create(name="admin")
    if not subscriptions.objects.filter(role=role, name=NAME).exists():
        subscriptions.objects.create(name=NAME, role=role, sides=["data"], min_level=2)


def tell_nobody(apps, schema_editor):
    apps.get_model("alerts", "Subscription").objects.filter(name=NAME, role__name="admin").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0012_snoozed_alerts'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunPython(tell_administrators, tell_nobody),
    ]
