import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0014_stranded_units'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='refusedwebhook',
            options={'verbose_name': 'cause of refused webhooks', 'verbose_name_plural': 'causes of refused webhooks'},
        ),
        migrations.AlterModelOptions(
            name='unreadablewebhook',
            options={'verbose_name': 'unreadable webhook', 'verbose_name_plural': 'unreadable webhooks'},
        ),
        migrations.AlterModelOptions(
            name='webhookmessage',
            options={'verbose_name': 'webhook message', 'verbose_name_plural': 'webhook messages'},
        ),
        migrations.AlterField(
            model_name='refusedwebhook',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='refused_webhooks', to='channels.account', verbose_name='account'),
        ),
        migrations.AlterField(
            model_name='unreadablewebhook',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='unreadable_webhooks', to='channels.account', verbose_name='account'),
        ),
    ]
