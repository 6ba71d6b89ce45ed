"""Plans, lifts and reasons of forecasts. Outliers: a default of the database's own, so that an older release goes on writing rows."""

import django.core.validators
import django.db.models.deletion
import stockhub.core.clock
import stockhub.core.fields
from django.db import migrations, models


def add(apps, schema_editor):
    true = "true" if schema_editor.connection.vendor == "postgresql" else "1"
    schema_editor.execute(f"ALTER TABLE demand_forecastsettings ADD COLUMN cut_outliers bool NOT NULL DEFAULT {true}")


def drop(apps, schema_editor):
    schema_editor.execute("ALTER TABLE demand_forecastsettings DROP COLUMN cut_outliers")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_presale'),
        ('channels', '0003_received_records'),
        ('demand', '0002_lead_times'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='forecastsettings',
                    name='cut_outliers',
                    field=models.BooleanField(db_default=True, default=True, help_text='A single day far from all others counts up to its bound. Stored sales stay as they are.', verbose_name='cut outliers'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='ForecastBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_mean', stockhub.core.fields.ArrayField(default=bytes, dtype='<f4', editable=False, verbose_name='mean a day before the reasons')),
                ('reasons', models.JSONField(default=list, verbose_name='reasons')),
                ('is_new', models.BooleanField(default=False, help_text='In its first eight weeks and thirty units.', verbose_name='new')),
                ('labels_from', models.DateField(verbose_name='first labelled day')),
                ('day_labels', stockhub.core.fields.ArrayField(default=bytes, dtype='|u1', editable=False, verbose_name='labels of days')),
                ('forecast', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='basis', to='demand.forecast', verbose_name='forecast')),
            ],
            options={
                'verbose_name': 'basis of a forecast',
                'verbose_name_plural': 'bases of forecasts',
            },
        ),
        migrations.CreateModel(
            name='EventLift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_type', models.SlugField(max_length=60, verbose_name='event type')),
                ('observed_lift', models.FloatField(editable=False, help_text='Units sold over the baseline.', null=True, verbose_name='observed lift')),
                ('lift', models.FloatField(editable=False, help_text='The typical lift of a SKU; a handful of units counts little.', null=True, verbose_name='learned lift')),
                ('dip', models.FloatField(editable=False, help_text='Of the baseline, on the three days after.', null=True, verbose_name='demand after it')),
                ('stated_lift', models.FloatField(blank=True, help_text='Takes the place of the learned one.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100.0)], verbose_name='stated lift')),
                ('sku_events', models.PositiveIntegerField(default=0, editable=False, verbose_name='SKUs times events')),
                ('updated_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                ('account', models.ForeignKey(blank=True, help_text='Empty: of several at once.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.account', verbose_name='account')),
            ],
            options={
                'verbose_name': 'event lift',
                'verbose_name_plural': 'event lifts',
                'constraints': [models.UniqueConstraint(condition=models.Q(('account__isnull', False)), fields=('event_type', 'account'), name='demand_eventlift_once'), models.UniqueConstraint(condition=models.Q(('account__isnull', True)), fields=('event_type',), name='demand_eventlift_general_once')],
            },
        ),
        migrations.CreateModel(
            name='EventSales',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_key', models.CharField(max_length=120, verbose_name='event')),
                ('event_type', models.SlugField(max_length=60, verbose_name='event type')),
                ('first_on', models.DateField(verbose_name='first day')),
                ('last_on', models.DateField(verbose_name='last day')),
                ('sold_units', models.FloatField(verbose_name='units sold')),
                ('baseline_units', models.FloatField(verbose_name='baseline')),
                ('log_lift', models.FloatField(verbose_name='logarithm of the lift')),
                ('dip_sold_units', models.FloatField(verbose_name='units sold after it')),
                ('dip_baseline_units', models.FloatField(verbose_name='baseline after it')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.account', verbose_name='account')),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.stockpool', verbose_name='pool')),
                ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'sales of an event',
                'verbose_name_plural': 'sales of events',
                'indexes': [models.Index(fields=['event_type', 'account'], name='demand_eventsales_type')],
                'constraints': [models.UniqueConstraint(fields=('sku', 'pool', 'event_key'), name='demand_eventsales_once')],
            },
        ),
        migrations.CreateModel(
            name='ForecastAdjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason', models.CharField(help_text='Why: what the next person reads.', max_length=300, verbose_name='reason')),
                ('made_by', models.CharField(editable=False, max_length=150, verbose_name='made by')),
                ('factor', models.FloatField(blank=True, help_text='Such as 1.2 for a fifth more.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100.0)], verbose_name='factor')),
                ('locked_units', models.FloatField(blank=True, help_text='Takes the place of the forecast: no event, signal or factor moves it.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100000000.0)], verbose_name='locked units a day')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.account', verbose_name='account')),
                ('category', models.ForeignKey(blank=True, help_text='And all beneath it.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.category', verbose_name='category')),
                ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.stockpool', verbose_name='pool')),
                ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'forecast adjustment',
                'verbose_name_plural': 'forecast adjustments',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='demand_adjustment_ends_after_start', violation_error_message='The last day is not before the first.'), models.CheckConstraint(condition=models.Q(('factor__isnull', True), ('locked_units__isnull', True), _connector='XOR'), name='demand_adjustment_factor_or_lock', violation_error_message='State either a factor or locked units a day.')],
            },
        ),
        migrations.CreateModel(
            name='MarketSignal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason', models.CharField(help_text='Why: what the next person reads.', max_length=300, verbose_name='reason')),
                ('made_by', models.CharField(editable=False, max_length=150, verbose_name='made by')),
                ('kind', models.CharField(choices=[('competitor_launch', "A competitor's launch"), ('keyword_rank', 'Rank of a keyword'), ('industry', 'News of the industry'), ('complaints', 'Wave of complaints'), ('other', 'Other')], max_length=20, verbose_name='kind')),
                ('factor', models.FloatField(help_text='Below 1 it lowers the forecast, above 1 it raises it.', validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100.0)], verbose_name='factor')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('value_before', models.FloatField(blank=True, help_text='Of what was observed, such as rank 40.', null=True, verbose_name='value before')),
                ('value_after', models.FloatField(blank=True, help_text='Such as rank 8.', null=True, verbose_name='value after')),
                ('must_be_followed', models.BooleanField(default=False, help_text='Expires after a week if sales do not move at least half as far as it says.', verbose_name='sales must follow')),
                ('expired_on', models.DateField(blank=True, editable=False, null=True, verbose_name='expired')),
                ('rate_before', models.FloatField(editable=False, null=True, verbose_name='units a day before it')),
                ('rate_since', models.FloatField(editable=False, null=True, verbose_name='units a day since')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.account', verbose_name='account')),
                ('category', models.ForeignKey(blank=True, help_text='And all beneath it.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.category', verbose_name='category')),
                ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.stockpool', verbose_name='pool')),
                ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'market signal',
                'verbose_name_plural': 'market signals',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='demand_marketsignal_ends_after_start', violation_error_message='The last day is not before the first.')],
            },
        ),
        migrations.CreateModel(
            name='PlannedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason', models.CharField(help_text='Why: what the next person reads.', max_length=300, verbose_name='reason')),
                ('made_by', models.CharField(editable=False, max_length=150, verbose_name='made by')),
                ('kind', models.CharField(choices=[('promotion', 'Promotion'), ('price_change', 'Price change'), ('closure', 'Closure')], max_length=16, verbose_name='kind')),
                ('event_type', models.SlugField(help_text='Such as flash-sale or 618: events of one type are taken to lift alike.', max_length=60, verbose_name='event type')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('expected_lift', models.FloatField(blank=True, help_text='Demand over that of an ordinary day, such as 2.6. Empty: what past events of the type taught.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100.0)], verbose_name='expected lift')),
                ('safety_stock_factor', models.FloatField(blank=True, help_text='Multiplies the safety stock from the first day to the last, such as 1.5; then it is as before.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100.0)], verbose_name='safety stock factor')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.account', verbose_name='account')),
                ('category', models.ForeignKey(blank=True, help_text='And all beneath it.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.category', verbose_name='category')),
                ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.stockpool', verbose_name='pool')),
                ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'planned event',
                'verbose_name_plural': 'planned events',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='demand_plannedevent_ends_after_start', violation_error_message='The last day is not before the first.')],
            },
        ),
    ]
