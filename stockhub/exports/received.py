"""The export of what sources told, record by record, without what the records say."""

from __future__ import annotations

from typing import ClassVar

from stockhub.channels.received_models import ReceivedRecord, ReceivedStatus
from stockhub.channels.received_reasons import REASONS, told_error
from stockhub.exports.export import Column, Kind, Table, TableExport, within
from stockhub.exports.filters import Choice, Exactly, Filter, Instant
from stockhub.exports.shared import ACCOUNT


class ReceivedRecords(TableExport):
    """What came in, and what became of it."""

    name: ClassVar[str] = "received-records"
    about: ClassVar[str] = "Records that came in from accounts and are kept, with what became of each. What they say is not in the file."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_receivedrecord", "channels.view_account")
    table: ClassVar[Table] = Table(ReceivedRecord, lambda rows, viewer: within(rows, viewer, account="account_id"), annotations=REASONS)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("account", Kind.TEXT, "The account's code.", "account__code"),
        Column(
            "kind", Kind.TEXT, "What it is: order, return, stock, listing, inbound, age, fee_estimate, settlement, traffic, signal, score."
        ),
        Column("external_id", Kind.TEXT, "Its id on the platform."),
        Column("source", Kind.TEXT, "By which way it came."),
        Column("status", Kind.TEXT, "What became of it: due, replay, applied, quarantined, dismissed."),
        Column("attempts", Kind.INTEGER, "How often applying it was tried and failed."),
        Column(
            "error",
            Kind.TEXT,
            "The last failure, in words of the reader's language; empty where there was none.",
            "status",
            beside=("error", *REASONS),
            tell=told_error,
        ),
        Column("received_at", Kind.INSTANT, "When it came in."),
        Column("applied_at", Kind.INSTANT, "When it was applied; empty while it is not."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        ACCOUNT,
        Exactly("kind", "Only this kind.", "kind"),
        Exactly("external_id", "Only what has this id.", "external_id"),
        Choice("status", "Only those of which this became.", "status", lambda: ReceivedStatus.values),
        Instant("received_from", "Only what came in at this moment or later.", "received_at__gte"),
        Instant("received_to", "Only what came in before this moment.", "received_at__lt"),
    )
