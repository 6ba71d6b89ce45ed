from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0018_quarantine_reasons_in_every_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='baseline_summary',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='baseline'),
        ),
    ]
