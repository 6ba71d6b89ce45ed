"""Filters for the rows of many ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

#: Up to so many ids are listed; more are taken as the range that holds them, which one index scan reads.
LISTED = 500
#: Ids that lie further apart than this, on average, are listed however many they are: their range is the whole table.
MOST_SPREAD = 8


def is_ranged(ids: Collection[int] | NDArray[np.int64]) -> bool:
    """Whether the rows of these ids are read as those of their range."""
    if len(ids) <= LISTED:
        return False
    found = _as_array(ids)
    return int(found.max()) - int(found.min()) < MOST_SPREAD * len(found)


def _as_array(ids: Collection[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return ids if isinstance(ids, np.ndarray) else np.fromiter(ids, np.int64, len(ids))


class IdsToCome(Protocol):
    """Ids that are not known yet (`kept.KeptIds`)."""

    def filter_of(self, name: str) -> dict[str, Any]:
        """The filter arguments that `id_filter` gives."""


def id_filter(field: str, ids: Collection[int] | NDArray[np.int64] | IdsToCome) -> dict[str, Any]:
    """Filter arguments for rows whose `field` is among `ids` or, for many that lie close together, in their range: callers skip what they
    did not ask for.
    """
    if not isinstance(ids, Collection | np.ndarray):
        return ids.filter_of(field)
    if not is_ranged(ids):
        # One parameter however many they are, so that the server plans the statement once.
        return {f"{field}__any_of": [int(i) for i in ids]}
    found = _as_array(ids)
    return {f"{field}__gte": int(found.min()), f"{field}__lte": int(found.max())}
