from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0012_stock_health'),
    ]

    operations = [
        migrations.AddField(
            model_name='pushrow',
            name='before_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days to ship before'),
        ),
        migrations.AddField(
            model_name='pushrow',
            name='before_presale_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='presale before until'),
        ),
        # Added as a column with a default, not by rewriting the table, so that an older release goes on beside it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE channels_stockrule ADD COLUMN keeps_lag_buffer boolean NOT NULL DEFAULT false",
                    "ALTER TABLE channels_stockrule DROP COLUMN keeps_lag_buffer",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name='stockrule',
                    name='keeps_lag_buffer',
                    field=models.BooleanField(db_default=False, default=False, help_text='Units that may be sold within the measured lag of the account\'s orders, in 99 cases of 100, at the pace of now.', verbose_name='keeps back what sells unseen'),
                ),
            ],
        ),
    ]
