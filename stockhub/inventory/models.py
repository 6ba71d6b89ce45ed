"""The stock ledger: movements that are only ever added, the balances that they make, lots, and what orders hold.

Buckets are disjoint: a unit is in exactly one. Reserving moves it from `available` to `reserved`; physical on hand is the sum of the
buckets that are physical.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.fields import AmountField, ArrayField, CurrencyField
from stockhub.inventory.dispute_models import DisputeCause, LedgerProof, RepeatedMovement, StockDispute
from stockhub.inventory.transfers.models import (
    StockVariance,
    Transfer,
    TransferEvent,
    TransferLine,
    TransferLot,
    TransferStatus,
    VarianceKind,
    VarianceStatus,
)

__all__ = [
    "Allocation",
    "Balance",
    "Bucket",
    "CostKind",
    "DisputeCause",
    "Grade",
    "LedgerProof",
    "Lot",
    "LotCost",
    "Movement",
    "MovementKey",
    "MovementKind",
    "RepeatedMovement",
    "StockDispute",
    "StockHistory",
    "StockVariance",
    "Transfer",
    "TransferEvent",
    "TransferLine",
    "TransferLot",
    "TransferStatus",
    "VarianceKind",
    "VarianceStatus",
]


class Bucket(models.Model):
    """A state that stock can be in, and what that state counts for."""

    slug = models.CharField(_("slug"), max_length=24, primary_key=True)
    name_en = models.CharField(_("name"), max_length=60)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    counts_in_position = models.BooleanField(_("counts in the inventory position"))
    is_sellable = models.BooleanField(_("can be sold"))
    can_ship_today = models.BooleanField(_("can ship today"))
    is_physical = models.BooleanField(_("lies in the warehouse"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("bucket")
        verbose_name_plural = _("buckets")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.slug


class MovementKind(models.TextChoices):
    OPENING = "opening", _("Opening stock")
    RECEIVE = "receive", _("Receipt")
    ORDER = "order", _("Ordered from a supplier")
    DEPART = "depart", _("Left the supplier")
    RESERVE = "reserve", _("Reservation")
    RELEASE = "release", _("Release")
    SHIP = "ship", _("Shipment")
    RETURN = "return", _("Return")
    ADJUST = "adjust", _("Adjustment")
    COUNT = "count", _("Stock count")
    OBSERVE = "observe", _("Observed on the platform")
    MOVE = "move", _("Move between buckets")
    CANCEL = "cancel", _("Cancelled supply")
    TRANSFER = "transfer", _("Transfer between warehouses")
    REMOVE = "remove", _("Removal to the owner")
    DISPOSE = "dispose", _("Disposal")
    CORRECT = "correct", _("Correction of the ledger")


class Movement(models.Model):
    """`qty` units leave `from_bucket` and enter `to_bucket`; an empty side is the world outside. Never updated, never deleted."""

    # Without constraints in the database: the balances, written by the same statement, carry them, and checking four keys for every
    # movement halves the speed of a burst.
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="movements", db_index=False, db_constraint=False, verbose_name=_("SKU"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="movements", db_index=False, db_constraint=False, verbose_name=_("warehouse")
    )
    from_bucket = models.ForeignKey(
        Bucket, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False, verbose_name=_("from")
    )
    to_bucket = models.ForeignKey(
        Bucket, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False, verbose_name=_("to")
    )
    qty = models.BigIntegerField(_("quantity"))
    kind = models.CharField(_("kind"), max_length=12, choices=MovementKind)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True, help_text=_("What caused it, such as order:dy-main:123."))
    actor = models.CharField(_("actor"), max_length=150)
    key = models.CharField(_("idempotency key"), max_length=200)
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="inventory_movement_qty_positive"),
            models.CheckConstraint(
                condition=Q(from_bucket__isnull=False) | Q(to_bucket__isnull=False), name="inventory_movement_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(from_bucket__isnull=True) | Q(to_bucket__isnull=True) | ~Q(from_bucket=F("to_bucket")),
                name="inventory_movement_changes_bucket",
            ),
        ]
        indexes = [models.Index(fields=["sku", "warehouse", "occurred_at"], name="inventory_movement_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.qty} {self.sku}"


class MovementKey(models.Model):
    """Idempotency keys, apart from the movements so that those can be partitioned by month.

    The fingerprint is of the request: the same key with other parameters is refused.
    """

    key = models.CharField(_("key"), max_length=200, primary_key=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    posted_qty = models.BigIntegerField(_("posted"), default=0, help_text=_("Units that its movement moved; 0 for a request as a whole."))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")

    def __str__(self) -> str:
        return self.key


class Balance(models.Model):
    """The sum of the movements of one SKU in one bucket of one warehouse, kept by the same statement that adds them."""

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="balances", db_index=False, verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="balances", verbose_name=_("warehouse"))
    bucket = models.ForeignKey(Bucket, models.PROTECT, related_name="+", db_index=False, verbose_name=_("bucket"))
    qty = models.BigIntegerField(_("quantity"), default=0)
    observed_at = models.DateTimeField(_("observed"), null=True, blank=True, help_text=_("When the platform last counted it."))
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [models.UniqueConstraint(fields=["sku", "warehouse", "bucket"], name="inventory_balance_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.warehouse} {self.bucket_id}: {self.qty}"


class Grade(models.TextChoices):
    NEW = "new", _("New")
    LIKE_NEW = "like_new", _("Returned, like new")
    DAMAGED = "damaged", _("Damaged")
    DEFECTIVE = "defective", _("Defective")


class Lot(models.Model):
    """Units that came in together. Orders never touch lots: `remaining_qty` is first in, first out, settled in batches."""

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="lots", db_index=False, verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="lots", verbose_name=_("warehouse"))
    code = models.CharField(_("lot"), max_length=100)
    received_on = models.DateField(_("received"), help_text=_("The age counts from here; a transfer keeps it."))
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="became", verbose_name=_("was before"),
        help_text=_("The lot that its units were in before: in another warehouse, or of another SKU."),
    )  # fmt: skip
    produced_on = models.DateField(_("produced"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade, default=Grade.NEW)
    received_qty = models.PositiveBigIntegerField(_("received quantity"), help_text=_("What came in, less what was taken back."))
    remaining_qty = models.PositiveBigIntegerField(_("remaining quantity"))
    settled_at = models.DateTimeField(_("settled"), default=clock.now)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse", "code"], name="inventory_lot_once"),
            models.CheckConstraint(condition=Q(remaining_qty__lte=F("received_qty")), name="inventory_lot_remaining"),
        ]
        # What a return brought is looked for by its reference when its listing is linked anew.
        indexes = [models.Index(fields=["reference"], name="inventory_lot_reference")]

    def __str__(self) -> str:
        return f"{self.sku} {self.code}"


class CostKind(models.TextChoices):
    PURCHASE = "purchase", _("Purchase")
    FREIGHT = "freight", _("Freight")
    DUTY = "duty", _("Duty")
    INBOUND = "inbound", _("Inbound handling")


class LotCost(models.Model):
    """A part of a lot's landed cost. A late invoice adds a row; none is changed."""

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="costs", verbose_name=_("lot"))
    kind = models.CharField(_("kind"), max_length=12, choices=CostKind)
    unit_amount = AmountField(_("amount a unit"))
    currency = CurrencyField(_("currency"))
    rate_on = models.DateField(_("rate of"), help_text=_("The day whose exchange rate applies."))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("cost of a lot")
        verbose_name_plural = _("costs of lots")

    def __str__(self) -> str:
        return f"{self.kind}: {self.unit_amount} {self.currency}"


class LotReceipt(models.Model):
    """Units that came into a lot: lots grow by receipts, so that what a lot had received is known for any past moment. Never changed.

    Below zero, units that were taken back, because they had been another SKU's all along. Of `qty`, `unbacked_qty` (of the same sign) are
    what no movement moved: of units taken back, those that had left by then; of units that come in again, those that this makes up for.
    `sellable_before_qty` and `unsellable_before_qty` are what lay there just before, as it was known when it was recorded: they tell which
    older units had left by then where a lot comes in late that is older than what is there. Null where nobody knew.
    """

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="receipts", verbose_name=_("lot"))
    qty = models.BigIntegerField(_("quantity"), help_text=_("Below zero where units were taken back."))
    unbacked_qty = models.BigIntegerField(
        _("not moved"), default=0, db_default=0, help_text=_("Of the quantity: units that had left before they were taken back.")
    )
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    sellable_before_qty = models.PositiveBigIntegerField(_("sellable units before"), null=True, blank=True)
    unsellable_before_qty = models.PositiveBigIntegerField(_("unsellable units before"), null=True, blank=True)

    class Meta:
        verbose_name = _("receipt of a lot")
        verbose_name_plural = _("receipts of lots")
        constraints = [
            models.CheckConstraint(
                condition=Q(qty__gt=0, unbacked_qty__range=(0, F("qty"))) | Q(qty__lt=0, unbacked_qty__range=(F("qty"), 0)),
                name="inventory_lotreceipt_qty",
            )
        ]

    def __str__(self) -> str:
        return f"{self.qty} {self.lot_id}"


class BalanceCheckpoint(models.Model):
    """The sum of all movements of a SKU in a bucket that were recorded before the start of a month. Never changed; 0 has no row."""

    at = models.DateTimeField(_("at"))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("SKU"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("warehouse")
    )
    bucket = models.ForeignKey(Bucket, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("bucket"))
    qty = models.BigIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("checkpoint of balances")
        verbose_name_plural = _("checkpoints of balances")
        constraints = [models.UniqueConstraint(fields=["at", "sku", "warehouse", "bucket"], name="inventory_balancecheckpoint_once")]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id} {self.bucket_id} {self.at:%Y-%m}: {self.qty}"


class Allocation(models.Model):
    """What one order line wants of one SKU in one warehouse, and what the ledger has given it so far.

    `wanted_qty` is the target; posting moves `reserved_qty` and `shipped_qty` towards it. The rest is owed: stock that is not there.
    """

    reference = models.CharField(_("reference"), max_length=160, help_text=_("The order line, such as line:123."))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="allocations", verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="allocations", db_index=False, verbose_name=_("warehouse"))
    account_id = models.BigIntegerField(_("account"), null=True)
    wanted_qty = models.PositiveBigIntegerField(_("wanted"))
    ship_qty = models.PositiveBigIntegerField(_("to be shipped"), default=0, help_text=_("Of the wanted units, those that left."))
    reserved_qty = models.PositiveBigIntegerField(_("reserved"), default=0)
    shipped_qty = models.PositiveBigIntegerField(_("shipped"), default=0)
    #: Units that left although the ledger had none: a discrepancy that a stock count settles.
    unbacked_qty = models.PositiveBigIntegerField(_("shipped without stock"), default=0)
    paid_amount = AmountField(_("paid"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    is_presale = models.BooleanField(_("presale"), default=False, db_default=False, help_text=_("Takes what is on its way."))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    ship_by_at = models.DateTimeField(_("ship by"), null=True, blank=True)
    ordered_at = models.DateTimeField(_("ordered"))
    revision = models.PositiveIntegerField(_("revision"), default=0, help_text=_("Counts its changes; part of the movements' keys."))
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [models.UniqueConstraint(fields=["reference", "sku", "warehouse"], name="inventory_allocation_once")]
        indexes = [
            models.Index(
                fields=["sku", "warehouse", "ship_by_at"], name="inventory_allocation_open", condition=Q(shipped_qty__lt=F("wanted_qty"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.wanted_qty} {self.sku}"


class StockHistory(models.Model):
    """Known end-of-day stock of a SKU in a warehouse, from before the ledger or observed: NaN on days that nobody recorded."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stock_history", db_index=False, verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="stock_history", verbose_name=_("warehouse"))
    first_on = models.DateField(_("first day"))
    qty = ArrayField(_("stock at the day's end"), dtype="<f4")
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("stock history")
        verbose_name_plural = _("stock histories")
        constraints = [models.UniqueConstraint(fields=["sku", "warehouse"], name="inventory_stockhistory_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.warehouse}"
