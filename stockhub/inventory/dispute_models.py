"""Doubt about stock: disputes that hold automatic decisions, proofs of the ledger, and movements that came twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock


class DisputeCause(models.TextChoices):
    COUNT = "count", _("Stock count")
    RECONCILE = "reconcile", _("Correction of the ledger")
    VARIANCE = "variance", _("Variance of a receipt")
    OPERATOR = "operator", _("Doubt of a person")
    UNBACKED = "unbacked", _("Shipped without stock")


class StockDispute(models.Model):
    """Nobody knows how many units of a SKU there are in a warehouse: no automatic decision about it until somebody does.

    At most one is open for each SKU and warehouse. It holds decisions in every pool that the warehouse belongs to.
    """

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="disputes", db_index=False, verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="disputes", verbose_name=_("warehouse"))
    cause = models.CharField(_("cause"), max_length=12, choices=DisputeCause)
    buckets = models.JSONField(_("buckets"), default=list, help_text=_("What is doubted; a count that confirms it must name all of them."))
    book_qty = models.BigIntegerField(_("units by the book"), null=True, blank=True)
    counted_qty = models.BigIntegerField(_("units counted"), null=True, blank=True)
    deviation_pct = models.DecimalField(_("deviation, %"), max_digits=12, decimal_places=2, null=True, blank=True)
    counted_at = models.DateTimeField(_("counted"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    opened_by = models.CharField(_("opened by"), max_length=150)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=150, blank=True)
    resolution = models.CharField(_("resolution"), max_length=300, blank=True)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("stock dispute")
        verbose_name_plural = _("stock disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "warehouse"], name="inventory_stockdispute_one_open", condition=Q(resolved_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.warehouse}: {self.cause}"


class LedgerProof(models.Model):
    """One run of the proof: when, how long, and what did not hold."""

    started_at = models.DateTimeField(_("started"), db_index=True)
    duration_seconds = models.FloatField(_("seconds"))
    discrepancy_count = models.PositiveIntegerField(_("discrepancies"))
    discrepancies = models.JSONField(_("what does not hold"), default=list, help_text=_("The first hundred."))
    actor = models.CharField(_("actor"), max_length=150)

    class Meta:
        verbose_name = _("proof of the ledger")
        verbose_name_plural = _("proofs of the ledger")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}: {self.discrepancy_count}"


class RepeatedMovement(models.Model):
    """A movement whose key another had used before, and that a repair has reversed. The proof counts neither it nor its repetition.

    Movements are never deleted, so a ledger that once had one key twice needs this to be provable again.
    """

    movement_id = models.BigIntegerField(_("movement"), unique=True)
    key = models.CharField(_("idempotency key"), max_length=200)
    qty = models.BigIntegerField(_("quantity"))
    reversed_by = models.CharField(_("key of the correction"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("repeated movement")
        verbose_name_plural = _("repeated movements")

    def __str__(self) -> str:
        return self.key
