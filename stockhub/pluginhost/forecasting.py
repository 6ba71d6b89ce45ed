"""Asking a forecaster, wherever it runs."""

from __future__ import annotations

from typing import cast

from django.conf import settings

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel
from stockhub.pluginhost import codec, head_start
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.judging import learned
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import Registered, registry
from stockhub.pluginhost.supervision import Question, runner_of
from stockhub.pluginhost.validation import check_forecast_form, check_forecast_values, guarded
from stockhub.pluginhost.wire import Message


def start_forecaster(slug: str) -> None:
    """Starts the process that a forecaster will be asked in, and does not wait for it: what is read meanwhile costs no time.

    The next command like this one may start it sooner still (`head_start`).
    """
    provider = registry().registered(Kind.FORECASTER, slug)
    if provider is not None and provider.supervised and provider.plugin:
        runner_of(provider.plugin.entry, provider.plugin.slug).start_meanwhile()
        head_start.remember(provider.plugin.entry, provider.plugin.slug)


def run_forecaster(
    slug: str, batch: ForecastBatch, *, kept: bytes | None = None, recorded: bool = True, seconds: float | None = None
) -> ForecastResult:
    """Forecasts the batch, as one supervised call: with what `fit_forecaster` gave, or else fitted on the batch's own panel.

    `seconds` is a deadline that is shorter than that of all calls; a process that passes it is ended.

    The result is valid: shapes, finite, not negative, quantiles ascending (rows in `unfit` are not looked at). ProviderFailedError where
    the forecaster fails, is late, is switched off or answers badly. `recorded=False` works without a database: no circuit, nothing written.
    """
    provider = find(Kind.FORECASTER, slug)
    return call(provider, lambda: _forecast(provider, batch, kept, seconds), recorded=recorded)


def fit_forecaster(
    slug: str, panel: Panel, lead_time_days: tuple[int, ...], *, recorded: bool = True, seconds: float | None = None
) -> bytes:
    """What a forecaster learns of a panel, to be kept and given to `run_forecaster` for any batch whose panel begins and ends with it.

    The bytes are the forecaster's own; only it looks inside. ProviderFailedError as there.
    """
    provider = find(Kind.FORECASTER, slug)
    batch = ForecastBatch(panel, 1, (0.5,), lead_time_days)
    return call(provider, lambda: _fit(provider, batch, seconds), recorded=recorded)


def _forecast(provider: Registered, batch: ForecastBatch, kept: bytes | None, seconds: float | None) -> ForecastResult:
    if provider.supervised and provider.plugin:
        header, arrays = codec.pack_batch(batch)
        if kept is not None:
            arrays[codec.STATE] = codec.as_array(kept)
        question = Question("forecast", provider.slug, header, arrays, lambda _header, declared: codec.admit_forecast(declared, batch))
        result = codec.unpack_forecast(_answer(provider, question, seconds))
    else:
        forecaster = cast("Forecaster", provider.provider)
        result = forecaster.forecast(batch, learned(forecaster, batch) if kept is None else codec.unpack_state(kept))
    guarded(check_forecast_form, result, batch)
    check_forecast_values(result)
    return result


def _fit(provider: Registered, batch: ForecastBatch, seconds: float | None) -> bytes:
    if provider.supervised and provider.plugin:
        header, arrays = codec.pack_batch(batch)
        question = Question("fit", provider.slug, header, arrays, lambda _header, declared: codec.admit_state(declared))
        return _answer(provider, question, seconds).arrays[codec.STATE].tobytes()
    return codec.pack_state(learned(cast("Forecaster", provider.provider), batch))


def _answer(provider: Registered, question: Question, seconds: float | None) -> Message:
    assert provider.plugin is not None  # noqa: S101 - the callers have looked
    longest = settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS
    return runner_of(provider.plugin.entry, provider.plugin.slug).ask(question, longest if seconds is None else min(seconds, longest))
