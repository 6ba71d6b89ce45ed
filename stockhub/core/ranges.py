"""Filters for the rows of many ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

#: Up to so many ids are listed; more are taken as the range that holds them, which one index scan reads.
LISTED = 500


def id_filter(field: str, ids: Collection[int]) -> dict[str, Any]:
    """Filter arguments for rows whose `field` is among `ids` or, for many ids, in their range: callers skip what they did not ask for."""
    listed = [int(i) for i in ids]
    if len(listed) <= LISTED:
        return {f"{field}__in": listed}
    return {f"{field}__gte": min(listed), f"{field}__lte": max(listed)}
