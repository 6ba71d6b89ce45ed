"""Finding one movement among very many."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from stockhub.inventory.models import MovementKey


class PostedUnder(TypedDict):
    key: str
    recorded_at: datetime


def posted_under(key: str) -> PostedUnder | None:
    """What a movement is looked for by whose key is known; None where nothing was posted under it.

    Movements have no index on their keys, which would be the largest of all. The key's own row, written by the same statement, says when:
    that leaves one month, and in it the few pages of that instant.
    """
    recorded_at = MovementKey.objects.filter(key=key).values_list("recorded_at", flat=True).first()
    return None if recorded_at is None else {"key": key, "recorded_at": recorded_at}
