"""H23: every model answers through one shared interface, and keeps its contract."""

from __future__ import annotations

import pytest

from stockhub.pluginapi.testing import ForecasterContract
from stockhub_forecasters.aggregation import Adida, Imapa
from stockhub_forecasters.averages import MovingAverage, Naive, WeightedMovingAverage
from stockhub_forecasters.boosting import LightGbm, XgBoost
from stockhub_forecasters.forest import RandomForest
from stockhub_forecasters.holt import HoltDamped, HoltWinters
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand
from stockhub_forecasters.lead_time.full import BoostedLeadTimeDemand
from stockhub_forecasters.prophet_model import Prophet
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised
from stockhub_forecasters.statistical import AutoArima, AutoEts, AutoTheta


class MatrixContract(ForecasterContract):
    """These models look at one series at a time with the same operations in the same order: equal to the last bit in any batch."""

    relative_tolerance = 0.0


class TestNaive(MatrixContract):
    forecaster = Naive()


class TestSeasonalNaive(MatrixContract):
    forecaster = SeasonalNaive()


class TestMovingAverage(MatrixContract):
    forecaster = MovingAverage()


class TestWeightedMovingAverage(MatrixContract):
    forecaster = WeightedMovingAverage()


class TestSesOptimised(MatrixContract):
    forecaster = SesOptimised()


class TestHoltDamped(MatrixContract):
    forecaster = HoltDamped()


class TestHoltWinters(MatrixContract):
    forecaster = HoltWinters()


class TestCrostonSba(MatrixContract):
    forecaster = CrostonSba()


class TestTsb(MatrixContract):
    forecaster = Tsb()


class TestAdida(MatrixContract):
    forecaster = Adida()


class TestImapa(MatrixContract):
    forecaster = Imapa()


class TestRandomForest(MatrixContract):
    forecaster = RandomForest(trees=20)


class TestLightGbm(MatrixContract):
    forecaster = LightGbm()


class TestXgBoost(MatrixContract):
    forecaster = XgBoost()


class CostlyContract(MatrixContract):
    """Tenths of a second a series: dense and sparse demand, and what a test speaks of."""

    shapes = ("intermittent", "all_zero", "constant", "huge", "nan_on_observed_days", "never_observed", "all_nan")


@pytest.mark.slow  # each fit searches over models
class TestAutoEts(CostlyContract):
    forecaster = AutoEts()


@pytest.mark.slow  # each fit searches over models
class TestAutoArima(CostlyContract):
    forecaster = AutoArima()


class TestAutoTheta(CostlyContract):
    forecaster = AutoTheta()


@pytest.mark.slow  # each fit starts a process
class TestProphet(CostlyContract):
    forecaster = Prophet()


class TestLeadTimeDemand(ForecasterContract):
    forecaster = LeadTimeDemand()


class TestBoostedLeadTimeDemand(ForecasterContract):
    forecaster = BoostedLeadTimeDemand()
