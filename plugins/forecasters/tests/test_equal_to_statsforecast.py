"""The models equal statsforecast 2.1 wherever both define the same: on series that are observed throughout."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import pytest
from numpy.typing import NDArray
from statsforecast import models as oracle

from stockhub_forecasters.aggregation import Adida, Imapa
from stockhub_forecasters.averages import MovingAverage, Naive
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.matrix_forecaster import MatrixForecaster, histories
from stockhub_forecasters.portfolio import portfolio_means
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised

#: statsforecast is the judge.
pytestmark = pytest.mark.judged
HORIZON = 10


class Oracle(Protocol):
    """A model of statsforecast, which publishes no types."""

    def forecast(self, *, y: NDArray[np.float64], h: int) -> dict[str, NDArray[np.float64]]: ...


KINDS = ["counts", "intermittent", "walk", "fractions", "steps", "last day", "huge"]
PAIRS: dict[str, tuple[MatrixForecaster, Any]] = {
    "naive": (Naive(), oracle.Naive()),
    "seasonal-naive-7": (SeasonalNaive(), oracle.SeasonalNaive(7)),
    "seasonal-naive-12": (SeasonalNaive(season=12), oracle.SeasonalNaive(12)),
    "moving-average-56": (MovingAverage(), oracle.WindowAverage(56)),
    "moving-average-8": (MovingAverage(window=8), oracle.WindowAverage(8)),
    "ses-optimised": (SesOptimised(), oracle.SimpleExponentialSmoothingOptimized()),
    "croston-sba": (CrostonSba(), oracle.CrostonSBA()),
    "tsb-.1-.1": (Tsb(), oracle.TSB(alpha_d=0.1, alpha_p=0.1)),
    "adida": (Adida(), oracle.ADIDA()),
    "imapa": (Imapa(), oracle.IMAPA()),
    "tsb-.3-.05": (Tsb(alpha_size=0.3, alpha_probability=0.05), oracle.TSB(alpha_d=0.3, alpha_p=0.05)),
}


def oracle_means(model: Oracle, demand: NDArray[np.float32]) -> NDArray[np.float64]:
    """What statsforecast gives each series from its first day on, in float64."""
    return np.array([model.forecast(y=row[~np.isnan(row)].astype(np.float64), h=HORIZON)["mean"] for row in demand])


def require_equal(forecaster: MatrixForecaster, model: Oracle, demand: NDArray[np.float32]) -> int:
    """Compares every series that both forecast; says how many they are."""
    ours = portfolio_means(demand, np.ones(demand.shape, np.bool_), HORIZON, (forecaster,))[forecaster.slug]
    theirs = oracle_means(model, demand)
    both = ~np.isnan(theirs).any(axis=1) & ~np.isnan(ours).any(axis=1)
    np.testing.assert_allclose(ours[both], theirs[both], rtol=1e-6, atol=1e-6)
    return int(both.sum())


@pytest.mark.filterwarnings("ignore:Historical data")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(("n", "t"), [(1, 1), (3, 2), (40, 9), (33, 60), (20, 400)])
def test_means_on_random_series(
    pair: str, kind: str, n: int, t: int, random_demand: Callable[[str, int, int], NDArray[np.float32]]
) -> None:
    compared = require_equal(*PAIRS[pair], random_demand(kind, n, t))
    if t >= 60:
        assert compared >= n * 3 // 5


@pytest.mark.filterwarnings("ignore:Historical data")
@pytest.mark.parametrize(
    "pair", ["naive", "seasonal-naive-7", "moving-average-56", "ses-optimised", "croston-sba", "tsb-.1-.1", "adida", "imapa"]
)
def test_h23_means_on_real_series(pair: str, real_demand: NDArray[np.float32]) -> None:
    assert require_equal(*PAIRS[pair], real_demand[::2]) > 900


@pytest.mark.skipif(platform.machine() != "x86_64", reason="elsewhere compilers may fuse multiplication and addition in the oracle")
@pytest.mark.parametrize("kind", KINDS)
def test_alphas_are_those_of_the_oracle_to_the_last_bit(kind: str, random_demand: Callable[[str, int, int], NDArray[np.float32]]) -> None:
    demand = random_demand(kind, 70, 120)
    (history,) = histories(demand, np.ones(demand.shape, np.bool_))
    theirs = [PAIRS["ses-optimised"][1].fit(row[~np.isnan(row)].astype(np.float64)).model_["alpha"] for row in demand]
    np.testing.assert_array_equal(SesOptimised().alphas(history.days, history.counts), theirs)
