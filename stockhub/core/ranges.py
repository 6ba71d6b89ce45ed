"""Filters for the rows of many ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

#: Up to so many ids are listed; more are taken as the range that holds them, which one index scan reads.
LISTED = 500


class IdsToCome(Protocol):
    """Ids that are not known yet (`kept.KeptIds`)."""

    def filter_of(self, name: str) -> dict[str, Any]:
        """The filter arguments that `id_filter` gives."""


def id_filter(field: str, ids: Collection[int] | NDArray[np.int64] | IdsToCome) -> dict[str, Any]:
    """Filter arguments for rows whose `field` is among `ids` or, for many ids, in their range: callers skip what they did not ask for."""
    if not isinstance(ids, Collection | np.ndarray):
        return ids.filter_of(field)
    if len(ids) <= LISTED:
        # One parameter however many they are, so that the server plans the statement once.
        return {f"{field}__any_of": [int(i) for i in ids]}
    found = ids if isinstance(ids, np.ndarray) else np.fromiter(ids, np.int64, len(ids))
    return {f"{field}__gte": int(found.min()), f"{field}__lte": int(found.max())}
