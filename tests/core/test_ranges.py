"""Rows of many ids: a range where they lie together, a list where their range would be the whole table."""

from __future__ import annotations

import numpy as np

from stockhub.core.ranges import LISTED, MOST_SPREAD, id_filter, is_ranged


def test_few_ids_are_listed() -> None:
    assert id_filter("sku_id", [3, 1, 900_000]) == {"sku_id__any_of": [3, 1, 900_000]}


def test_many_ids_of_a_chunk_are_read_as_their_range() -> None:
    ids = np.arange(10, 10 + 2 * (LISTED + 1), 2)
    assert id_filter("sku_id", ids) == {"sku_id__gte": 10, "sku_id__lte": 10 + 2 * LISTED}


def test_many_ids_that_are_scattered_over_the_catalogue_are_listed() -> None:
    scattered = np.arange(LISTED + 1) * (MOST_SPREAD + 1)
    assert not is_ranged(scattered)
    assert id_filter("sku_id", scattered) == {"sku_id__any_of": scattered.tolist()}
    close = np.arange(LISTED + 1) * (MOST_SPREAD - 1)
    assert is_ranged(close)
