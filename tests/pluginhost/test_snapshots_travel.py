"""A snapshot comes out of its packing as it went in, lots included; a rule whose proposals are no labels is refused."""

from __future__ import annotations

import numpy as np

from stockhub.alerts.rules import BUILT_IN
from stockhub.alerts.rules.expiring_stock import ExpiringStockRule
from stockhub.pluginapi.lots import LOT_ARRAYS
from stockhub.pluginapi.testing.snapshots import random_snapshot
from stockhub.pluginhost.codec import pack_snapshot, unpack_snapshot
from stockhub.pluginhost.kinds import Kind, problem_of


def test_every_array_of_a_snapshot_travels() -> None:
    snapshot = random_snapshot(5, 300)
    found = unpack_snapshot(*pack_snapshot(snapshot))
    assert (found.as_of, found.day, len(found.lots)) == (snapshot.as_of, snapshot.day, len(snapshot.lots))
    assert len(snapshot.lots) > 10
    for name in LOT_ARRAYS:
        np.testing.assert_array_equal(getattr(found.lots, name), getattr(snapshot.lots, name))
    for rule in BUILT_IN:
        here, there = (rule.evaluate(each, rule.parameters_model()) for each in (snapshot, found))
        np.testing.assert_array_equal(here.level, there.level)
        np.testing.assert_array_equal(here.money, there.money)


def test_proposals_are_labels() -> None:
    class Odd(ExpiringStockRule):
        proposals = ("clear",)  # type: ignore[assignment]  # what a stranger may write

    assert problem_of(Kind.ALERT_RULE, ExpiringStockRule()) == ""
    assert problem_of(Kind.ALERT_RULE, Odd()) == "of expiring-stock, proposals must hold Labels."
