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
    ]
