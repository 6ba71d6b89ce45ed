"""Forecasts are written as they lie in memory, on either database, and again over what was there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import transaction

from stockhub.core import clock
from stockhub.cycles.services import request_cycle
from stockhub.demand import writing
from stockhub.demand.forecasting import ChainResult
from stockhub.demand.frames import Rows
from stockhub.demand.lead_times import Asked, LeadTimes
from stockhub.demand.models import Forecast
from stockhub.demand.spikes import Spikes
from stockhub.demand.writing import Made, write
from tests.worlds import DAY, NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: What would break a text format, or a count of bytes that were characters.
REASONS = ["", "tab\tand\nline \\N", "序列太短：不足八天", 'quote " and , comma', ""]
ASKED = Asked((7, 14, 28), (0.5, 0.9), "engine")


@pytest.fixture
def world() -> World:
    return make_world()


def made_of(world: World, n: int, *, times: float = 1.0, first_on: date = DAY, slot: int = 0) -> Made:
    at = NOW.replace(minute=slot)
    with clock.at(at):
        cycle = request_cycle(name="forecast", slot_at=at, as_of=at, requested_by="test")
    ids = [world.sku(f"{slot}-{number}").pk for number in range(n)] if not slot else list(Forecast.objects.values_list("sku_id", flat=True))
    rng = np.random.default_rng(n)
    sd = np.where(np.arange(n) % 2, np.nan, rng.random(n)).astype(np.float32)
    points = ChainResult(
        (times * rng.random((n, 4))).astype(np.float32),
        (times * rng.random((n, 2, 4))).astype(np.float32),
        sd,
        [["a", "模型", ""][number % 3] for number in range(n)],
        [REASONS[number % len(REASONS)] for number in range(n)],
    )
    own = np.where(np.arange(n) % 3 == 1, np.nan, times * rng.random(n))
    lead_times = LeadTimes(ASKED, (times * rng.random((n, 2, 3))).astype(np.float32), ["engine"] * n, REASONS[::-1][:n])
    spikes = Spikes(np.arange(n) % 3, times * rng.random(n), times * rng.random(n))
    rows = Rows(np.array(sorted(ids), np.int64), np.full(n, world.pool.pk, np.int64))
    return Made(rows, points, lead_times, np.arange(n, dtype=np.int64), own, spikes, cycle.pk, first_on, (0.5, 0.9))


def write_all(made: Made) -> list[int]:
    sizes = []
    for batch in made.batches():
        with transaction.atomic():
            write(made, batch)
        sizes.append(len(batch))
    return sizes


def assert_stored(made: Made, row: int) -> None:
    stored = Forecast.objects.get(sku_id=made.rows.sku_ids[row])
    points, lead_times = made.points, made.lead_times
    np.testing.assert_array_equal(stored.mean, points.mean[row])
    np.testing.assert_array_equal(stored.quantiles.reshape(2, 4), points.quantiles[row])
    np.testing.assert_array_equal(stored.lead_time_quantiles.reshape(2, 3), lead_times.quantiles[row])
    assert stored.error_sd == (None if np.isnan(points.error_sd[row]) else float(points.error_sd[row]))
    assert stored.own_sd == (None if np.isnan(made.own_sd[row]) else float(made.own_sd[row]))
    assert (stored.model_used, stored.fallback_reason) == (points.model_used[row], points.fallback_reason[row])
    assert (stored.lead_time_model, stored.lead_time_fallback) == ("engine", lead_times.fallback_reason[row])
    assert (stored.first_on, stored.horizon_days, stored.history_days, stored.cycle_id) == (made.first_on, 4, row, made.cycle_id)
    assert stored.quantile_levels.tolist() == pytest.approx([0.5, 0.9])
    assert (stored.lead_time_days.tolist(), stored.lead_time_levels.tolist()) == ([7, 14, 28], pytest.approx([0.5, 0.9]))
    assert (stored.spike_days, stored.spike_rate, stored.spike_before) == (
        made.spikes.days[row], made.spikes.rate[row], made.spikes.before[row],
    )  # fmt: skip
    assert stored.pool_id == made.rows.pool_ids[row]


def test_what_is_written_is_what_was_made_and_a_row_without_a_model_is_no_forecast(world: World) -> None:
    made = made_of(world, 5)
    with clock.at(NOW):
        assert write_all(made) == [4]
    assert Forecast.objects.count() == 4
    for row in (0, 1, 3, 4):
        assert_stored(made, row)
    assert set(Forecast.objects.values_list("created_at", flat=True)) == {NOW}


def test_a_later_run_writes_over_the_rows_and_they_keep_their_ids(world: World) -> None:
    first = made_of(world, 2)
    write_all(first)
    ids = list(Forecast.objects.order_by("sku_id").values_list("id", flat=True))
    later = made_of(world, 2, times=3.0, first_on=date(2026, 3, 9), slot=1)
    write_all(later)
    write_all(later)
    assert list(Forecast.objects.order_by("sku_id").values_list("id", flat=True)) == ids
    for row in (0, 1):
        assert_stored(later, row)


def test_a_chunk_is_written_in_transactions_of_a_bounded_size(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_BATCH", {"postgresql": 2, "sqlite": 2})
    made = made_of(world, 5)
    assert write_all(made) == [2, 2]
    assert Forecast.objects.count() == 4


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(world: World) -> None:
    made = made_of(world, 2)
    [batch] = made.batches()
    with transaction.atomic():
        write(made, batch)
        assert Forecast.objects.count() == 2
        transaction.set_rollback(True)
    assert Forecast.objects.count() == 0
    write_all(made)
    assert Forecast.objects.count() == 2
