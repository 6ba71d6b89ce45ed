"""Exports of the ledger: movements, balances, lots, allocations; and of what could not be taken in."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Greatest

from stockhub.channels.models import Account, Quarantined
from stockhub.channels.spoken import told_text
from stockhub.exports.export import Column, Kind, Table, TableExport, within
from stockhub.exports.filters import Choice, Day, Exactly, Filter, Flag, Instant
from stockhub.exports.shared import ACCOUNT, IN_STOCK, SKU, SKU_CODE, WAREHOUSE, WAREHOUSE_CODE
from stockhub.inventory.models import Allocation, Balance, Bucket, Grade, Lot, Movement, MovementKind


class Movements(TableExport):
    """The history of stock."""

    name: ClassVar[str] = "movements"
    about: ClassVar[str] = "Every movement of stock, in the order in which it was recorded."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_movement", *IN_STOCK)
    table: ClassVar[Table] = Table(Movement, lambda rows, viewer: within(rows, viewer, warehouse="warehouse_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", Kind.INTEGER, "Its number: larger ones were recorded later."),
        Column("occurred_at", Kind.INSTANT, "When it happened."),
        Column("recorded_at", Kind.INSTANT, "When the ledger was told."),
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("kind", Kind.TEXT, "What moved the units."),
        Column("from_bucket", Kind.TEXT, "The bucket that they left; empty where they came from outside.", "from_bucket_id"),
        Column("to_bucket", Kind.TEXT, "The bucket that they entered; empty where they went outside.", "to_bucket_id"),
        Column("qty", Kind.INTEGER, "How many units; always above 0."),
        Column("reason", Kind.TEXT, "Why, in words."),
        Column("reference", Kind.TEXT, "What caused it, such as order:dy-main:123."),
        Column("actor", Kind.TEXT, "Who caused it."),
        Column("key", Kind.TEXT, "The key under which it was posted."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        WAREHOUSE,
        Choice("kind", "Only these kinds.", "kind", lambda: MovementKind.values),
        Exactly("reference", "Only what this caused.", "reference"),
        Instant("occurred_from", "Only what happened at this moment or later.", "occurred_at__gte"),
        Instant("occurred_to", "Only what happened before this moment.", "occurred_at__lt"),
        Instant("recorded_from", "Only what was recorded at this moment or later.", "recorded_at__gte"),
        Instant("recorded_to", "Only what was recorded before this moment.", "recorded_at__lt"),
    )


class Balances(TableExport):
    """Stock as it is."""

    name: ClassVar[str] = "balances"
    about: ClassVar[str] = "The stock of each SKU in each bucket of each warehouse, now."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_balance", *IN_STOCK)
    table: ClassVar[Table] = Table(
        Balance, lambda rows, viewer: within(rows, viewer, warehouse="warehouse_id"), order=("sku_id", "warehouse_id", "bucket_id")
    )
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("bucket", Kind.TEXT, "The bucket.", "bucket_id"),
        Column("qty", Kind.INTEGER, "Units; below 0 where a warehouse allows back-orders and owes some."),
        Column("observed_at", Kind.INSTANT, "When the platform last counted it; empty where we count."),
        Column("updated_at", Kind.INSTANT, "When it last changed."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        WAREHOUSE,
        Choice("bucket", "Only these buckets.", "bucket_id", lambda: Bucket.objects.values_list("slug", flat=True)),
        Flag("nonzero", "Only where there is something.", holds=~Q(qty=0)),
        Instant("updated_from", "Only what changed at this moment or later.", "updated_at__gte"),
    )


class Lots(TableExport):
    """What came in together."""

    name: ClassVar[str] = "lots"
    about: ClassVar[str] = "The lots and what is left of each, first in first out, as of when they were settled."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_lot", *IN_STOCK)
    table: ClassVar[Table] = Table(
        Lot, lambda rows, viewer: within(rows, viewer, warehouse="warehouse_id"), order=("sku_id", "warehouse_id", "received_on", "id")
    )
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("lot", Kind.TEXT, "The lot's code.", "code"),
        Column("received_on", Kind.DAY, "The day from which its age counts."),
        Column("produced_on", Kind.DAY, "When it was made."),
        Column("expires_on", Kind.DAY, "When it expires."),
        Column("grade", Kind.TEXT, "Its condition."),
        Column("received_qty", Kind.INTEGER, "Units that came in, less those that were taken back."),
        Column("remaining_qty", Kind.INTEGER, "Units left."),
        Column("settled_at", Kind.INSTANT, "When what is left was last settled."),
        Column("reference", Kind.TEXT, "What brought it."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        WAREHOUSE,
        Choice("grade", "Only these conditions.", "grade", lambda: Grade.values),
        Flag("remaining", "Only lots of which something is left.", holds=Q(remaining_qty__gt=0)),
        Day("received_from", "Only what came in on this day or later.", "received_on__gte"),
        Day("received_to", "Only what came in before this day.", "received_on__lt"),
        Day("expires_to", "Only what expires before this day.", "expires_on__lt"),
    )


_OWED = Greatest(F("wanted_qty") - F("reserved_qty") - F("shipped_qty") - F("unbacked_qty"), Value(0), output_field=BigIntegerField())


class Allocations(TableExport):
    """What order lines want and have."""

    name: ClassVar[str] = "allocations"
    about: ClassVar[str] = "What each order line wants of a SKU in a warehouse, what it has been given, and what is owed."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_allocation", *IN_STOCK, "channels.view_account")
    table: ClassVar[Table] = Table(
        Allocation,
        lambda rows, viewer: within(within(rows, viewer, warehouse="warehouse_id"), viewer, account="account_id", unowned=True),
        annotations={
            "owed_qty": _OWED,
            "account_code": Subquery(Account.objects.filter(pk=OuterRef("account_id")).values("code")),
        },
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("reference", Kind.TEXT, "The order line."),
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("account", Kind.TEXT, "The account's code.", "account_code"),
        Column("wanted_qty", Kind.INTEGER, "Units wanted."),
        Column("reserved_qty", Kind.INTEGER, "Units held for it."),
        Column("shipped_qty", Kind.INTEGER, "Units that left."),
        Column("unbacked_qty", Kind.INTEGER, "Units that left although the ledger had none."),
        Column("owed_qty", Kind.INTEGER, "Units that are missing."),
        Column("paid_amount", Kind.AMOUNT, "What was paid for all of it."),
        Column("currency", Kind.TEXT, "Of what was paid."),
        Column("ordered_at", Kind.INSTANT, "When it was ordered."),
        Column("paid_at", Kind.INSTANT, "When it was paid."),
        Column("ship_by_at", Kind.INSTANT, "When it has to be shipped by."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        WAREHOUSE,
        ACCOUNT,
        Flag("owed", "Only lines of which something is missing.", holds=Q(owed_qty__gt=0)),
        Flag("unbacked", "Only lines of which units left although the ledger had none.", holds=Q(unbacked_qty__gt=0)),
        Instant("ship_by_to", "Only what has to be shipped before this moment.", "ship_by_at__lt"),
    )


class Quarantine(TableExport):
    """What could not be taken in."""

    name: ClassVar[str] = "quarantine"
    about: ClassVar[str] = "Records that came in and could not be taken, with the reason. Personal data is not kept with them."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_quarantined", "channels.view_account")
    table: ClassVar[Table] = Table(Quarantined, lambda rows, viewer: within(rows, viewer, account="account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        Column("account", Kind.TEXT, "The account's code.", "account__code"),
        Column("kind", Kind.TEXT, "What it is: order, return, stock, listing."),
        Column("external_id", Kind.TEXT, "Its id on the platform."),
        Column("code", Kind.TEXT, "The reason, for machines."),
        Column("message", Kind.TEXT, "The reason, in words of the reader's language.", beside=("template", "params"), tell=told_text),
        Column("attempts", Kind.INTEGER, "How often it was tried."),
        Column("first_seen_at", Kind.INSTANT, "When it first came."),
        Column("last_seen_at", Kind.INSTANT, "When it last came."),
        Column("resolved_at", Kind.INSTANT, "When it was settled; empty while it is not."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        ACCOUNT,
        Exactly("kind", "Only this kind.", "kind"),
        Exactly("code", "Only this reason.", "code"),
        Flag("open", "Only what is not settled.", holds=Q(resolved_at__isnull=True)),
    )
