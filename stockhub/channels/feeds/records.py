"""What the records of each kind of feed are to the inbox."""

from __future__ import annotations

from stockhub.channels.payloads import RECORD_KINDS
from stockhub.pluginapi.connectors import FeedKind


def record_kind_of(kind: str) -> str | None:
    """The inbox's name for the records of a feed; None where nothing here keeps them yet: it is shown as such, and never read."""
    return RECORD_KINDS.get(FeedKind(kind)) if kind in FeedKind.__members__.values() else None
