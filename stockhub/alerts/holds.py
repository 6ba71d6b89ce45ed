"""Why nothing may act on a finding by itself: its own pool's stock is in dispute, or that of the pool that would give, or its
data cannot be trusted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.models import DONOR_IN_DISPUTE, DOUBTFUL_DATA, IN_DISPUTE
from stockhub.alerts.rules.imbalance import DONOR_POOL
from stockhub.formulas.health.data_trust import HOLD_BELOW
from stockhub.pluginapi import Findings, Snapshot


def held_reasons(snapshot: Snapshot, findings: Findings) -> NDArray[np.bytes_]:
    """The reason (n,) for each row of the snapshot; empty where nothing holds it."""
    own, doubtful = snapshot["in_dispute"] > 0, snapshot["data_confidence"] < HOLD_BELOW
    reasons = np.zeros(len(snapshot), "S40")
    # Every rule asks, and as a rule nothing is held.
    if not own.any() and not doubtful.any():
        return reasons
    donor = np.zeros(len(snapshot), np.bool_)
    pools = findings.inputs.get(DONOR_POOL)
    if pools is not None and own.any():
        disputed = set(zip(snapshot.sku_ids[own].tolist(), snapshot.pool_ids[own].tolist(), strict=True))
        asked = np.flatnonzero(np.isfinite(pools) & np.isin(snapshot.sku_ids, snapshot.sku_ids[own]))
        for row, sku, pool in zip(asked.tolist(), snapshot.sku_ids[asked].tolist(), pools[asked].tolist(), strict=True):
            donor[row] = (sku, int(pool)) in disputed
    # The strongest reason last.
    for held, code in ((doubtful, DOUBTFUL_DATA), (donor, DONOR_IN_DISPUTE), (own, IN_DISPUTE)):
        reasons[held] = code.encode()
    return reasons
