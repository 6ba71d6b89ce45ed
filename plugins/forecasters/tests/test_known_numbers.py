"""Numbers that can be checked by hand, and the published suites."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from stockhub.pluginapi import ForecastBatch
from stockhub_forecasters.averages import MovingAverage, WeightedMovingAverage
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.kernels.smoothing import ses_levels
from stockhub_forecasters.matrix_forecaster import LevelForecaster

#: Published suites are the judge.
pytestmark = pytest.mark.judged
BatchOf = Callable[..., ForecastBatch]


def level_of(forecaster: LevelForecaster, demand: ArrayLike) -> float:
    days = np.atleast_2d(np.asarray(demand, np.float32))
    return float(forecaster.levels(days, np.array([days.shape[1]]), 0)[0][0])


def ses_level(demand: ArrayLike, alpha: float) -> float:
    days = np.atleast_2d(np.asarray(demand, np.float32))
    return float(ses_levels(days, np.array([days.shape[1]]), np.array([alpha]), 0)[0][0])


def test_d14_weighted_moving_average_of_120_100_80_is_106() -> None:
    assert level_of(WeightedMovingAverage(weights=(0.5, 0.3, 0.2), period=1), [80, 100, 120]) == 106.0


def test_d14_smoothing_level_100_with_120_at_alpha_3_tenths_gives_106() -> None:
    assert ses_level([100, 120], 0.3) == 106.0


def test_weighted_periods_are_means_of_their_days() -> None:
    # Newest period 9 and 11, the one before 1 and 3, and one day of the third, which weighs half: (.5·20 + .3·4 + .2·8) / 1.8.
    assert level_of(WeightedMovingAverage(period=2), [8, 1, 3, 9, 11]) == pytest.approx((10 + 1.2 + 1.6) / 1.8, rel=1e-12)


def test_moving_average_of_a_short_history_is_the_mean_of_its_days() -> None:
    assert level_of(MovingAverage(window=56), [1, 2, 6]) == 3.0


def test_croston_sba_by_hand() -> None:
    # Demand 4 on day 2 and 6 on day 5: size .1·6 + .9·4 = 4.2, interval .1·3 + .9·2 = 2.1.
    assert level_of(CrostonSba(alpha=0.1), [0, 4, 0, 0, 6]) == pytest.approx(0.95 * 4.2 / 2.1, rel=1e-12)


def test_tsb_by_hand() -> None:
    # Probability 0, .1, .09; size 4.
    assert level_of(Tsb(alpha_size=0.1, alpha_probability=0.1), [0, 4, 0]) == pytest.approx(0.09 * 4, rel=1e-12)


@pytest.fixture
def suite(request: pytest.FixtureRequest, shared: Path) -> dict[str, Any]:
    path = shared / "vectors" / "science" / f"{request.param}.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is absent from the shared data folder")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


@pytest.mark.parametrize("suite", ["intermittent_forecast"], indirect=True)
def test_suite_intermittent_forecast(suite: dict[str, Any]) -> None:
    for case in suite["cases"]:
        demand, expected = case["inputs"]["demand"], case["expected"]
        found = {
            "croston": level_of(CrostonSba(alpha=0.1), demand) / 0.95,
            "sba": level_of(CrostonSba(alpha=0.1), demand),
            "tsb": level_of(Tsb(alpha_size=0.2, alpha_probability=0.2), demand),
            "ses_03": ses_level(demand, 0.3),
        }
        assert found == {name: pytest.approx(expected[name], rel=1e-12) for name in found}, case["id"]


@pytest.mark.parametrize("suite", ["smoothing_fixed"], indirect=True)
def test_suite_smoothing_fixed(suite: dict[str, Any]) -> None:
    """The initial level of every case is its first value, as here. float32 holds seven digits of each value."""
    for case in suite["cases"]:
        inputs = case["inputs"]
        assert inputs["initial_level"] == inputs["y"][0]
        assert [ses_level(inputs["y"], inputs["alpha"])] * 3 == pytest.approx(case["expected"]["ses"], rel=suite["tolerance"]["rel"])
