"""The contract is worth something only if it fails: each broken forecaster below breaks one promise, and fails that promise's test alone.

Some promises cannot be broken alone, as an answer of NaN is not 0 either; then all tests that must fail are named.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecasterCapability, ForecastResult, Panel, State
from stockhub.pluginapi.testing import ForecasterContract
from stockhub.values import Label
from stockhub_forecasters.averages import MovingAverage

TESTS = [name for name, _method in inspect.getmembers(ForecasterContract, inspect.isfunction) if name.startswith("test_")]


class Changed(MovingAverage):
    """A good forecaster whose answer passes through `change`."""

    def __init__(self, change: Callable[[ForecastResult], ForecastResult]) -> None:
        super().__init__()
        self.change = change

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        return self.change(super().forecast(batch, state))


def failing_tests(broken: Forecaster) -> set[str]:
    """The tests of the contract that `broken` fails, raising in it included."""

    class Contract(ForecasterContract):
        forecaster = broken

    failed = set()
    for test in TESTS:
        try:
            getattr(Contract(), test)()
        except Exception:  # noqa: BLE001  whatever a broken forecaster raises
            failed.add(test.removeprefix("test_"))
    return failed


def where(change: Callable[[NDArray[np.float32]], NDArray[np.bool_]], value: float) -> Callable[[ForecastResult], ForecastResult]:
    """Replaces the means of some rows."""
    return lambda result: replace(result, mean=np.where(change(result.mean), np.float32(value), result.mean))


def with_lead_times(result: ForecastResult) -> ForecastResult:
    return replace(result, lead_time_quantiles=result.quantiles)


ANSWERS: dict[str, tuple[Callable[[ForecastResult], ForecastResult], set[str]]] = {
    "means of NaN where sales are large": (where(lambda mean: mean > 1e8, np.nan), {"means_and_quantiles_are_finite_and_not_negative"}),
    "infinite means where sales are large": (
        where(lambda mean: mean > 1e8, np.inf),
        {"means_and_quantiles_are_finite_and_not_negative", "huge_demand_is_forecast_in_its_own_size"},
    ),
    "crossing quantiles": (lambda result: replace(result, quantiles=result.quantiles[:, ::-1].copy()), {"quantiles_ascend"}),
    "lead-time sums that are not declared": (with_lead_times, {"lead_time_quantiles_come_with_their_capability_only"}),
    "a negative deviation": (
        lambda result: replace(result, error_sd=result.error_sd - np.float32(1e12)),
        {"error_deviation_is_nan_or_not_negative"},
    ),
    "reasons in prose": (lambda result: replace(result, unfit=dict.fromkeys(result.unfit, "too short")), {"unfit_rows_have_a_reason_code"}),
    "an answer about nothing": (lambda result: replace(result, unfit={}), {"a_series_that_was_never_observed_is_unfit"}),
    "constant demand trebled": (where(lambda mean: np.abs(mean - 5.0) < 1e-6, 15.0), {"constant_demand_is_forecast_in_its_own_size"}),
    "the precision of whole float32": (
        lambda result: replace(result, mean=np.minimum(result.mean, np.float32(2**24))),
        {"huge_demand_is_forecast_in_its_own_size"},
    ),
    "two a day of what never sold": (where(lambda mean: mean == 0.0, 2.0), {"zero_demand_is_forecast_as_next_to_none"}),
    "float64": (
        lambda result: replace(result, mean=result.mean.astype(np.float64)),
        {
            "shapes_and_types",
            "one_day_ahead_and_no_quantiles",
            "no_series_gives_no_rows",
            "open_days_and_drivers_are_accepted_and_change_no_form",
            "histories_as_short_as_allowed_are_forecast_or_unfit",
        },
    ),
}


@pytest.mark.parametrize("broken", ANSWERS)
def test_a_broken_answer_fails_the_test_of_what_it_breaks(broken: str) -> None:
    change, expected = ANSWERS[broken]
    found = failing_tests(Changed(change))
    # What every answer has to be is also asked of the answers to short histories and to panels with a calendar.
    if broken != "float64":
        found -= {"histories_as_short_as_allowed_are_forecast_or_unfit", "open_days_and_drivers_are_accepted_and_change_no_form"}
    assert found == expected


def test_a_good_forecaster_fails_nothing() -> None:
    assert failing_tests(Changed(lambda result: result)) == set()


class FillsGaps(MovingAverage):
    """Tidies up the panel that it was lent; its own answers do not change by that."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        batch.panel.values[~batch.panel.observed] = 0.0
        return super().forecast(batch, state)


class FitsInPlace(MovingAverage):
    def fit(self, panel: Panel) -> State:
        panel.values[~panel.observed] = 0.0
        return {}


class WritesState(MovingAverage):
    """Counts its calls where the next caller reads."""

    def fit(self, panel: Panel) -> State:
        return {"calls": np.zeros(1)}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        state["calls"][0] += 1
        return super().forecast(batch, state)


class ReadsGlobalRandom(MovingAverage):
    """Draws from numpy's global generator, and throws the draw away."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        np.random.random()  # noqa: NPY002
        return super().forecast(batch, state)


class ReadsRandom(MovingAverage):
    def fit(self, panel: Panel) -> State:
        random.random()  # noqa: S311
        return {}


class Unseeded(MovingAverage):
    """A generator of its own, which starts anew at every fit."""

    def fit(self, panel: Panel) -> State:
        return {"noise": np.random.default_rng().random(1)}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        result = super().forecast(batch, state)
        return replace(result, error_sd=result.error_sd * np.float32(1.0 + state["noise"][0]))


class OfTheBatch(MovingAverage):
    """Deviations as multiples of how many series were asked about."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        result = super().forecast(batch, state)
        return replace(result, error_sd=result.error_sd * np.float32(len(result.mean)))


class OfTheOrder(MovingAverage):
    """What the first series of the batch is decides about the others, unless it is alone."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        result = super().forecast(batch, state)
        weight = 1.0 if len(result.mean) < 2 or batch.panel.series_ids[0] < batch.panel.series_ids[-1] else 2.0
        return replace(result, error_sd=result.error_sd * np.float32(weight))


class FitsInOrder(MovingAverage):
    """Learns from the first series alone."""

    def fit(self, panel: Panel) -> State:
        return {"first": panel.series_ids[:1].copy()}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        result = super().forecast(batch, state)
        return replace(result, error_sd=result.error_sd * np.float32(state["first"][0]))


class Peeking(MovingAverage):
    """Takes the sales of a stock-out for demand, where they are large."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        panel = batch.panel
        return super().forecast(replace(batch, panel=replace(panel, observed=panel.observed | (panel.values == 777.0))), state)


class NanIsZero(MovingAverage):
    """Takes a day without a figure for a day without a sale."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        panel = batch.panel
        known = np.isfinite(panel.values)
        filled = np.where(~known & known.any(axis=1, keepdims=True), np.float32(0.0), panel.values)
        return super().forecast(replace(batch, panel=replace(panel, values=filled)), state)


class NeedsAMonth(MovingAverage):
    """Says that a day is enough, and fails on it."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        if batch.panel.values.shape[1] < 28:
            raise IndexError("index 27 is out of bounds")
        return super().forecast(batch, state)


class CannotReadOnly(MovingAverage):
    """As a library whose compiled code asks for arrays that may be written."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        if not batch.panel.values.flags.writeable:
            raise ValueError("buffer source array is read-only")
        return super().forecast(batch, state)


class ReadsBeyondTheCalendar(MovingAverage):
    """Takes for granted that open days are known for the whole horizon."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        if batch.panel.open_days is not None:
            batch.panel.open_days[:, batch.panel.values.shape[1] + batch.horizon - 1]
        return super().forecast(batch, state)


class Nameless(MovingAverage):
    name = Label("Moving average", "")


class StateOfLists(MovingAverage):
    def fit(self, panel: Panel) -> State:
        learned: dict[str, Any] = {"weights": [0.5, 0.5]}
        return learned


class NoQuantilesNoAnswer(MovingAverage):
    """Thinks that somebody always asks for quantiles."""

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        batch.quantile_levels[0]
        return super().forecast(batch, state)


class NoSeriesNoAnswer(MovingAverage):
    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        batch.panel.series_ids[0]
        return super().forecast(batch, state)


class SumsOfTheBatch(MovingAverage):
    """Its days are its own and its sums those of whoever is asked for beside it."""

    capabilities = MovingAverage.capabilities | {ForecasterCapability.LEAD_TIME_SUMS}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        result = super().forecast(batch, state)
        sums = np.ones((len(result.mean), len(batch.quantile_levels), len(batch.lead_time_days)), np.float32)
        return replace(result, lead_time_quantiles=sums * np.float32(len(result.mean)))


BROKEN: dict[type[Forecaster], set[str]] = {
    FillsGaps: {"arguments_are_not_changed"},
    FitsInPlace: {"arguments_are_not_changed"},
    WritesState: {"arguments_are_not_changed"},
    CannotReadOnly: {"arguments_are_not_changed"},
    ReadsGlobalRandom: {"global_random_generators_are_neither_read_nor_moved"},
    ReadsRandom: {"global_random_generators_are_neither_read_nor_moved"},
    Unseeded: {
        # Every test that fits twice and compares.
        "same_panel_same_answer",
        "global_random_generators_are_neither_read_nor_moved",
        "days_that_were_not_observed_have_no_say",
        "order_of_the_series_in_fit_does_not_matter",
    },
    OfTheBatch: {"a_batch_equals_its_members_one_by_one"},
    SumsOfTheBatch: {"a_batch_equals_its_members_one_by_one"},
    OfTheOrder: {"order_of_the_series_does_not_matter"},
    FitsInOrder: {"order_of_the_series_in_fit_does_not_matter"},
    Peeking: {"days_that_were_not_observed_have_no_say"},
    NanIsZero: {"nan_is_a_day_that_was_not_observed"},
    NeedsAMonth: {"histories_as_short_as_allowed_are_forecast_or_unfit"},
    ReadsBeyondTheCalendar: {"open_days_and_drivers_are_accepted_and_change_no_form"},
    Nameless: {"has_a_slug_and_a_name_in_both_languages"},
    StateOfLists: {"the_state_travels_between_processes"},
    NoQuantilesNoAnswer: {"one_day_ahead_and_no_quantiles"},
    NoSeriesNoAnswer: {"no_series_gives_no_rows"},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_forecaster_fails_exactly_the_right_test(broken: type[Forecaster]) -> None:
    assert failing_tests(broken()) == BROKEN[broken]


def test_every_test_of_the_contract_is_failed_by_somebody() -> None:
    caught = set().union(*BROKEN.values(), *(expected for _change, expected in ANSWERS.values()))
    assert {f"test_{name}" for name in caught} == set(TESTS)


def test_the_contract_leaves_the_global_generators_as_they_were() -> None:
    random.seed(7)
    before = random.getstate()
    assert failing_tests(Nameless()) == {"has_a_slug_and_a_name_in_both_languages"}
    assert random.getstate() == before
