"""Receipts of lots, so that lots can be told for any past moment, and checkpoints of balances at the start of months.

Each lot that is there becomes one receipt: at the time of the movement that brought it where its key names the lot, else at the start of
its day of receipt, but not before the warehouse's ledger. What lay there before it nobody wrote down, so that it stays unknown.

On PostgreSQL movements that were recorded more than a day after they happened get an index of their own. They are few, and a question about
the past must find them in months that it need not read otherwise. It is not the model's, because SQLite cannot have its condition.
"""

import django.db.models.deletion
import stockhub.core.clock
from django.db import migrations, models

LATE = "inventory_movement_late"
CHUNK = 2_000


def write_receipts(apps, schema_editor):
    Lot = apps.get_model("inventory", "Lot")
    LotReceipt = apps.get_model("inventory", "LotReceipt")
    Movement = apps.get_model("inventory", "Movement")
    database = schema_editor.connection.alias
    lots = Lot.objects.using(database).select_related("warehouse").order_by("id")
    last = 0
    while chunk := list(lots.filter(id__gt=last, received_qty__gt=0)[:CHUNK]):
        last = chunk[-1].pk
        brought = Movement.objects.using(database).filter(
            sku_id__in={lot.sku_id for lot in chunk}, to_bucket_id__isnull=False, key__in=[f"receipt:{lot.code}" for lot in chunk]
        )
        came = {(sku, warehouse, key): at for sku, warehouse, key, at in brought.values_list("sku_id", "warehouse_id", "key", "occurred_at")}
        LotReceipt.objects.using(database).bulk_create(
            LotReceipt(
                lot_id=lot.pk,
                qty=lot.received_qty,
                occurred_at=came.get((lot.sku_id, lot.warehouse_id, f"receipt:{lot.code}")) or _came_in(lot),
                recorded_at=lot.recorded_at,
            )
            for lot in chunk
        )


def _came_in(lot):
    day = stockhub.core.clock.start_of_day(lot.received_on, lot.warehouse.time_zone)
    return min(max(day, lot.warehouse.ledger_starts_at), lot.recorded_at)


def forget(apps, schema_editor):
    """The table goes with its rows."""


def index_late_movements(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {LATE} ON inventory_movement (occurred_at)"
            " WHERE recorded_at - occurred_at > interval '24 hours'"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {LATE}")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('inventory', '0005_transfers'),
    ]

    operations = [
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
        migrations.RunPython(write_receipts, forget),
        migrations.RunPython(index_late_movements, drop_index),
    ]
