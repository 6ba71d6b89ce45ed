from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0013_levers_and_lag_buffer'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='webhookmessage',
            options={'verbose_name': 'web-hook message', 'verbose_name_plural': 'web-hook messages'},
        ),
        migrations.AddField(
            model_name='stockage',
            name='stranded_qty',
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name='stranded units'),
        ),
    ]
