"""Lead-time demand on the wire, and what positions make of it, each number with its explanation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stockhub.core import clock
from stockhub.demand.models import Forecast
from tests.graphql.shop import DAY, NOW, Ask, World

pytestmark = pytest.mark.django_db
FORECAST = """{ forecast(sku: "SKU-001", pool: "mine-pool") { leadTimeModel leadTimeFallback
  leadTimeDemand { days quantiles { level value } } } }"""
POSITION = """{ stockOverview(skus: ["SKU-001"]) { edges { node { pools { pool
  sellsOutFirst { value unit reason } pStockout { value unit reason }
  safetyStock { value explain { value text(language: "en") nodes { name op value source } } }
  orderUpTo { value explain { value } } } } } } }"""


def know(world: World, **fields: Any) -> None:  # noqa: ANN401 - columns of a forecast
    days = 30
    Forecast.objects.filter(sku=world.sku, pool=world.mine.pool).update(
        first_on=DAY, horizon_days=days, mean=np.full(days, 2.0, np.float32), error_sd=1.0, **fields
    )


def position(world: World, ask: Ask) -> dict[str, Any]:
    with clock.at(NOW):
        [edge] = ask(world.me, POSITION).data["stockOverview"]["edges"]
    [pool] = edge["node"]["pools"]
    return dict(pool)


def test_f9_quantiles_of_lead_times_are_read_with_who_made_them(world: World, ask: Ask) -> None:
    know(
        world, lead_time_days=np.array([7, 28], np.int16), lead_time_levels=np.array([0.5, 0.9], np.float32),
        lead_time_quantiles=np.array([14, 56, 20.5, 70], np.float32), lead_time_model="textbook", lead_time_fallback="lead-time: TOO_SHORT",
    )  # fmt: skip
    assert ask(world.me, FORECAST).data["forecast"] == {
        "leadTimeModel": "textbook", "leadTimeFallback": "lead-time: TOO_SHORT",
        "leadTimeDemand": [
            {"days": 7, "quantiles": [{"level": "0.5", "value": "14"}, {"level": "0.9", "value": "20.5"}]},
            {"days": 28, "quantiles": [{"level": "0.5", "value": "56"}, {"level": "0.9", "value": "70"}]},
        ],
    }  # fmt: skip


def test_a_forecast_of_an_older_release_has_no_lead_time_demand(world: World, ask: Ask) -> None:
    assert ask(world.me, FORECAST).data["forecast"] == {"leadTimeModel": "", "leadTimeFallback": "", "leadTimeDemand": []}
    found = position(world, ask)
    assert (found["pStockout"]["value"], found["pStockout"]["reason"]) == (None, "NO_FORECAST")


def test_n4_n5_a_position_tells_its_chance_and_explains_its_safety_stock(world: World, ask: Ask) -> None:
    levels = (0.05, 0.5, 0.95, 0.99)
    know(
        world, lead_time_days=np.array([1, 90], np.int16), lead_time_levels=np.array(levels, np.float32),
        lead_time_quantiles=np.array([[1, 90], [2, 180], [3, 270], [4, 360]], np.float32).ravel(), lead_time_model="engine",
    )  # fmt: skip
    found = position(world, ask)
    assert found["sellsOutFirst"] == {"value": "25", "unit": "day", "reason": None}
    assert found["pStockout"]["unit"] == "probability"
    assert 0.0 < float(found["pStockout"]["value"]) < 1.0
    safety = found["safetyStock"]
    assert float(safety["explain"]["value"]) == pytest.approx(float(safety["value"]), rel=1e-9)
    names = {node["name"]: node for node in safety["explain"]["nodes"] if node["name"]}
    assert names["protection_quantile"]["source"] == "forecast"
    assert "Safety stock by lead-time demand" in safety["explain"]["text"]
    # Its forecast knows no deviation of its own days: the quantile counts alone, and the explanation says why.
    own = names["rests_on_own_deviation"]
    assert (float(own["value"]), own["source"]) == (0.0, "short history")
    level = found["orderUpTo"]
    assert float(level["explain"]["value"]) == pytest.approx(float(level["value"]), rel=1e-9)
    # A textbook's quantiles tell a chance as well, and safety stock is then what the textbook says.
    Forecast.objects.filter(sku=world.sku).update(lead_time_model="textbook")
    found = position(world, ask)
    assert found["pStockout"]["value"] is not None
    assert [node["op"] for node in found["safetyStock"]["explain"]["nodes"]] == ["input"]
