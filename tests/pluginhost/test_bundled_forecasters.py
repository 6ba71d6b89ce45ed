"""H23: every bundled model, the ones with libraries of their own included, answers from its supervised process within the usual limits."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from stockhub.pluginapi import ForecastBatch, Panel
from stockhub.pluginhost import supervision
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.pluginhost.registry import registry

#: Imports five libraries and compiles what is not compiled yet.
pytestmark = pytest.mark.slow


def test_h23_every_bundled_model_forecasts_in_its_own_process(settings: Settings) -> None:
    rng = np.random.default_rng(23)
    values = rng.poisson(rng.uniform(1.0, 30.0, (8, 1)) * (1.0 + 0.5 * (np.arange(140) % 7 == 5)), (8, 140)).astype(np.float32)
    panel = Panel(np.arange(8) + 1, date(2026, 1, 1), values, np.ones(values.shape, np.bool_))
    recent = values[:, -28:].mean(axis=1)
    settings.STOCKHUB_PLUGIN_MEMORY_MIB = 2048
    models = [slug for slug, found in registry().forecasters.items() if type(found).__module__.startswith("stockhub_forecasters.")]
    assert {"imapa", "auto-ets", "auto-arima", "auto-theta", "prophet", "random-forest", "lightgbm", "xgboost"} <= set(models)
    try:
        for slug in models:
            answer = run_forecaster(slug, ForecastBatch(panel, 7, (0.5, 0.9)), recorded=False)
            assert answer.unfit == {}, slug
            # Totals of the week are those of other weeks, by whatever model.
            assert float(answer.mean.sum()) == pytest.approx(7 * float(recent.sum()), rel=0.5), slug
            assert (answer.quantiles[:, 1] >= answer.quantiles[:, 0]).all(), slug
    finally:
        supervision.stop_all()
