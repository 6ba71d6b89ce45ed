"""What the inbox calls the records of a feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockhub.pluginapi.connectors import FeedKind

RECORD_KINDS: Final[Mapping[FeedKind, str]] = {
    FeedKind.ORDERS: "order",
    FeedKind.RETURNS: "return",
    FeedKind.STOCK: "stock",
    FeedKind.LISTINGS: "listing",
    FeedKind.PRICES: "listing",
}
