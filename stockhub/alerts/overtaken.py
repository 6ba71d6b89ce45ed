"""Who came later: SKUs that were evaluated after a full cycle had read its snapshot, which so is older than their alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db.models import BigIntegerField
from numpy.typing import NDArray

from stockhub.outbox.models import Event

#: What an incremental evaluation tells before it writes: `sku_ids`.
SKUS_EVALUATED: Final = "alerts.skus_evaluated.v1"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Begins before the snapshot is read, and is asked after the alerts were read.

    An id of an event is given after its evaluation has read its facts. One below `seen` therefore read older facts than the snapshot; one
    above it may have read newer ones. An alert that is written after it was asked has another version by then, and is left alone for that.
    """

    seen: int

    @classmethod
    def begin(cls) -> Overtaken:
        return cls(Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)

    def rows(self, sku_ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which rows (n,) are of SKUs that somebody has evaluated since."""
        # A range with two ends: of one without, a server that has not yet analysed the table expects a third of all events, and reads all.
        since = Event.objects.filter(pk__gt=self.seen, pk__lte=BigIntegerField.MAX_BIGINT, kind=SKUS_EVALUATED)
        told: list[Sequence[int]] = [payload["sku_ids"] for payload in since.values_list("payload", flat=True)]
        return np.isin(sku_ids, np.unique(np.concatenate([np.zeros(0, np.int64), *[np.asarray(its, np.int64) for its in told]])))
