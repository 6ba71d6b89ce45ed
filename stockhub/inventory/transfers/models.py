"""Transfers between our own warehouses, which lots they carry, and what did not come in as a document said."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.fields import AmountField, CurrencyField
from stockhub.core.models import Editable


class TransferStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_TRANSIT = "in_transit", _("In transit")
    RECEIVING = "receiving", _("Receiving")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


#: The units have left the source.
DEPARTED: Final = frozenset({TransferStatus.IN_TRANSIT, TransferStatus.RECEIVING, TransferStatus.RECEIVED})
#: They have left and are still expected.
UNDER_WAY: Final = frozenset({TransferStatus.IN_TRANSIT, TransferStatus.RECEIVING})


class Transfer(Editable):
    """Stock that moves from one warehouse of ours to another; its age and cost move with it."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    from_warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="transfers_out", verbose_name=_("from"))
    to_warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="transfers_in", verbose_name=_("to"))
    status = models.CharField(_("status"), max_length=12, choices=TransferStatus, default=TransferStatus.PLANNED)
    mode = models.CharField(_("mode"), max_length=30, blank=True, help_text=_("sea, air, express, truck"))
    shipped_on = models.DateField(_("shipped"), null=True, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    received_on = models.DateField(_("received"), null=True, blank=True)
    #: When it came into the state that it is in: what is told of an earlier moment comes too late to change it.
    state_at = models.DateTimeField(_("in this state since"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [models.CheckConstraint(condition=~Q(from_warehouse=F("to_warehouse")), name="inventory_transfer_goes_elsewhere")]
        indexes = [
            models.Index(fields=["expected_on"], name="inventory_transfer_under_way", condition=Q(status__in=["in_transit", "receiving"]))
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def reference(self) -> str:
        """What its movements and variances name as their cause."""
        return f"transfer:{self.code}"


class TransferLine(models.Model):
    """Units of one SKU. A line of a bundle is one line for each component, with the same number.

    The `posted_…` columns say what the ledger holds of it: units taken from the source, and units in each bucket at the destination.
    """

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines", verbose_name=_("transfer"))
    line_no = models.PositiveIntegerField(_("line"))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="transfer_lines", verbose_name=_("SKU"))
    bundle = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("of the bundle"))
    units_each = models.PositiveIntegerField(_("units in a bundle"), default=1, help_text=_("As the bundle was when the line was made."))
    bucket = models.ForeignKey(
        "inventory.Bucket", models.PROTECT, related_name="+", default="available", db_index=False, verbose_name=_("bucket")
    )
    planned_qty = models.PositiveIntegerField(_("planned"), validators=[MinValueValidator(1)])
    shipped_qty = models.PositiveIntegerField(_("shipped"), default=0)
    received_qty = models.PositiveIntegerField(_("received"), default=0)
    damaged_qty = models.PositiveIntegerField(_("of them damaged"), default=0)
    lost_qty = models.PositiveIntegerField(_("written off"), default=0, editable=False)
    freight_amount = AmountField(_("freight a unit"), null=True, blank=True)
    freight_currency = CurrencyField(_("currency of the freight"), blank=True)
    posted_out_qty = models.PositiveIntegerField(_("posted as left"), default=0, editable=False)
    posted_transit_qty = models.PositiveIntegerField(_("posted in transit"), default=0, editable=False)
    posted_receiving_qty = models.PositiveIntegerField(_("posted as receiving"), default=0, editable=False)
    posted_received_qty = models.PositiveIntegerField(_("posted as received"), default=0, editable=False)
    posted_damaged_qty = models.PositiveIntegerField(_("posted as damaged"), default=0, editable=False)
    posted_missing_qty = models.PositiveIntegerField(_("posted as missing"), default=0, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "line_no", "sku"], name="inventory_transferline_once"),
            models.CheckConstraint(condition=Q(planned_qty__gte=1), name="inventory_transferline_qty_positive"),
            models.CheckConstraint(condition=Q(damaged_qty__lte=F("received_qty")), name="inventory_transferline_damaged"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer}/{self.line_no}"

    @property
    def missing_qty(self) -> int:
        """Units that left and have not come in."""
        return max(self.shipped_qty - self.received_qty, 0)


class TransferEvent(models.Model):
    """Every state that a transfer was told to be in, with its moment: lead times are learned from them."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="events", verbose_name=_("transfer"))
    status = models.CharField(_("status"), max_length=12, choices=TransferStatus)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("state of a transfer")
        verbose_name_plural = _("states of transfers")

    def __str__(self) -> str:
        return f"{self.transfer}: {self.status}"


class TransferLot(models.Model):
    """Units of one lot that left with a transfer, in the order in which they arrive. Without a lot their age is not known."""

    line = models.ForeignKey(TransferLine, models.CASCADE, related_name="lots", db_index=False, verbose_name=_("transfer line"))
    position = models.PositiveIntegerField(_("position"))
    lot = models.ForeignKey("inventory.Lot", models.PROTECT, null=True, blank=True, related_name="departures", verbose_name=_("lot"))
    qty = models.PositiveIntegerField(_("units that left"))
    arrived_qty = models.PositiveIntegerField(_("units that arrived"), default=0)

    class Meta:
        verbose_name = _("lot of a transfer")
        verbose_name_plural = _("lots of transfers")
        constraints = [
            models.UniqueConstraint(fields=["line", "position"], name="inventory_transferlot_once"),
            models.CheckConstraint(condition=Q(arrived_qty__lte=F("qty")), name="inventory_transferlot_arrived"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.qty}"


class VarianceKind(models.TextChoices):
    TRANSFER = "transfer", _("Transfer")
    SHIPMENT = "shipment", _("Supplier's shipment")


class VarianceStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("something to be dealt with", "Open")
    ACCEPTED = "accepted", _("Accepted")
    FOUND = "found", _("Found")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StockVariance(models.Model):
    """More or less came in than a document says was sent: a task for a person, who accepts it or finds the units (H83).

    One for each line of a document. It is withdrawn where the document turns out not to be complete.
    """

    kind = models.CharField(_("document"), max_length=12, choices=VarianceKind)
    reference = models.CharField(_("reference"), max_length=120, help_text=_("The document, such as transfer:TR-1."))
    line_no = models.PositiveIntegerField(_("line"))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="variances", verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="variances", verbose_name=_("warehouse"))
    expected_qty = models.PositiveIntegerField(_("units sent"))
    found_qty = models.PositiveIntegerField(_("units found"))
    status = models.CharField(_("status"), max_length=12, choices=VarianceStatus, default=VarianceStatus.OPEN)
    note = models.CharField(_("note"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=150, blank=True)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("variance")
        verbose_name_plural = _("variances")
        constraints = [models.UniqueConstraint(fields=["reference", "line_no", "sku"], name="inventory_stockvariance_once")]
        indexes = [models.Index(fields=["warehouse", "opened_at"], name="inventory_stockvariance_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return f"{self.reference}/{self.line_no}: {self.difference_qty:+d}"

    @property
    def difference_qty(self) -> int:
        """Negative where units are missing."""
        return self.found_qty - self.expected_qty

    @property
    def variance_pct(self) -> Decimal | None:
        """Per cent of what was expected, negative where units are missing, to the hundredth; None where nothing was expected."""
        if not self.expected_qty:
            return None
        return (Decimal(100 * self.difference_qty) / self.expected_qty).quantize(Decimal("0.01"))
