"""H23: every model answers through one shared interface, and keeps its contract."""

from stockhub.pluginapi.testing import ForecasterContract
from stockhub_forecasters.averages import MovingAverage, WeightedMovingAverage
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised


class MatrixContract(ForecasterContract):
    """These models look at one series at a time with the same operations in the same order: equal to the last bit in any batch."""

    relative_tolerance = 0.0


class TestSeasonalNaive(MatrixContract):
    forecaster = SeasonalNaive()


class TestMovingAverage(MatrixContract):
    forecaster = MovingAverage()


class TestWeightedMovingAverage(MatrixContract):
    forecaster = WeightedMovingAverage()


class TestSesOptimised(MatrixContract):
    forecaster = SesOptimised()


class TestCrostonSba(MatrixContract):
    forecaster = CrostonSba()


class TestTsb(MatrixContract):
    forecaster = Tsb()


class TestLeadTimeDemand(ForecasterContract):
    forecaster = LeadTimeDemand()
