"""A batch reaches a plugin's process as it was: its calendar, drivers and categories with it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from stockhub.pluginapi import ForecastBatch, Panel
from stockhub.pluginhost.codec import pack_batch, unpack_batch
from stockhub.pluginhost.wire import decode, encode


def through_the_wire(batch: ForecastBatch) -> ForecastBatch:
    content = b"".join(bytes(piece) for piece in encode(*pack_batch(batch)))
    place = 0

    def read(count: int) -> bytearray:
        nonlocal place
        place += count
        return bytearray(content[place - count : place])

    message = decode(read, lambda _header, _declared: None)
    return unpack_batch(message.header, message.arrays)


def test_open_days_and_drivers_travel_with_a_batch(batch_of: Callable[..., ForecastBatch]) -> None:
    plain = batch_of(n=3, lead_times=(7, 30))
    open_days = np.arange(3 * 75).reshape(3, 75) % 7 != 0
    promo = np.arange(3 * 75, dtype=np.float32).reshape(3, 75)
    panel = Panel(plain.panel.series_ids, plain.panel.start_on, plain.panel.values, plain.panel.observed, open_days, {"promo": promo})
    arrived = through_the_wire(ForecastBatch(panel, 14, (0.5,), (7, 30)))
    assert arrived.panel.open_days is not None
    np.testing.assert_array_equal(arrived.panel.open_days, open_days)
    np.testing.assert_array_equal(arrived.panel.drivers["promo"], promo)
    assert (list(arrived.panel.drivers), arrived.panel.days_ahead, arrived.lead_time_days) == (["promo"], 15, (7, 30))
    without = through_the_wire(plain).panel
    assert (without.open_days, dict(without.drivers), without.days_ahead) == (None, {}, 0)


def test_f5_categories_travel_with_a_batch(batch_of: Callable[..., ForecastBatch]) -> None:
    panel = batch_of(n=3).panel
    categories = np.array([[4, 7], [4, -1], [-1, -1]])
    named = Panel(panel.series_ids, panel.start_on, panel.values, panel.observed, categories=categories)
    arrived = through_the_wire(ForecastBatch(named, 14, (0.5,))).panel
    assert arrived.categories is not None
    np.testing.assert_array_equal(arrived.categories, categories)
    some = named.rows(np.array([2, 0])).categories
    assert some is not None
    assert some.tolist() == [[-1, -1], [4, 7]]
    assert through_the_wire(ForecastBatch(panel, 14, (0.5,))).panel.categories is None
    for wrong in (categories[:2], categories[:, 0]):
        with pytest.raises(ValueError, match="The categories of 3 series need the shape"):
            Panel(panel.series_ids, panel.start_on, panel.values, panel.observed, categories=wrong)


def test_known_days_ahead_have_one_shape(batch_of: Callable[..., ForecastBatch]) -> None:
    panel = batch_of(n=3).panel
    promo = np.zeros((3, 70), np.float32)
    for open_days in (np.ones((3, 71), np.bool_), np.ones((2, 70), np.bool_), np.ones((3, 59), np.bool_)):
        with pytest.raises(ValueError, match="need one shape"):
            Panel(panel.series_ids, panel.start_on, panel.values, panel.observed, open_days, {"promo": promo})
    part = Panel(panel.series_ids, panel.start_on, panel.values, panel.observed, None, {"promo": promo}).rows(np.array([2, 0]))
    assert (part.series_ids.tolist(), part.drivers["promo"].shape, part.days_ahead) == ([102, 100], (2, 70), 10)
