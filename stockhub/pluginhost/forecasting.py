"""Asking a forecaster, wherever it runs."""

from __future__ import annotations

from typing import cast

from django.conf import settings

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult
from stockhub.pluginhost import codec
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import Registered
from stockhub.pluginhost.supervision import Question, runner_of
from stockhub.pluginhost.validation import check_forecast_form, check_forecast_values, guarded


def run_forecaster(slug: str, batch: ForecastBatch, *, recorded: bool = True) -> ForecastResult:
    """Fits a forecaster on the batch's panel and forecasts it, as one supervised call.

    The result is valid: shapes, finite, not negative, quantiles ascending (rows in `unfit` are not looked at). ProviderFailedError where
    the forecaster fails, is late, is switched off or answers badly. `recorded=False` works without a database: no circuit, nothing written.
    """
    provider = find(Kind.FORECASTER, slug)
    return call(provider, lambda: _ask(provider, batch), recorded=recorded)


def _ask(provider: Registered, batch: ForecastBatch) -> ForecastResult:
    if provider.supervised and provider.plugin:
        header, arrays = codec.pack_batch(batch)
        question = Question("forecast", provider.slug, header, arrays, lambda _header, declared: codec.admit_forecast(declared, batch))
        answer = runner_of(provider.plugin.entry, provider.plugin.slug).ask(question, settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS)
        result = codec.unpack_forecast(answer)
    else:
        forecaster = cast("Forecaster", provider.provider)
        result = forecaster.forecast(batch, forecaster.fit_for(batch.panel, batch.lead_time_days))
    guarded(check_forecast_form, result, batch)
    check_forecast_values(result)
    return result
