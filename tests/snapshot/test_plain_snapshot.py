"""Every column of a snapshot, read as arrays, is what plain reasoning over single rows gives."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.core import clock
from stockhub.pluginapi import COLUMNS, Snapshot
from stockhub.snapshot.builder import build
from tests.snapshot.made_up_world import make
from tests.snapshot.plain_lots import plain_lots
from tests.snapshot.plain_snapshot import plain_rows
from tests.worlds import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


#: What so few SKUs of one shop have alike.
ALIKE = frozenset({"region", "shared_stock", "compensation_most", "pack_jump", "benchmark_turnover", "benchmark_age"})


def test_every_column_of_a_made_up_world_is_what_plain_reasoning_gives() -> None:
    ids = make(seed=20_260_302, skus=16)
    with clock.at(NOW):
        snapshot = build(ids, NOW)
    expected = list(plain_rows(ids, DAY, NOW))
    assert list(zip(snapshot.sku_ids.tolist(), snapshot.pool_ids.tolist(), strict=True)) == [row[:2] for row in expected]
    assert len(expected) > 30
    for name in COLUMNS:
        plain = np.array([row[2][name] for row in expected], np.float64)
        # The chance of the world is no help where a column is empty.
        assert np.unique(plain[~np.isnan(plain)]).size > (0 if name in ALIKE else 1), name
        np.testing.assert_allclose(snapshot[name], plain, rtol=2e-6, atol=1e-9, err_msg=name)
    # Those that are kept because their age is charged are `test_surcharges`'.
    held = [(snapshot.sku_ids[row], snapshot.pool_ids[row], *rest) for row, *rest in _lots(snapshot) if not np.isnan(rest[-1])]
    assert sorted(held) == plain_lots(ids, DAY)
    for at, (_sku, _pool, _columns, mean, arrivals) in enumerate(expected):
        np.testing.assert_allclose(snapshot.forecast_mean[at], mean or [np.nan] * 90, rtol=1e-6)
        its = snapshot.inbound_row == at
        assert sorted(zip(snapshot.inbound_day[its].tolist(), snapshot.inbound_qty[its].tolist(), strict=True)) == arrivals


def _lots(snapshot: Snapshot) -> list[tuple[int, float, float, float]]:
    lots = snapshot.lots
    return list(zip(lots.row.tolist(), lots.age.tolist(), lots.qty.tolist(), lots.expires_in.tolist(), strict=True))


def test_some_skus_of_many_and_many_at_once_are_read_alike_in_as_many_queries() -> None:
    ids = make(seed=7, skus=6)
    with clock.at(NOW):
        whole = build(ids, NOW)
        with CaptureQueriesContext(connection) as few:
            some = build(ids[3:4], NOW)
        with CaptureQueriesContext(connection) as many:
            # More ids than are listed one by one: their range is read, and what was not asked for is left out.
            ranged = build([*ids[3:4], *range(ids[-1] + 1, ids[-1] + 700)], NOW)
    its = np.isin(whole.sku_ids, ids[3:4])
    assert its.any()
    assert len(few) == len(many)
    for found in (some, ranged):
        assert found.pool_ids.tolist() == whole.pool_ids[its].tolist()
        for name in COLUMNS:
            # A server adds up in any order, which the last digit shows.
            np.testing.assert_allclose(found[name], whole[name][its], rtol=1e-12, err_msg=name)
