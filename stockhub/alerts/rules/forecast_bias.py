"""Forecast bias: week after week too much was forecast, or too little (H2; science.md 2.1; Trigg 1964)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.forecasting.monitoring import TRACKING_LIMIT, tracking_signal
from stockhub.pluginapi import RuleParameters, Side
from stockhub.values import Label


class ForecastBiasParameters(RuleParameters):
    """What an operator may change."""

    limit: float = parameter(TRACKING_LIMIT, "1", "Limit of the tracking signal", "跟踪信号限值")
    least_share: float = parameter(0.1, "1", "Least error, as a share of the forecast", "最小偏差占预测比例")
    large_share: float = parameter(0.5, "1", "Error of level 2, as a share of the forecast", "二级预警偏差占预测比例")
    hold_share: float = parameter(0.25, "1", "Share of the limits below which an alert closes", "解除预警需低于限值的比例", at_most=1.0)


class ForecastBiasRule(FormulaRule):
    """Level 1: the tracking signal of the last weeks is beyond ±4 and the error at least a tenth of the forecast. 2: half of it.

    The signal alone says that errors are no chance, not that they matter: both are asked for. Weeks with a stock-out are not compared, and
    fewer than five weeks cannot pass the limit. A SKU whose forecasts nobody can compare yet has nothing to be said about.
    """

    slug: ClassVar[str] = "forecast-bias"
    label: ClassVar[Label] = Label("Biased forecast", "预测偏差")
    description: ClassVar[Label] = Label(
        "Over the last weeks more was forecast than sold, or less, in one direction and by more than chance. Below 0 too much was "
        "forecast: stock is ordered that nobody wants; above 0 too little: it will run out before its time.",
        "近几周预测持续高于或低于实际销量，且超出随机波动。信号为负表示预测偏高，会多订货；为正表示预测偏低，会提前断货。",
    )
    side: ClassVar[Side] = Side.DATA
    parameters_model: ClassVar[type[RuleParameters]] = ForecastBiasParameters
    unit: ClassVar[str] = "1"
    uses: ClassVar[tuple[str, ...]] = ("tracked_error", "tracked_mean_error", "tracked_forecast", "tracked_weeks")
    requires: ClassVar[Mapping[str, str]] = {
        "tracked_weeks": "NO_TRACKED_FORECAST",
        "tracked_error": "NO_TRACKED_FORECAST",
        "tracked_mean_error": "NO_TRACKED_FORECAST",
        "tracked_forecast": "NO_TRACKED_FORECAST",
    }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The tracking signal."""
        return Measures(value=tracking_signal(x["tracked_error"], x["tracked_mean_error"]))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Beyond the limits, which are a quarter nearer for an alert that is open."""
        near = 1.0 - slack * x["hold_share"]
        size = np.abs(x["tracked_error"])
        biased = np.abs(found.value) > x["limit"] * near
        matters = biased & (size > 0) & (size >= x["least_share"] * near * x["tracked_forecast"])
        return highest(matters, matters & (size >= x["large_share"] * near * x["tracked_forecast"]), np.zeros(len(size), np.bool_))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing has been compared."""
        return np.asarray(x["tracked_weeks"] == 0)
