"""Viral spike: days in a row far above the ordinary ones, and how soon stock is gone at their pace (science.md 1.4, D21, N7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from stockhub.alerts.models import Alert
from stockhub.alerts.rules.viral_spike import ViralSpikeParameters, ViralSpikeRule
from stockhub.alerts.wording import headline
from stockhub.demand.cleaning.cleaned import cleaned
from stockhub.demand.models import Forecast, SalesSeries
from stockhub.demand.spikes import spikes_of
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES
from tests.worlds import DAY, make_world, run_cycle

#: 5 a day became 60 a day two days ago; of 100 a unit, 50 are margin. An order of today comes in 10 days, the next review's in 17.
ROW = {
    **NO_FEES, "fees_known": 1.0, "unit_price": 100.0, "unit_cost": 40.0, "selling_fee": 10.0, "available": 900.0, "on_order": 0.0,
    "in_transit": 0.0, "receiving": 0.0, "is_replenished": 1.0, "lead_time": 10.0, "review_period": 7.0, "safety_stock": 20.0,
    "daily_mean": 5.0, "spike_days": 2.0, "spike_rate": 60.0, "spike_before": 5.0, "moq": 1.0, "case_pack": 1.0,
}  # fmt: skip


def spike(*rows: Mapping[str, float], inbound: Sequence[tuple[int, float, float]] = (), **changes: float) -> Findings:
    made = [{**ROW, **row} for row in rows]
    return ViralSpikeRule().evaluate(snapshot_of(*made, forecast=[5.0] * len(rows), inbound=inbound), ViralSpikeParameters(**changes))


def test_science_1_4_two_days_in_a_row_are_a_spike_and_one_is_none() -> None:
    assert spike(*[{"spike_days": float(days)} for days in (0, 1, 2, 9)]).level.tolist() == [0, 0, 1, 1]


def test_the_level_follows_how_soon_stock_is_gone() -> None:
    """A week at 60 and three days at 5 are 435 until an order of today arrives; 180 are gone within three days."""
    rows = [{"available": units} for units in (435.0, 434.0, 181.0, 180.0, 0.0)]
    found = spike(*rows)
    assert found.level.tolist() == [1, 2, 2, 3, 3]
    assert found.value.tolist() == pytest.approx([435 / 60, 434 / 60, 181 / 60, 3.0, 0.0])
    assert found.due_in_days.tolist() == pytest.approx([units["available"] / 60 - 10.0 for units in rows])
    assert spike({"available": 435.0}).hold_level.tolist() == [2]


def test_d21_n7_money_is_what_is_missing_if_it_goes_on_for_a_week() -> None:
    """470 are asked for until the next review's order, 435 of them before one of today arrives."""
    found = spike({"available": 400.0}, {"available": 440.0, "compensation_rate": 0.05}, {"available": 500.0}, {"unit_cost": np.nan})
    assert found.money[:3].tolist() == pytest.approx([70 * 50.0, 30 * 55.0, 0.0])
    assert found.saving[:3].tolist() == pytest.approx([35 * 50.0, 30 * 55.0, 0.0])
    # Nothing is missing, whatever a unit is worth.
    assert found.money[3] == 0.0
    unknown = spike({"available": 0.0, "unit_cost": np.nan})
    assert (bool(np.isnan(unknown.money[0])), unknown.reasons["NO_COST"].tolist()) == (True, [True])


def test_u1_what_is_inbound_is_netted() -> None:
    rows = [{"available": 100.0}, {"available": 100.0, "on_order": 335.0}]
    found = spike(*rows, inbound=[(1, 4.0, 335.0)])
    assert found.level.tolist() == [3, 3]
    assert found.suggested_qty.tolist() == [470.0 + 20.0 - 100.0, 470.0 + 20.0 - 435.0]
    assert spike({"available": 200.0}, {"available": 200.0}, inbound=[(1, 9.0, 300.0)]).level.tolist() == [2, 1]


def test_few_units_and_a_pace_near_the_usual_one_are_none() -> None:
    rows = [
        {"spike_rate": 4.9, "spike_before": 0.1},
        {"spike_rate": 5.0, "spike_before": 0.1},
        {"spike_before": 30.0},
        {"spike_before": 31.0},
    ]
    found = spike(*rows)
    assert found.level.tolist() == [0, 1, 1, 0]
    assert found.hold_level.tolist() == [1, 1, 1, 1]


def test_u5_what_is_never_bought_again_is_silent_and_unknown_stock_is_not() -> None:
    found = spike({"is_replenished": 0.0}, {"available": np.nan}, {"spike_days": np.nan})
    assert found.level.tolist() == [0, -1, 0]
    assert found.reasons["NO_STOCK_DATA"].tolist() == [False, True, False]


def days(*late: float, usual: int = 100) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array([[4.0, 5.0, 6.0, 5.0] * (usual // 4) + list(late)], np.float32)


def found_in(sales: np.ndarray[tuple[int, int], np.dtype[np.float32]], **changes: float) -> tuple[int, float, float]:
    in_stock = np.full(sales.shape, 100.0, np.float32)
    for place, percent in changes.items():
        in_stock[0, int(place.removeprefix("day_"))] = percent
    found = spikes_of(cleaned(sales, in_stock))
    return int(found.days[0]), float(found.rate[0]), float(found.before[0])


def test_science_1_4_a_spike_is_the_run_of_high_days_up_to_the_last() -> None:
    assert found_in(days(60.0, 70.0)) == (2, 65.0, 5.0)
    assert found_in(days(60.0, 70.0, 80.0)) == (3, 70.0, 5.0)
    assert found_in(days(60.0)) == (0, 0.0, 0.0)
    assert found_in(days(60.0, 70.0, 5.0)) == (0, 0.0, 0.0)
    assert found_in(days(60.0, 70.0, usual=20)) == (0, 0.0, 0.0)


def test_a_shelf_that_it_has_emptied_ends_no_spike_for_three_days() -> None:
    empty = {f"day_{place}": 0.0 for place in (102, 103, 104)}
    assert found_in(days(60.0, 70.0, 0.0, 0.0, 0.0), **empty) == (2, 65.0, 5.0)
    assert found_in(days(60.0, 70.0, 0.0, 0.0, 0.0, 0.0), **empty, day_105=0.0) == (0, 0.0, 0.0)


def test_science_1_4_days_of_an_event_are_no_spike() -> None:
    sales, tags = days(60.0, 70.0), np.full((1, 102), -1)
    tags[0, 100:] = 0
    assert spikes_of(cleaned(sales, np.full(sales.shape, 100.0, np.float32), tags)).days.tolist() == [0]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_science_1_4_from_5_to_60_a_day_for_two_days_raises_a_spike_alert() -> None:
    world = make_world()
    steady, viral = world.selling("STEADY", stock=400, rate=5.0), world.selling("VIRAL", stock=400, rate=5.0)
    pace = [4.0, 5.0, 6.0, 5.0] * 25
    SalesSeries.objects.all().delete()
    # The day of the run is not over.
    world.sold(steady, [*pace, 5.0, 5.0, 1.0])
    world.sold(viral, [*pace, 60.0, 60.0, 1.0])
    run_cycle("forecast")
    run_cycle("warnings")
    forecast = Forecast.objects.get(sku=viral)
    assert (forecast.first_on, forecast.spike_days, forecast.spike_rate, forecast.spike_before) == (DAY, 2, 60.0, 5.0)
    assert Forecast.objects.get(sku=steady).spike_days == 0
    [alert] = Alert.objects.filter(kind="viral-spike")
    assert (alert.sku_id, alert.unit, alert.level) == (viral.pk, "day", 2)
    assert alert.value == pytest.approx(400 / 60)
    assert "Viral spike: 6.7 days left at its pace" in headline(alert)
