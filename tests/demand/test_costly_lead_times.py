"""The costly forecaster of lead-time demand makes the rows that the settings name, within its time; what it has not made says why."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec

import numpy as np
import pytest
from django.core.exceptions import ValidationError

from stockhub.catalog.models import Category
from stockhub.cycles.models import CycleStatus
from stockhub.demand import costly_lead_times
from stockhub.demand.models import Forecast, ForecastSettings, LeadTimeCalibration
from tests.worlds import DAY, NOW, World, make_world, run_cycle

#: Looked for and not imported: every process of a run would wait two seconds for it, and only the plugin's uses it.
pytestmark = [
    pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.skipif(find_spec("lightgbm") is None, reason="lightgbm is absent"),
]  # fmt: skip
YESTERDAY = DAY - timedelta(days=1)
#: Short lead times, so that a few months of a few series hold enough of them for trees.
SHORT = {"lead_time_days": [3, 7], "horizon_days": 28}


@pytest.fixture
def world() -> World:
    world = make_world()
    rng = np.random.default_rng(11)
    toys = Category.objects.create(code="toys", name="Toys")
    for number in range(24):
        sku = world.sku(f"S{number:02}")
        if number < 12:
            sku.category = toys
            sku.save()
        world.sold(sku, rng.poisson(rng.gamma(2.0, 4.0), 130).astype(float).tolist(), last_on=YESTERDAY)
    return world


def models_used() -> dict[str, tuple[str, str]]:
    found = Forecast.objects.values_list("sku__code", "lead_time_model", "lead_time_fallback")
    return {code: (model, reason) for code, model, reason in found}


def quantiles() -> dict[str, list[float]]:
    return {f.sku.code: f.lead_time_quantiles.tolist() for f in Forecast.objects.select_related("sku")}


@pytest.mark.usefixtures("world")
def test_i6_the_costly_forecaster_makes_the_category_that_is_named_and_no_other() -> None:
    ForecastSettings.objects.create(**SHORT)
    assert run_cycle("forecast").status == CycleStatus.DONE
    plain = quantiles()
    ForecastSettings.objects.update(costly_forecaster="lead-time-boosted", costly_categories=["toys"])
    cycle = run_cycle("forecast", NOW + timedelta(minutes=1))
    assert cycle.status == CycleStatus.DONE, cycle.message
    assert cycle.counts["lead_time_model.lead-time-boosted"] == cycle.counts["lead_time_model.lead-time"] == 12
    found, after = models_used(), quantiles()
    assert {code for code, (model, _why) in found.items() if model == "lead-time-boosted"} == {f"S{n:02}" for n in range(12)}
    assert {reason for _model, reason in found.values()} == {""}
    assert all(after[f"S{n:02}"] == plain[f"S{n:02}"] for n in range(12, 24))
    assert sum(after[f"S{n:02}"] != plain[f"S{n:02}"] for n in range(12)) >= 9
    for code in after:
        table = np.array(after[code]).reshape(-1, 2)
        assert (np.diff(table, axis=0) >= 0).all()
        assert (np.diff(table, axis=1) >= 0).all()
    learned = LeadTimeCalibration.objects.get(cycle=cycle)
    assert (learned.costly_forecaster, learned.costly_error) == ("lead-time-boosted", "")
    assert 0 < learned.costly_seconds < 600


def test_i6_an_account_is_named_like_a_category_and_a_run_for_one_sku_says_the_same_of_it(world: World) -> None:
    ForecastSettings.objects.create(**SHORT, costly_forecaster="lead-time-boosted", costly_accounts=[world.account.code])
    cycle = run_cycle("forecast")
    assert cycle.counts["lead_time_model.lead-time-boosted"] == 24
    before = quantiles()["S05"]
    one = run_cycle("forecast", NOW + timedelta(minutes=1), skus=("S05",))
    assert one.status == CycleStatus.DONE, one.message
    assert models_used()["S05"] == ("lead-time-boosted", "")
    assert quantiles()["S05"] == before
    assert LeadTimeCalibration.objects.get(cycle=one).costly_seconds < LeadTimeCalibration.objects.get(cycle=cycle).costly_seconds


@pytest.mark.usefixtures("world")
def test_i6_a_run_for_one_sku_does_not_learn_for_minutes_and_says_so() -> None:
    ForecastSettings.objects.create(**SHORT, costly_forecaster="lead-time-boosted")
    cycle = run_cycle("forecast", skus=("S05",))
    assert cycle.status == CycleStatus.DONE, cycle.message
    assert models_used() == {"S05": ("lead-time", "lead-time-boosted: NOT_LEARNED")}


@pytest.mark.usefixtures("world")
def test_i6_over_its_budget_the_rest_is_the_usual_forecasters_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    ForecastSettings.objects.create(**SHORT, costly_forecaster="lead-time-boosted", costly_minutes=1)
    monkeypatch.setattr(costly_lead_times, "time", _Clock([0.0, 59.5]))
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.DONE, cycle.message
    assert cycle.counts["costly_over_budget"] == 24
    assert set(models_used().values()) == {("lead-time", "lead-time-boosted: OVER_BUDGET")}


class _Clock:
    def __init__(self, readings: list[float]) -> None:
        self.perf_counter = iter(readings).__next__


@pytest.mark.usefixtures("world")
def test_i6_learning_that_takes_too_long_is_ended_and_the_run_says_so() -> None:
    # No form takes 0 minutes: no learning is that quick.
    ForecastSettings.objects.create(**SHORT, costly_forecaster="lead-time-boosted", costly_minutes=0)
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.PARTIAL
    assert "costly lead-time forecaster lead-time-boosted: deadline_exceeded" in cycle.message
    assert set(models_used().values()) == {("lead-time", "lead-time-boosted: deadline_exceeded")}


@pytest.mark.usefixtures("world")
def test_i6_a_costly_forecaster_that_is_gone_leaves_the_usual_one_and_the_run_says_so() -> None:
    ForecastSettings.objects.create(**SHORT, costly_forecaster="no-such-engine")
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.PARTIAL
    assert "no-such-engine: unknown_provider" in cycle.message
    assert set(models_used().values()) == {("lead-time", "no-such-engine: unknown_provider")}


@pytest.mark.one_database
@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"costly_forecaster": "ses-optimised"}, "costly_forecaster"),
        ({"costly_accounts": ["nowhere"]}, "costly_accounts"),
        ({"costly_categories": ["nowhere"]}, "costly_categories"),
        ({"costly_categories": "toys"}, "costly_categories"),
        ({"costly_minutes": 0}, "costly_minutes"),
    ],
)
def test_i6_settings_that_cannot_be_are_refused_with_the_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ForecastSettings(chain=["ses-optimised"], quantile_levels=[0.5, 0.9], **given).full_clean()
    assert set(refused.value.message_dict) == {field}
