"""What the records of each kind of feed are to the inbox."""

from __future__ import annotations

from typing import Final

from stockhub.pluginapi.connectors import FeedKind

#: A kind of feed without a row is shown as not kept yet, and never read.
RECORD_KINDS: Final[dict[FeedKind, str]] = {
    FeedKind.ORDERS: "order",
    FeedKind.RETURNS: "return",
    FeedKind.STOCK: "stock",
    FeedKind.LISTINGS: "listing",
    FeedKind.PRICES: "listing",
}


def record_kind_of(kind: str) -> str | None:
    """The inbox's name for the records of a feed; None where nothing here keeps them yet."""
    return RECORD_KINDS.get(FeedKind(kind)) if kind in FeedKind.__members__.values() else None
