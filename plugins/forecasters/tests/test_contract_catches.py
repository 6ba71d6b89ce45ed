"""The contract is worth something only if it fails: each broken forecaster below breaks one promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, State
from stockhub.pluginapi.testing import ForecasterContract
from stockhub.values import Label
from stockhub_forecasters.averages import MovingAverage


class Changed(MovingAverage):
    """A good forecaster whose answer passes through `change`."""

    def __init__(self, change: Callable[[ForecastResult], ForecastResult]) -> None:
        super().__init__()
        self.change = change

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        return self.change(super().forecast(batch, state))


class Mutating(MovingAverage):
    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        batch.panel.values[:] = 0.0
        return super().forecast(batch, state)


def run(test: str, broken: Forecaster) -> None:
    contract = ForecasterContract()
    contract.forecaster = broken
    getattr(contract, test)()


def noisy(result: ForecastResult) -> ForecastResult:
    return replace(result, mean=result.mean + np.random.random(result.mean.shape).astype(np.float32))  # noqa: NPY002


def of_another_batch(result: ForecastResult) -> ForecastResult:
    return replace(result, mean=result.mean + np.float32(len(result.mean)))


BROKEN: dict[str, Callable[[ForecastResult], ForecastResult]] = {
    "test_shapes_and_types": lambda result: replace(result, mean=result.mean.astype(np.float64)),
    "test_one_day_ahead_and_no_quantiles": lambda result: replace(result, quantiles=result.mean),
    "test_no_series_gives_no_rows": lambda result: replace(result, unfit={0: "NO_DEMAND"}),
    "test_lead_time_quantiles_come_with_their_capability_only": lambda result: replace(result, lead_time_quantiles=result.quantiles),
    "test_means_and_quantiles_are_finite_and_not_negative": lambda result: replace(result, mean=result.mean * np.float32("nan")),
    "test_quantiles_ascend": lambda result: replace(result, quantiles=result.quantiles[:, ::-1]),
    "test_error_deviation_is_nan_or_not_negative": lambda result: replace(result, error_sd=result.error_sd - np.float32(1e12)),
    "test_unfit_rows_have_a_reason_code": lambda result: replace(result, unfit=dict.fromkeys(result.unfit, "too short")),
    "test_a_series_that_was_never_observed_is_unfit": lambda result: replace(result, unfit={}),
    "test_constant_demand_is_forecast_in_its_own_size": lambda result: replace(result, mean=result.mean * np.float32(3)),
    "test_huge_demand_is_forecast_in_its_own_size": lambda result: replace(result, mean=np.minimum(result.mean, np.float32(2**24))),
    "test_order_of_the_series_does_not_matter": lambda result: replace(result, mean=result.mean[::-1]),
    "test_a_batch_equals_its_members_one_by_one": of_another_batch,
    "test_same_panel_same_answer": noisy,
    "test_global_random_generators_are_neither_read_nor_moved": noisy,
}


@pytest.mark.parametrize("test", BROKEN)
def test_a_broken_answer_fails_its_test(test: str) -> None:
    with pytest.raises(AssertionError):
        run(test, Changed(BROKEN[test]))


def test_a_forecaster_that_changes_its_input_fails() -> None:
    """The arrays are read-only, so that numpy objects before the contract has to."""
    with pytest.raises(ValueError, match="read-only"):
        run("test_arguments_are_not_changed", Mutating())


class Peeking(MovingAverage):
    """Takes the sales of a stock-out for demand."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        panel = replace(batch.panel, observed=np.ones_like(batch.panel.observed))
        return super().forecast(replace(batch, panel=panel), state)


def test_a_forecaster_that_reads_unobserved_days_fails() -> None:
    with pytest.raises(AssertionError):
        run("test_days_that_were_not_observed_have_no_say", Peeking())


class Nameless(MovingAverage):
    name = Label("Moving average", "")


def test_a_forecaster_without_a_chinese_name_fails() -> None:
    with pytest.raises(AssertionError, match="Chinese"):
        run("test_has_a_slug_and_a_name_in_both_languages", Nameless())
