"""Accuracy, champions, leans, depletion and mini-reviews on the wire."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from stockhub.cycles.models import Cycle
from stockhub.demand.champion_models import Backtest, Champion, Decision, DemandKind, ModelAccuracy
from stockhub.demand.models import Forecast
from stockhub.demand.track_models import ForecastTrack
from stockhub.inventory.models import Balance
from tests.graphql.shop import NOW, Ask, World

pytestmark = pytest.mark.django_db
ACCURACIES = """query($kind: DemandKind) { forecastAccuracies(kind: $kind) {
  model { slug label } kind isChampion isMeanChampion wape28 rmse mape smape windows } }"""


@pytest.fixture
def backtest(world: World) -> Backtest:
    cycle = Cycle.objects.create(name="backtest", slot_at=NOW, as_of=NOW, requested_by="test", status="done")
    test = Backtest.objects.create(cycle=cycle, last_on=NOW.date(), horizon_days=28, windows=4)
    rows = [("", "naive", 1.4), ("", "ses-optimised", 0.9), ("smooth", "naive", 1.2)]
    for kind, model, loss in rows:
        ModelAccuracy.objects.create(
            backtest=test,
            kind=kind,
            model=model,
            series_windows=8,
            relative_loss=loss,
            wape_28=0.25,
            rmse=8.660254,
            mape=None,
            smape=0.5,
            is_mean_champion=model == "naive",
        )
    return test


def test_h24_the_newest_figures_come_best_first_to_those_who_may_see_them(world: World, ask: Ask, backtest: Backtest) -> None:
    found = ask(world.root, ACCURACIES).data["forecastAccuracies"]
    assert [each["model"]["slug"] for each in found] == ["ses-optimised", "naive"]
    assert found[0] == {
        "model": {"slug": "ses-optimised", "label": "Exponential smoothing, optimised"}, "kind": None, "isChampion": False,
        "isMeanChampion": False, "wape28": "0.25", "rmse": "8.660254", "mape": None, "smape": "0.5", "windows": 4,
    }  # fmt: skip
    [smooth] = ask(world.root, ACCURACIES, {"kind": "SMOOTH"}).data["forecastAccuracies"]
    assert (smooth["kind"], smooth["model"]["slug"]) == ("SMOOTH", "naive")
    assert ask(world.powerless, ACCURACIES).codes == ["FORBIDDEN"]


def test_h23_the_champions_are_named_in_the_language_of_the_reader(world: World, ask: Ask) -> None:
    Champion.objects.create(kind=DemandKind.LUMPY, model="tsb", decision=Decision.TAKEN, series=7, shared=True, since_at=NOW)
    query = "{ forecastChampions { kind model { slug label } meanModel { slug } meanDecision decision seriesJudged judgedWithAll } }"
    [champion] = ask(world.me, query, accept_language="zh-CN").data["forecastChampions"]
    assert champion == {
        "kind": "LUMPY", "model": {"slug": "tsb", "label": "TSB 间歇需求"}, "meanModel": None, "meanDecision": None,
        "decision": "TAKEN", "seriesJudged": 7, "judgedWithAll": True,
    }  # fmt: skip
    Champion.objects.update(mean_model="naive", mean_decision=Decision.KEPT)
    [champion] = ask(world.me, query).data["forecastChampions"]
    assert (champion["meanModel"], champion["meanDecision"]) == ({"slug": "naive"}, "KEPT")


def test_h2_the_lean_of_a_series_is_that_of_its_own_pool(world: World, ask: Ask) -> None:
    query = 'query($pool: String!) { forecastLean(sku: "SKU-001", pool: $pool) { trackingSignal { value } lean { slug } weeks errorQty } }'
    found = ask(world.me, query, {"pool": "mine-pool"}).data["forecastLean"]
    assert found == {"trackingSignal": {"value": "-6"}, "lean": {"slug": "over_optimistic"}, "weeks": 6, "errorQty": "-120"}
    assert ask(world.other, query, {"pool": "mine-pool"}).data["forecastLean"] is None


def test_h11_the_depletion_curve_hits_zero_at_day_twenty(world: World, ask: Ask) -> None:
    Balance.objects.filter(sku=world.sku, warehouse=world.mine.warehouse, bucket_id="available").update(qty=1000)
    flat = np.full(60, 50.0, np.float32)
    Forecast.objects.update_or_create(
        sku=world.sku, pool=world.mine.pool,
        defaults={"first_on": NOW.date(), "horizon_days": 60, "model_used": "x", "mean": flat, "history_days": 90, "created_at": NOW},
    )  # fmt: skip
    query = """query($pool: String!) { depletionCurve(sku: "SKU-001", pool: $pool) {
      stock { from step values } stockoutDay { value unit reason } stockoutOn } }"""
    found = ask(world.me, query, {"pool": "mine-pool"}).data["depletionCurve"]
    assert found["stock"]["values"][:3] + found["stock"]["values"][19:22] == ["1000", "950", "900", "50", "0", "0"]
    assert found["stockoutDay"] == {"value": "20", "unit": "day", "reason": None}
    assert ask(world.other, query, {"pool": "mine-pool"}).data["depletionCurve"] is None


def test_n5_the_day_on_which_stock_is_gone_has_three_dates(world: World, ask: Ask) -> None:
    Balance.objects.filter(sku=world.sku, warehouse=world.mine.warehouse, bucket_id="available").update(qty=200)
    days, levels = np.array([1, 7, 14, 28, 56], np.int16), np.array([0.05, 0.5, 0.95], np.float32)
    quantiles = (np.array([0.5, 1.0, 1.5])[:, None] * days[None, :] * 10.0).astype(np.float32)
    Forecast.objects.update_or_create(
        sku=world.sku, pool=world.mine.pool,
        defaults={
            "first_on": NOW.date(), "horizon_days": 60, "model_used": "x", "mean": np.full(60, 10.0, np.float32), "history_days": 90,
            "created_at": NOW, "lead_time_days": days, "lead_time_levels": levels, "lead_time_quantiles": quantiles.ravel(),
            "lead_time_model": "x",
        },
    )  # fmt: skip
    query = """query($pool: String!) { depletionCurve(sku: "SKU-001", pool: $pool) { goneEarlyOn goneMedianOn goneLateOn } }"""
    found = ask(world.me, query, {"pool": "mine-pool"}).data["depletionCurve"]
    middle = NOW.date() + dt.timedelta(days=20)
    assert found["goneMedianOn"] == middle.isoformat()
    assert found["goneEarlyOn"] < found["goneMedianOn"] < found["goneLateOn"]


def test_h102_week_and_month_are_compared_with_what_was_forecast(world: World, ask: Ask) -> None:
    day = NOW.date() - dt.timedelta(days=20)
    ForecastTrack.objects.update(origins=np.array([day.toordinal()], np.int32))
    query = """query($since: Date!) { miniReviews(sku: "SKU-001", pool: "mine-pool", since: $since) {
      days firstOn dueOn forecastQty actualQty reason } }"""
    week, month = ask(world.me, query, {"since": day.isoformat()}).data["miniReviews"]
    assert (week["days"], week["forecastQty"], week["reason"]) == (7, "14", "")
    assert week["actualQty"] is not None
    assert (month["days"], month["forecastQty"], month["actualQty"], month["reason"]) == (30, "60", None, "NO_DATA_YET")
    assert ask(world.other, query, {"since": day.isoformat()}).data["miniReviews"] == []
