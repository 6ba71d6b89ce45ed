"""Catalogue: the tables as 0001 to 0006 left them."""

import django.core.validators
import django.db.models.deletion
import stockhub.core.clock
import stockhub.core.fields
from django.db import migrations, models

from stockhub.core.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('catalog', '0001_initial'),
        ('catalog', '0002_presale'),
        ('catalog', '0003_bundles_by_id'),
        ('catalog', '0004_overrides'),
        ('catalog', '0005_benchmarks'),
        ('catalog', '0006_clearance'),
    ]

    dependencies = [
    ]

    operations = [
        CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Season',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('site', models.CharField(blank=True, max_length=40, verbose_name='site')),
                        ('starts_month', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='first month')),
                        ('starts_day', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)], verbose_name='first day')),
                        ('ends_month', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='last month')),
                        ('ends_day', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)], verbose_name='last day')),
                    ],
                    options={
                        'verbose_name': 'season',
                        'verbose_name_plural': 'seasons',
                    },
                ),
                migrations.CreateModel(
                    name='Stage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='slug')),
                        ('name_en', models.CharField(max_length=80, verbose_name='name')),
                        ('name_zh', models.CharField(max_length=80, verbose_name='name in Chinese')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ],
                    options={
                        'verbose_name': 'life-cycle stage',
                        'verbose_name_plural': 'life-cycle stages',
                        'ordering': ['position'],
                    },
                ),
                migrations.CreateModel(
                    name='Warehouse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=200, verbose_name='name')),
                        ('kind', models.CharField(choices=[('own', 'Own warehouse'), ('store', 'Store'), ('fba', 'Fulfilled by Amazon'), ('platform_cloud', 'Platform cloud warehouse'), ('third_party', 'Third-party logistics'), ('consigned', 'Consigned'), ('drop_ship', 'Supplier drop-ship')], default='own', max_length=20, verbose_name='kind')),
                        ('authority', models.CharField(choices=[('ledger', 'We count: orders reserve here'), ('snapshot', 'The platform counts: its figures are observed')], default='ledger', max_length=10, verbose_name='authority')),
                        ('legal_entity', models.CharField(blank=True, max_length=200, verbose_name='legal entity')),
                        ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                        ('time_zone', models.CharField(default='Asia/Shanghai', max_length=60, verbose_name='time zone')),
                        ('capacity_units', models.PositiveIntegerField(blank=True, null=True, verbose_name='capacity in units')),
                        ('capacity_litres', models.PositiveIntegerField(blank=True, null=True, verbose_name='capacity in litres')),
                        ('allows_backorder', models.BooleanField(default=False, help_text='Available stock may go below zero here.', verbose_name='allows back-orders')),
                        ('ledger_starts_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='ledger starts')),
                        ('allows_presale', models.BooleanField(db_default=False, default=False, help_text='A presale is promised what is on its way here.', verbose_name='allows presales')),
                    ],
                    options={
                        'verbose_name': 'warehouse',
                        'verbose_name_plural': 'warehouses',
                    },
                ),
                migrations.CreateModel(
                    name='Category',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=200, verbose_name='name')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalog.category', verbose_name='parent')),
                    ],
                    options={
                        'verbose_name': 'category',
                        'verbose_name_plural': 'categories',
                    },
                ),
                migrations.CreateModel(
                    name='ExchangeRate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='day')),
                        ('source_currency', stockhub.core.fields.CurrencyField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='from')),
                        ('target_currency', stockhub.core.fields.CurrencyField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='to')),
                        ('rate', models.CharField(help_text='A decimal as text, eight places.', max_length=30, verbose_name='rate')),
                        ('origin', models.CharField(blank=True, max_length=100, verbose_name='origin')),
                    ],
                    options={
                        'verbose_name': 'exchange rate',
                        'verbose_name_plural': 'exchange rates',
                        'constraints': [models.UniqueConstraint(fields=('day', 'source_currency', 'target_currency'), name='catalog_exchangerate_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StockPool',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=200, verbose_name='name')),
                        ('time_zone', models.CharField(default='Asia/Shanghai', max_length=60, verbose_name='time zone')),
                        ('warehouses', models.ManyToManyField(related_name='pools', through='catalog.PoolWarehouse', to='catalog.warehouse', verbose_name='warehouses')),
                    ],
                    options={
                        'verbose_name': 'stock pool',
                        'verbose_name_plural': 'stock pools',
                    },
                ),
                migrations.CreateModel(
                    name='Product',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('code', models.CharField(max_length=100, unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=300, verbose_name='name')),
                        ('brand', models.CharField(blank=True, max_length=120, verbose_name='brand')),
                        ('variant_axes', models.JSONField(blank=True, default=list, help_text='For example ["colour", "size"].', verbose_name='variant axes')),
                        ('attributes', models.JSONField(blank=True, default=dict, verbose_name='attributes')),
                        ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.category', verbose_name='category')),
                    ],
                    options={
                        'verbose_name': 'product',
                        'verbose_name_plural': 'products',
                    },
                ),
                migrations.CreateModel(
                    name='CategoryMapping',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('marketplace', models.CharField(max_length=60, verbose_name='marketplace')),
                        ('value', models.CharField(max_length=200, verbose_name='category there')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mappings', to='catalog.category', verbose_name='category')),
                    ],
                    options={
                        'verbose_name': 'category mapping',
                        'verbose_name_plural': 'category mappings',
                        'constraints': [models.UniqueConstraint(fields=('category', 'marketplace'), name='catalog_categorymapping_once')],
                    },
                ),
                migrations.CreateModel(
                    name='CategoryBenchmark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('turnover', models.FloatField(help_text='How often a year stock is sold.', validators=[django.core.validators.MinValueValidator(0)], verbose_name='turnover a year')),
                        ('as_of', models.DateField(help_text='The day that the figure speaks of, not the day it was read.', verbose_name='as of')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='recorded')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='benchmarks', to='catalog.category', verbose_name='category')),
                    ],
                    options={
                        'verbose_name': 'benchmark of a category',
                        'verbose_name_plural': 'benchmarks of categories',
                        'constraints': [models.UniqueConstraint(fields=('category', 'as_of'), name='catalog_categorybenchmark_once'), models.CheckConstraint(condition=models.Q(('turnover__gte', 0)), name='catalog_categorybenchmark_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='Sku',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('code', models.CharField(max_length=100, unique=True, verbose_name='code')),
                        ('name', models.CharField(blank=True, max_length=300, verbose_name='name')),
                        ('brand', models.CharField(blank=True, max_length=120, verbose_name='brand')),
                        ('barcode', models.CharField(blank=True, max_length=60, verbose_name='barcode')),
                        ('attributes', models.JSONField(blank=True, default=dict, help_text="Values on the product's variant axes, and more.", verbose_name='attributes')),
                        ('is_bundle', models.BooleanField(default=False, help_text='Has no stock of its own; its components have.', verbose_name='bundle')),
                        ('is_replenished', models.BooleanField(default=True, help_text='Off: no shortage alert, nothing to order.', verbose_name='bought again')),
                        ('unit_cost_amount', stockhub.core.fields.AmountField(blank=True, null=True, verbose_name='unit cost')),
                        ('unit_cost_currency', stockhub.core.fields.CurrencyField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='currency of the cost')),
                        ('price_amount', stockhub.core.fields.AmountField(blank=True, null=True, verbose_name='list price')),
                        ('price_currency', stockhub.core.fields.CurrencyField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='currency of the price')),
                        ('weight_grams', models.PositiveIntegerField(blank=True, null=True, verbose_name='weight in grams')),
                        ('length_mm', models.PositiveIntegerField(blank=True, null=True, verbose_name='length in mm')),
                        ('width_mm', models.PositiveIntegerField(blank=True, null=True, verbose_name='width in mm')),
                        ('height_mm', models.PositiveIntegerField(blank=True, null=True, verbose_name='height in mm')),
                        ('shelf_life_days', models.PositiveIntegerField(blank=True, null=True, verbose_name='shelf life in days')),
                        ('launched_on', models.DateField(blank=True, null=True, verbose_name='launched')),
                        ('discontinued_on', models.DateField(blank=True, null=True, verbose_name='discontinued')),
                        ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='skus', to='catalog.category', verbose_name='category')),
                        ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='skus', to='catalog.product', verbose_name='product')),
                        ('season', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='skus', to='catalog.season', verbose_name='season')),
                        ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='skus', to='catalog.stage', verbose_name='stage')),
                        ('is_clearance', models.BooleanField(db_default=False, default=False, help_text='Its stage is liquidation as long as this is set.', verbose_name='on clearance')),
                    ],
                    options={
                        'verbose_name': 'SKU',
                        'verbose_name_plural': 'SKUs',
                        'indexes': [models.Index(condition=models.Q(('is_bundle', True)), fields=['id'], name='catalog_sku_bundles')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('unit_cost_amount__isnull', True), ('unit_cost_amount__gte', 0), _connector='OR'), name='catalog_sku_cost_not_negative'), models.CheckConstraint(condition=models.Q(('price_amount__isnull', True), ('price_amount__gte', 0), _connector='OR'), name='catalog_sku_price_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='PoolWarehouse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('priority', models.PositiveSmallIntegerField(default=1, verbose_name='priority')),
                        ('pool', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pool_warehouses', to='catalog.stockpool', verbose_name='pool')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pool_warehouses', to='catalog.warehouse', verbose_name='warehouse')),
                    ],
                    options={
                        'verbose_name': 'warehouse of a pool',
                        'verbose_name_plural': 'warehouses of pools',
                        'ordering': ['priority', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('pool', 'warehouse'), name='catalog_poolwarehouse_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StockPolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('safety_stock_method', models.CharField(choices=[('statistical', 'From the forecast error and the lead time'), ('cover_days', 'Days of sales'), ('fixed', 'A fixed quantity')], default='statistical', max_length=20, verbose_name='safety stock by')),
                        ('safety_stock_qty', models.PositiveIntegerField(blank=True, null=True, verbose_name='fixed safety stock')),
                        ('safety_cover_days', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='days of sales as safety')),
                        ('service_level', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.5), django.core.validators.MaxValueValidator(0.999)], verbose_name='service level')),
                        ('review_period_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='review period in days')),
                        ('lead_time_days', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='lead time in days')),
                        ('alert_threshold_qty', models.PositiveIntegerField(blank=True, help_text="A threshold of the user's own.", null=True, verbose_name='warn below')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='catalog.sku', verbose_name='SKU')),
                        ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='catalog.stockpool', verbose_name='pool')),
                        ('alert_cover_days', models.FloatField(blank=True, help_text='The threshold follows the forecast; it never lies below the quantity, where one is given.', null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='warn below days of sales')),
                        ('alert_schedule', models.CharField(blank=True, choices=[('continuous', 'With every forecast'), ('weekly', 'Once a week'), ('monthly', 'Once a month')], help_text='When a threshold in days of sales is set anew; empty: with every forecast.', max_length=12, null=True, verbose_name='follows the forecast')),
                        ('is_replenished', models.BooleanField(blank=True, help_text='Whatever its stage says; empty: as its stage says.', null=True, verbose_name='bought again')),
                    ],
                    options={
                        'verbose_name': 'stock policy',
                        'verbose_name_plural': 'stock policies',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('pool__isnull', False)), fields=('sku', 'pool'), name='catalog_stockpolicy_once'), models.UniqueConstraint(condition=models.Q(('pool__isnull', True)), fields=('sku',), name='catalog_stockpolicy_default_once')],
                    },
                ),
                migrations.CreateModel(
                    name='BundleComponent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('qty', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='quantity')),
                        ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='catalog.sku', verbose_name='bundle')),
                        ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_of', to='catalog.sku', verbose_name='component')),
                    ],
                    options={
                        'verbose_name': 'bundle component',
                        'verbose_name_plural': 'bundle components',
                        'constraints': [models.UniqueConstraint(fields=('bundle', 'component'), name='catalog_bundlecomponent_once'), models.CheckConstraint(condition=models.Q(('bundle', models.F('component')), _negated=True), name='catalog_bundlecomponent_not_itself'), models.CheckConstraint(condition=models.Q(('qty__gte', 1)), name='catalog_bundlecomponent_qty_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='SkuRelation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('supersedes', 'Supersedes'), ('substitute_of', 'Is a substitute of')], max_length=20, verbose_name='kind')),
                        ('valid_from', models.DateField(verbose_name='from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_from', to='catalog.sku', verbose_name='other SKU')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='catalog.sku', verbose_name='SKU')),
                    ],
                    options={
                        'verbose_name': 'SKU relation',
                        'verbose_name_plural': 'SKU relations',
                        'constraints': [models.UniqueConstraint(fields=('sku', 'other', 'kind', 'valid_from'), name='catalog_skurelation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StockOverride',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.CharField(choices=[('alert_threshold', 'Warning line'), ('safety_stock', 'Safety stock')], default='alert_threshold', max_length=20, verbose_name='line')),
                        ('qty', models.PositiveIntegerField(blank=True, help_text='Stands in place of the line.', null=True, verbose_name='quantity')),
                        ('factor', models.FloatField(blank=True, help_text='Multiplies the line, which goes on following its policy and forecast.', null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100.0)], verbose_name='factor')),
                        ('starts_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='from')),
                        ('until_at', models.DateTimeField(verbose_name='until')),
                        ('reason', models.CharField(max_length=300, verbose_name='why')),
                        ('set_by', models.CharField(editable=False, max_length=150, verbose_name='set by')),
                        ('set_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='set')),
                        ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended early')),
                        ('ended_by', models.CharField(blank=True, editable=False, max_length=150, verbose_name='ended by')),
                        ('end_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='ended because')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='catalog.stockpool', verbose_name='pool')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='catalog.sku', verbose_name='SKU')),
                    ],
                    options={
                        'verbose_name': 'override',
                        'verbose_name_plural': 'overrides',
                        'indexes': [models.Index(fields=['sku', 'until_at'], name='catalog_override_by_sku')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('factor__isnull', False), ('qty__isnull', True)), models.Q(('factor__isnull', True), ('qty__isnull', False)), _connector='OR'), name='catalog_stockoverride_qty_or_factor'), models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('starts_at'))), name='catalog_stockoverride_ends_later')],
                    },
                ),
                migrations.CreateModel(
                    name='ThresholdAdjustment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('schedule', models.CharField(choices=[('continuous', 'With every forecast'), ('weekly', 'Once a week'), ('monthly', 'Once a month')], max_length=12, verbose_name='schedule')),
                        ('period_on', models.DateField(verbose_name='first day of its week or month')),
                        ('qty', models.PositiveIntegerField(verbose_name='quantity')),
                        ('previous_qty', models.PositiveIntegerField(null=True, verbose_name='quantity before')),
                        ('cover_days', models.FloatField(verbose_name='days of sales')),
                        ('daily_mean', models.FloatField(verbose_name='forecast mean a day')),
                        ('is_current', models.BooleanField(default=True, verbose_name='holds now')),
                        ('cycle_id', models.BigIntegerField(null=True, verbose_name='run')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('pool', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adjustments', to='catalog.stockpool', verbose_name='pool')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='adjustments', to='catalog.sku', verbose_name='SKU')),
                    ],
                    options={
                        'verbose_name': 'adjustment of a warning line',
                        'verbose_name_plural': 'adjustments of warning lines',
                        'constraints': [models.UniqueConstraint(fields=('sku', 'pool', 'schedule', 'period_on'), name='catalog_adjustment_once_a_period'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('sku', 'pool'), name='catalog_adjustment_one_current')],
                    },
                ),
            ],
        ),
    ]
