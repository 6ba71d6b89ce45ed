"""Apart from the tables: PostgreSQL makes no index of a table whose rows were inserted in the same transaction."""

from django.db import migrations


def tell_purchasing_and_sales(apps, schema_editor):
    """The first response: two roles are told of what runs short and what lies too long. They have no members yet, so nobody is disturbed."""
    groups, subscriptions = apps.get_model("auth", "Group"), apps.get_model("alerts", "Subscription")
    for name in ("purchasing", "sales"):
        role, _created = groups.objects.get_or_create(name=name)
        subscriptions.objects.create(name=f"First response: {name}", role=role, sides=["shortage", "excess"])


def tell_nobody(apps, schema_editor):
    """The older release knows people's own subscriptions alone."""
    apps.get_model("alerts", "Subscription").objects.filter(user=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0008_response'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunPython(tell_purchasing_and_sales, tell_nobody),
    ]
