"""More stock never makes a shortage worse, nor an excess better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.alerts.rules import BUILT_IN
from stockhub.pluginapi import AlertRule, Side, Snapshot
from stockhub.pluginapi.testing.snapshots import random_snapshot

#: Rules about data ask whether stock is there at all, not how much of it; residual value asks for a last order where there is little; an
#: emergency order has to pay, and what is lost before it comes pays for nothing.
NOT_OF_STOCK = {"ship-by-risk", "residual-value", "emergency-order"}
RULES_OF_STOCK = [rule for rule in BUILT_IN if rule.slug not in NOT_OF_STOCK and rule.side != Side.DATA]


def with_more_stock(snapshot: Snapshot, units: float) -> Snapshot:
    more = {name: snapshot[name] + units for name in ("available", "aged_over_90")}
    return replace(snapshot, columns={**snapshot.columns, **more})


@pytest.mark.parametrize("rule", RULES_OF_STOCK, ids=lambda rule: rule.slug)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), units=st.integers(1, 300))
def test_levels_follow_stock(rule: AlertRule, seed: int, units: int) -> None:
    snapshot = random_snapshot(seed, 30, missing=0.0)
    before = rule.evaluate(snapshot, rule.parameters_model())
    after = rule.evaluate(with_more_stock(snapshot, float(units)), rule.parameters_model())
    sign = 1 if rule.side == Side.EXCESS else -1
    judged = (before.level >= 0) & (after.level >= 0)
    for name in ("level", "hold_level"):
        change = (getattr(after, name).astype(int) - getattr(before, name))[judged]
        assert (np.sign(change) != -sign).all(), name
