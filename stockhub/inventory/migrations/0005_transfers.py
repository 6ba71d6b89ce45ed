# Transfers, the lots that they carry, and what came in otherwise than its document said. Written out so that no table is made twice.

import django.core.validators
import django.db.models.deletion
import stockhub.core.clock
import stockhub.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('inventory', '0004_movement_partitions'),
    ]

    operations = [
        migrations.AddField(
            model_name='lot',
            name='origin',
            field=models.ForeignKey(blank=True, help_text='The lot of another warehouse that a transfer took its units from.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='became', to='inventory.lot', verbose_name='was before'),
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
                'constraints': [
                    models.UniqueConstraint(fields=('transfer', 'line_no', 'sku'), name='inventory_transferline_once'),
                    models.CheckConstraint(condition=models.Q(('planned_qty__gte', 1)), name='inventory_transferline_qty_positive'),
                    models.CheckConstraint(condition=models.Q(('damaged_qty__lte', models.F('received_qty'))), name='inventory_transferline_damaged'),
                ],
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
                'constraints': [
                    models.UniqueConstraint(fields=('line', 'position'), name='inventory_transferlot_once'),
                    models.CheckConstraint(condition=models.Q(('arrived_qty__lte', models.F('qty'))), name='inventory_transferlot_arrived'),
                ],
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
    ]
