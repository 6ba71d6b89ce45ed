"""Inventory: the tables as 0001 to 0012 left them, and what models cannot say: see the migrations that are named below."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import stockhub.core.clock
import stockhub.core.fields
from django.db import migrations, models

from stockhub.core.migrating import CreateModels

_append_only = import_module("stockhub.inventory.migrations.0002_movements_append_only")
_partitions = import_module("stockhub.inventory.migrations.0004_movement_partitions")
_late = import_module("stockhub.inventory.migrations.0006_lot_receipts_and_checkpoints")
_line_function = import_module("stockhub.inventory.migrations.0009_reserve_line")
_indexes = import_module("stockhub.inventory.migrations.0010_fewer_indexes")


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('inventory', '0001_initial'),
        ('inventory', '0002_movements_append_only'),
        ('inventory', '0003_more_movement_kinds'),
        ('inventory', '0004_movement_partitions'),
        ('inventory', '0005_transfers'),
        ('inventory', '0006_lot_receipts_and_checkpoints'),
        ('inventory', '0007_disputes'),
        ('inventory', '0008_presale_allocations'),
        ('inventory', '0009_reserve_line'),
        ('inventory', '0010_fewer_indexes'),
        ('inventory', '0011_dispute_of_units_without_stock'),
        ('inventory', '0012_reserve_line_by_reference'),
    ]

    dependencies = [
        ('catalog', '0001_initial'),
        ('outbox', '0001_initial'),
    ]

    operations = [
        CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Bucket',
                    fields=[
                        ('slug', models.CharField(max_length=24, primary_key=True, serialize=False, verbose_name='slug')),
                        ('name_en', models.CharField(max_length=60, verbose_name='name')),
                        ('name_zh', models.CharField(max_length=60, verbose_name='name in Chinese')),
                        ('counts_in_position', models.BooleanField(verbose_name='counts in the inventory position')),
                        ('is_sellable', models.BooleanField(verbose_name='can be sold')),
                        ('can_ship_today', models.BooleanField(verbose_name='can ship today')),
                        ('is_physical', models.BooleanField(verbose_name='lies in the warehouse')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ],
                    options={
                        'verbose_name': 'bucket',
                        'verbose_name_plural': 'buckets',
                        'ordering': ['position'],
                    },
                ),
                migrations.CreateModel(
                    name='MovementKey',
                    fields=[
                        ('key', models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name='key')),
                        ('fingerprint', models.CharField(max_length=64, verbose_name='fingerprint')),
                        ('posted_qty', models.BigIntegerField(default=0, help_text='Units that its movement moved; 0 for a request as a whole.', verbose_name='posted')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                    ],
                    options={
                        'verbose_name': 'idempotency key',
                        'verbose_name_plural': 'idempotency keys',
                    },
                ),
                migrations.CreateModel(
                    name='Lot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=100, verbose_name='lot')),
                        ('received_on', models.DateField(help_text='The age counts from here; a transfer keeps it.', verbose_name='received')),
                        ('produced_on', models.DateField(blank=True, null=True, verbose_name='produced')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires')),
                        ('grade', models.CharField(choices=[('new', 'New'), ('like_new', 'Returned, like new'), ('damaged', 'Damaged'), ('defective', 'Defective')], default='new', max_length=12, verbose_name='grade')),
                        ('received_qty', models.PositiveBigIntegerField(verbose_name='received quantity')),
                        ('remaining_qty', models.PositiveBigIntegerField(verbose_name='remaining quantity')),
                        ('settled_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='settled')),
                        ('reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='catalog.warehouse', verbose_name='warehouse')),
                        ('origin', models.ForeignKey(blank=True, help_text='The lot of another warehouse that a transfer took its units from.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='became', to='inventory.lot', verbose_name='was before')),
                    ],
                    options={
                        'verbose_name': 'lot',
                        'verbose_name_plural': 'lots',
                        'constraints': [models.UniqueConstraint(fields=('sku', 'warehouse', 'code'), name='inventory_lot_once'), models.CheckConstraint(condition=models.Q(('remaining_qty__lte', models.F('received_qty'))), name='inventory_lot_remaining')],
                    },
                ),
                migrations.CreateModel(
                    name='StockHistory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first_on', models.DateField(verbose_name='first day')),
                        ('qty', stockhub.core.fields.ArrayField(default=bytes, dtype='<f4', editable=False, verbose_name="stock at the day's end")),
                        ('updated_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='updated')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stock_history', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stock_history', to='catalog.warehouse', verbose_name='warehouse')),
                    ],
                    options={
                        'verbose_name': 'stock history',
                        'verbose_name_plural': 'stock histories',
                        'constraints': [models.UniqueConstraint(fields=('sku', 'warehouse'), name='inventory_stockhistory_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Allocation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reference', models.CharField(help_text='The order line, such as line:123.', max_length=160, verbose_name='reference')),
                        ('account_id', models.BigIntegerField(null=True, verbose_name='account')),
                        ('wanted_qty', models.PositiveBigIntegerField(verbose_name='wanted')),
                        ('ship_qty', models.PositiveBigIntegerField(default=0, help_text='Of the wanted units, those that left.', verbose_name='to be shipped')),
                        ('reserved_qty', models.PositiveBigIntegerField(default=0, verbose_name='reserved')),
                        ('shipped_qty', models.PositiveBigIntegerField(default=0, verbose_name='shipped')),
                        ('unbacked_qty', models.PositiveBigIntegerField(default=0, verbose_name='shipped without stock')),
                        ('paid_amount', stockhub.core.fields.AmountField(blank=True, null=True, verbose_name='paid')),
                        ('currency', stockhub.core.fields.CurrencyField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='currency')),
                        ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                        ('ship_by_at', models.DateTimeField(blank=True, null=True, verbose_name='ship by')),
                        ('ordered_at', models.DateTimeField(verbose_name='ordered')),
                        ('revision', models.PositiveIntegerField(default=0, help_text="Counts its changes; part of the movements' keys.", verbose_name='revision')),
                        ('updated_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='updated')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='catalog.warehouse', verbose_name='warehouse')),
                        ('is_presale', models.BooleanField(db_default=False, default=False, help_text='Takes what is on its way.', verbose_name='presale')),
                    ],
                    options={
                        'verbose_name': 'allocation',
                        'verbose_name_plural': 'allocations',
                        'indexes': [models.Index(condition=models.Q(('shipped_qty__lt', models.F('wanted_qty'))), fields=['sku', 'warehouse', 'ship_by_at'], name='inventory_allocation_open')],
                        'constraints': [models.UniqueConstraint(fields=('reference', 'sku', 'warehouse'), name='inventory_allocation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Transfer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                        ('code', models.CharField(max_length=100, unique=True, verbose_name='code')),
                        ('status', models.CharField(choices=[('planned', 'Planned'), ('in_transit', 'In transit'), ('receiving', 'Receiving'), ('received', 'Received'), ('cancelled', 'Cancelled')], default='planned', max_length=12, verbose_name='status')),
                        ('mode', models.CharField(blank=True, help_text='sea, air, express, truck', max_length=30, verbose_name='mode')),
                        ('shipped_on', models.DateField(blank=True, null=True, verbose_name='shipped')),
                        ('expected_on', models.DateField(blank=True, null=True, verbose_name='expected')),
                        ('received_on', models.DateField(blank=True, null=True, verbose_name='received')),
                        ('state_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='in this state since')),
                        ('from_warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_out', to='catalog.warehouse', verbose_name='from')),
                        ('to_warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_in', to='catalog.warehouse', verbose_name='to')),
                    ],
                    options={
                        'verbose_name': 'transfer',
                        'verbose_name_plural': 'transfers',
                        'constraints': [models.CheckConstraint(condition=models.Q(('from_warehouse', models.F('to_warehouse')), _negated=True), name='inventory_transfer_goes_elsewhere')],
                        'indexes': [models.Index(condition=models.Q(('status__in', ['in_transit', 'receiving'])), fields=['expected_on'], name='inventory_transfer_under_way')],
                    },
                ),
                migrations.CreateModel(
                    name='StockVariance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('transfer', 'Transfer'), ('shipment', "Supplier's shipment")], max_length=12, verbose_name='document')),
                        ('reference', models.CharField(help_text='The document, such as transfer:TR-1.', max_length=120, verbose_name='reference')),
                        ('line_no', models.PositiveIntegerField(verbose_name='line')),
                        ('expected_qty', models.PositiveIntegerField(verbose_name='units sent')),
                        ('found_qty', models.PositiveIntegerField(verbose_name='units found')),
                        ('status', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('found', 'Found'), ('withdrawn', 'Withdrawn')], default='open', max_length=12, verbose_name='status')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('opened_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='opened')),
                        ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved')),
                        ('resolved_by', models.CharField(blank=True, max_length=150, verbose_name='resolved by')),
                        ('updated_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='updated')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variances', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variances', to='catalog.warehouse', verbose_name='warehouse')),
                    ],
                    options={
                        'verbose_name': 'variance',
                        'verbose_name_plural': 'variances',
                        'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['warehouse', 'opened_at'], name='inventory_stockvariance_open')],
                        'constraints': [models.UniqueConstraint(fields=('reference', 'line_no', 'sku'), name='inventory_stockvariance_once')],
                    },
                ),
                migrations.CreateModel(
                    name='LedgerProof',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('started_at', models.DateTimeField(db_index=True, verbose_name='started')),
                        ('duration_seconds', models.FloatField(verbose_name='seconds')),
                        ('discrepancy_count', models.PositiveIntegerField(verbose_name='discrepancies')),
                        ('discrepancies', models.JSONField(default=list, help_text='The first hundred.', verbose_name='what does not hold')),
                        ('actor', models.CharField(max_length=150, verbose_name='actor')),
                    ],
                    options={
                        'verbose_name': 'proof of the ledger',
                        'verbose_name_plural': 'proofs of the ledger',
                    },
                ),
                migrations.CreateModel(
                    name='RepeatedMovement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('movement_id', models.BigIntegerField(unique=True, verbose_name='movement')),
                        ('key', models.CharField(max_length=200, verbose_name='idempotency key')),
                        ('qty', models.BigIntegerField(verbose_name='quantity')),
                        ('reversed_by', models.CharField(max_length=200, verbose_name='key of the correction')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                    ],
                    options={
                        'verbose_name': 'repeated movement',
                        'verbose_name_plural': 'repeated movements',
                    },
                ),
                migrations.CreateModel(
                    name='StockDispute',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cause', models.CharField(choices=[('count', 'Stock count'), ('reconcile', 'Correction of the ledger'), ('variance', 'Variance of a receipt'), ('operator', 'Doubt of a person'), ('unbacked', 'Shipped without stock')], max_length=12, verbose_name='cause')),
                        ('buckets', models.JSONField(default=list, help_text='What is doubted; a count that confirms it must name all of them.', verbose_name='buckets')),
                        ('book_qty', models.BigIntegerField(blank=True, null=True, verbose_name='units by the book')),
                        ('counted_qty', models.BigIntegerField(blank=True, null=True, verbose_name='units counted')),
                        ('deviation_pct', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='deviation, %')),
                        ('counted_at', models.DateTimeField(blank=True, null=True, verbose_name='counted')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('opened_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='opened')),
                        ('opened_by', models.CharField(max_length=150, verbose_name='opened by')),
                        ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved')),
                        ('resolved_by', models.CharField(blank=True, max_length=150, verbose_name='resolved by')),
                        ('resolution', models.CharField(blank=True, max_length=300, verbose_name='resolution')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, verbose_name='updated')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='disputes', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disputes', to='catalog.warehouse', verbose_name='warehouse')),
                    ],
                    options={
                        'verbose_name': 'stock dispute',
                        'verbose_name_plural': 'stock disputes',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at__isnull', True)), fields=('sku', 'warehouse'), name='inventory_stockdispute_one_open')],
                    },
                ),
                migrations.CreateModel(
                    name='LotCost',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('purchase', 'Purchase'), ('freight', 'Freight'), ('duty', 'Duty'), ('inbound', 'Inbound handling')], max_length=12, verbose_name='kind')),
                        ('unit_amount', stockhub.core.fields.AmountField(verbose_name='amount a unit')),
                        ('currency', stockhub.core.fields.CurrencyField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='currency')),
                        ('rate_on', models.DateField(help_text='The day whose exchange rate applies.', verbose_name='rate of')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('lot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='costs', to='inventory.lot', verbose_name='lot')),
                    ],
                    options={
                        'verbose_name': 'cost of a lot',
                        'verbose_name_plural': 'costs of lots',
                    },
                ),
                migrations.CreateModel(
                    name='Movement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('qty', models.BigIntegerField(verbose_name='quantity')),
                        ('kind', models.CharField(choices=[('opening', 'Opening stock'), ('receive', 'Receipt'), ('order', 'Ordered from a supplier'), ('depart', 'Left the supplier'), ('reserve', 'Reservation'), ('release', 'Release'), ('ship', 'Shipment'), ('return', 'Return'), ('adjust', 'Adjustment'), ('count', 'Stock count'), ('observe', 'Observed on the platform'), ('move', 'Move between buckets'), ('cancel', 'Cancelled supply'), ('transfer', 'Transfer between warehouses'), ('remove', 'Removal to the owner'), ('dispose', 'Disposal'), ('correct', 'Correction of the ledger')], max_length=12, verbose_name='kind')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('reference', models.CharField(blank=True, help_text='What caused it, such as order:dy-main:123.', max_length=120, verbose_name='reference')),
                        ('actor', models.CharField(max_length=150, verbose_name='actor')),
                        ('key', models.CharField(max_length=200, verbose_name='idempotency key')),
                        ('occurred_at', models.DateTimeField(verbose_name='occurred')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('from_bucket', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bucket', verbose_name='from')),
                        ('sku', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='catalog.sku', verbose_name='SKU')),
                        ('to_bucket', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bucket', verbose_name='to')),
                        ('warehouse', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='catalog.warehouse', verbose_name='warehouse')),
                    ],
                    options={
                        'verbose_name': 'movement',
                        'verbose_name_plural': 'movements',
                        'indexes': [models.Index(fields=['sku', 'warehouse', 'occurred_at'], name='inventory_movement_history')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='inventory_movement_qty_positive'), models.CheckConstraint(condition=models.Q(('from_bucket__isnull', False), ('to_bucket__isnull', False), _connector='OR'), name='inventory_movement_goes_somewhere'), models.CheckConstraint(condition=models.Q(('from_bucket__isnull', True), ('to_bucket__isnull', True), models.Q(('from_bucket', models.F('to_bucket')), _negated=True), _connector='OR'), name='inventory_movement_changes_bucket')],
                    },
                ),
                migrations.CreateModel(
                    name='Balance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('qty', models.BigIntegerField(default=0, verbose_name='quantity')),
                        ('observed_at', models.DateTimeField(blank=True, help_text='When the platform last counted it.', null=True, verbose_name='observed')),
                        ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, verbose_name='updated')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='balances', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='balances', to='catalog.warehouse', verbose_name='warehouse')),
                        ('bucket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bucket', verbose_name='bucket')),
                    ],
                    options={
                        'verbose_name': 'balance',
                        'verbose_name_plural': 'balances',
                        'constraints': [models.UniqueConstraint(fields=('sku', 'warehouse', 'bucket'), name='inventory_balance_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TransferEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status', models.CharField(choices=[('planned', 'Planned'), ('in_transit', 'In transit'), ('receiving', 'Receiving'), ('received', 'Received'), ('cancelled', 'Cancelled')], max_length=12, verbose_name='status')),
                        ('expected_on', models.DateField(blank=True, null=True, verbose_name='expected')),
                        ('occurred_at', models.DateTimeField(verbose_name='occurred')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='inventory.transfer', verbose_name='transfer')),
                    ],
                    options={
                        'verbose_name': 'state of a transfer',
                        'verbose_name_plural': 'states of transfers',
                    },
                ),
                migrations.CreateModel(
                    name='TransferLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line_no', models.PositiveIntegerField(verbose_name='line')),
                        ('units_each', models.PositiveIntegerField(default=1, help_text='As the bundle was when the line was made.', verbose_name='units in a bundle')),
                        ('planned_qty', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='planned')),
                        ('shipped_qty', models.PositiveIntegerField(default=0, verbose_name='shipped')),
                        ('received_qty', models.PositiveIntegerField(default=0, verbose_name='received')),
                        ('damaged_qty', models.PositiveIntegerField(default=0, verbose_name='of them damaged')),
                        ('lost_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='written off')),
                        ('freight_amount', stockhub.core.fields.AmountField(blank=True, null=True, verbose_name='freight a unit')),
                        ('freight_currency', stockhub.core.fields.CurrencyField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Use an ISO 4217 code such as CNY or USD.')], verbose_name='currency of the freight')),
                        ('posted_out_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='posted as left')),
                        ('posted_transit_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='posted in transit')),
                        ('posted_receiving_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='posted as receiving')),
                        ('posted_received_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='posted as received')),
                        ('posted_damaged_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='posted as damaged')),
                        ('posted_missing_qty', models.PositiveIntegerField(default=0, editable=False, verbose_name='posted as missing')),
                        ('revision', models.PositiveIntegerField(default=0, editable=False, verbose_name='revision')),
                        ('bucket', models.ForeignKey(db_index=False, default='available', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bucket', verbose_name='bucket')),
                        ('bundle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku', verbose_name='of the bundle')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfer_lines', to='catalog.sku', verbose_name='SKU')),
                        ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.transfer', verbose_name='transfer')),
                    ],
                    options={
                        'verbose_name': 'transfer line',
                        'verbose_name_plural': 'transfer lines',
                        'constraints': [models.UniqueConstraint(fields=('transfer', 'line_no', 'sku'), name='inventory_transferline_once'), models.CheckConstraint(condition=models.Q(('planned_qty__gte', 1)), name='inventory_transferline_qty_positive'), models.CheckConstraint(condition=models.Q(('damaged_qty__lte', models.F('received_qty'))), name='inventory_transferline_damaged')],
                    },
                ),
                migrations.CreateModel(
                    name='BalanceCheckpoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('qty', models.BigIntegerField(verbose_name='quantity')),
                        ('bucket', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bucket', verbose_name='bucket')),
                        ('sku', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku', verbose_name='SKU')),
                        ('warehouse', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.warehouse', verbose_name='warehouse')),
                    ],
                    options={
                        'verbose_name': 'checkpoint of balances',
                        'verbose_name_plural': 'checkpoints of balances',
                        'constraints': [models.UniqueConstraint(fields=('at', 'sku', 'warehouse', 'bucket'), name='inventory_balancecheckpoint_once')],
                    },
                ),
                migrations.CreateModel(
                    name='LotReceipt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('qty', models.PositiveBigIntegerField(verbose_name='quantity')),
                        ('occurred_at', models.DateTimeField(verbose_name='occurred')),
                        ('recorded_at', models.DateTimeField(default=stockhub.core.clock.now, verbose_name='recorded')),
                        ('sellable_before_qty', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='sellable units before')),
                        ('unsellable_before_qty', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='unsellable units before')),
                        ('lot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='inventory.lot', verbose_name='lot')),
                    ],
                    options={
                        'verbose_name': 'receipt of a lot',
                        'verbose_name_plural': 'receipts of lots',
                        'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='inventory_lotreceipt_qty_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='TransferLot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField(verbose_name='position')),
                        ('qty', models.PositiveIntegerField(verbose_name='units that left')),
                        ('arrived_qty', models.PositiveIntegerField(default=0, verbose_name='units that arrived')),
                        ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lots', to='inventory.transferline', verbose_name='transfer line')),
                        ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='departures', to='inventory.lot', verbose_name='lot')),
                    ],
                    options={
                        'verbose_name': 'lot of a transfer',
                        'verbose_name_plural': 'lots of transfers',
                        'constraints': [models.UniqueConstraint(fields=('line', 'position'), name='inventory_transferlot_once'), models.CheckConstraint(condition=models.Q(('arrived_qty__lte', models.F('qty'))), name='inventory_transferlot_arrived')],
                    },
                ),
            ],
        ),
        migrations.RunPython(_append_only.create, _append_only.drop),
        migrations.RunPython(_partitions.partition, _partitions.merge),
        migrations.RunPython(_late.index_late_movements, _late.drop_index),
        migrations.RunPython(_line_function.create, _line_function.drop),
        migrations.RunPython(_indexes.fewer, _indexes.more),
    ]
