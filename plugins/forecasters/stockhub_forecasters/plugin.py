"""The entry point. Imports neither numba nor pandas: kernels are compiled at the first forecast."""

from __future__ import annotations

from collections.abc import Iterable

from stockhub.pluginapi import Forecaster, Manifest, ManifestRequest, RegisterRequest, hookimpl
from stockhub.values import Label
from stockhub_forecasters.averages import MovingAverage, WeightedMovingAverage
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised


@hookimpl
def stockhub_manifest(request: ManifestRequest) -> Manifest:  # noqa: ARG001  every host gets the same answer
    return Manifest(
        slug="forecasters",
        name=Label("Cheap forecasters", "轻量预测模型"),
        version="0.1.0",
        requires_api=">=1.0,<2",
        description=Label(
            "Seasonal naive, moving averages, optimised exponential smoothing, Croston-SBA and TSB for all series at once.",
            "季节性朴素、移动平均、加权移动平均、自动寻优指数平滑、Croston-SBA 与 TSB,一次预测全部序列。",
        ),
    )


@hookimpl
def stockhub_register_forecasters(request: RegisterRequest) -> Iterable[Forecaster]:  # noqa: ARG001  every host gets the same answer
    return [SeasonalNaive(), MovingAverage(), WeightedMovingAverage(), SesOptimised(), CrostonSba(), Tsb(), LeadTimeDemand()]
