"""What has been ordered and what is on its way. The ledger's `on_order` and `in_transit` buckets follow these documents."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.fields import AmountField, CurrencyField
from stockhub.core.models import Editable
from stockhub.suppliers.models import Supplier


class PurchaseOrderStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class PurchaseOrder(Editable):
    """An order to a supplier. A draft does not count as on order."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="purchase_orders", verbose_name=_("supplier"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="purchase_orders", verbose_name=_("delivered to"))
    status = models.CharField(_("status"), max_length=12, choices=PurchaseOrderStatus, default=PurchaseOrderStatus.OPEN)
    currency = CurrencyField(_("currency"))
    ordered_on = models.DateField(_("ordered"))
    promised_on = models.DateField(_("promised"), null=True, blank=True)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")

    def __str__(self) -> str:
        return self.code


class PurchaseOrderLine(models.Model):
    purchase_order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines", verbose_name=_("purchase order"))
    line_no = models.PositiveIntegerField(_("line"))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="purchase_order_lines", verbose_name=_("SKU"))
    ordered_qty = models.PositiveIntegerField(_("ordered"), validators=[MinValueValidator(1)])
    shipped_qty = models.PositiveIntegerField(_("shipped"), default=0)
    received_qty = models.PositiveIntegerField(_("received"), default=0)
    unit_price_amount = AmountField(_("unit price"), null=True, blank=True)
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    #: What the ledger's `on_order` bucket holds for this line.
    posted_qty = models.PositiveIntegerField(_("posted on order"), default=0, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        constraints = [
            models.UniqueConstraint(fields=["purchase_order", "line_no"], name="purchasing_orderline_once"),
            models.CheckConstraint(condition=Q(ordered_qty__gte=1), name="purchasing_orderline_qty_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_order}/{self.line_no}"


class ShipmentStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_TRANSIT = "in_transit", _("In transit")
    RECEIVING = "receiving", _("Receiving")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class Shipment(Editable):
    """Goods on their way to a warehouse, of one or more purchase orders or of none."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="shipments", verbose_name=_("to"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="shipments", verbose_name=_("supplier"))
    status = models.CharField(_("status"), max_length=12, choices=ShipmentStatus, default=ShipmentStatus.IN_TRANSIT)
    mode = models.CharField(_("mode"), max_length=30, blank=True, help_text=_("sea, air, express, truck"))
    shipped_on = models.DateField(_("shipped"), null=True, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    received_on = models.DateField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")

    def __str__(self) -> str:
        return self.code


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines", verbose_name=_("shipment"))
    line_no = models.PositiveIntegerField(_("line"))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="shipment_lines", verbose_name=_("SKU"))
    order_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, null=True, blank=True, related_name="shipment_lines", verbose_name=_("purchase order line")
    )
    shipped_qty = models.PositiveIntegerField(_("shipped"), validators=[MinValueValidator(1)])
    received_qty = models.PositiveIntegerField(_("received"), default=0)
    #: What the ledger's `in_transit` bucket holds for this line.
    posted_qty = models.PositiveIntegerField(_("posted in transit"), default=0, editable=False)
    #: What its `receiving` bucket holds, and what it has put into `available`.
    posted_receiving_qty = models.PositiveIntegerField(_("posted as receiving"), default=0, editable=False)
    posted_received_qty = models.PositiveIntegerField(_("posted as received"), default=0, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line_no"], name="purchasing_shipmentline_once"),
            models.CheckConstraint(condition=Q(shipped_qty__gte=1), name="purchasing_shipmentline_qty_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}/{self.line_no}"


class ShipmentEvent(models.Model):
    """Every state that a shipment was seen in: learned lead times need what no platform keeps."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="events", verbose_name=_("shipment"))
    status = models.CharField(_("status"), max_length=12, choices=ShipmentStatus)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("state of a shipment")
        verbose_name_plural = _("states of shipments")

    def __str__(self) -> str:
        return f"{self.shipment}: {self.status}"
