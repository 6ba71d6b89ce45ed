"""The entry point. Imports no numba, no pandas and no model's library: kernels are compiled and libraries loaded at the first forecast."""

from __future__ import annotations

from collections.abc import Iterable

from stockhub.pluginapi import Forecaster, HealthCheck, HealthRequest, Manifest, ManifestRequest, RegisterRequest, hookimpl
from stockhub.values import Label
from stockhub_forecasters.aggregation import Adida, Imapa
from stockhub_forecasters.averages import MovingAverage, Naive, WeightedMovingAverage
from stockhub_forecasters.extras import EXTRAS, installed_forecasters
from stockhub_forecasters.holt import HoltDamped, HoltWinters
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised


@hookimpl
def stockhub_manifest(request: ManifestRequest) -> Manifest:  # noqa: ARG001  every host gets the same answer
    return Manifest(
        slug="forecasters",
        name=Label("Forecasters", "预测模型"),
        version="0.1.0",
        requires_api=">=1.0,<2",
        description=Label(
            "Averages, exponential smoothing and models of intermittent demand for all series at once; AutoETS, AutoARIMA, AutoTheta, "
            "Prophet, random forest, LightGBM and XGBoost where their libraries are installed.",
            "移动平均、指数平滑与间歇需求模型,一次预测全部序列;安装相应程序库后,另有 AutoETS、AutoARIMA、AutoTheta、Prophet、随机森林、"
            "LightGBM 与 XGBoost。",
        ),
    )


@hookimpl
def stockhub_register_forecasters(request: RegisterRequest) -> Iterable[Forecaster]:  # noqa: ARG001  every host gets the same answer
    cheap = [
        Naive(), SeasonalNaive(), MovingAverage(), WeightedMovingAverage(), SesOptimised(), HoltDamped(), HoltWinters(),
        CrostonSba(), Tsb(), Adida(), Imapa(), LeadTimeDemand(),
    ]  # fmt: skip
    return [*cheap, *installed_forecasters()]


@hookimpl
def stockhub_health(request: HealthRequest) -> Iterable[HealthCheck]:  # noqa: ARG001  nothing of it depends on the configuration
    return [extra.check() for extra in EXTRAS]
