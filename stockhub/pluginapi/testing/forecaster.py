"""The contract of a forecaster, as tests that a plugin author runs against his own."""

from __future__ import annotations

import contextlib
import pickle
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecasterCapability, ForecastResult, Panel, State
from stockhub.pluginapi.manifest import SLUG_PATTERN
from stockhub.pluginapi.testing.series import last_days_of, panel_from, panel_of_shapes, read_only, rows_of, with_calendar, writable

_REASON_PATTERN = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


@dataclass(frozen=True, slots=True)
class _Usual:
    """One forecaster, fitted on the panel of all shapes, and its answer: what many tests only look at."""

    forecaster: Forecaster
    names: list[str]
    panel: Panel
    state: State
    result: ForecastResult


class ForecasterContract:
    """Subclass it in a test file and name the forecaster; pytest finds the rest.

        class TestMyForecaster(ForecasterContract):
            forecaster = MyForecaster()

    Needs neither Django nor a database. Every series that `stockhub.pluginapi.testing.series` knows is given, save those that are shorter
    than the forecaster's `min_history_days`. Each test gives the forecaster copies of its own, so that one broken promise fails one test.
    """

    forecaster: Forecaster
    horizon: ClassVar[int] = 14
    quantile_levels: ClassVar[tuple[float, ...]] = (0.5, 0.8, 0.9, 0.95, 0.98)
    lead_time_days: ClassVar[tuple[int, ...]] = (7, 14)
    #: How much an answer may depend on the batch around it. 0 is reachable by models of one series; matrix products round differently.
    relative_tolerance: ClassVar[float] = 1e-5

    #: The series that are given; all of them where it is None. For models that take a second a series: name the ones that the tests below
    #: speak of, and a few that such a model is for.
    shapes: ClassVar[tuple[str, ...] | None] = None
    _usual: ClassVar[dict[type, _Usual]] = {}

    def named_panel(self) -> tuple[list[str], Panel]:
        names, panel = panel_of_shapes(self.forecaster.min_history_days)
        if self.shapes is None:
            return names, panel
        chosen = [names.index(name) for name in self.shapes if name in names]
        return [names[row] for row in chosen], rows_of(panel, np.array(chosen))

    def panel(self) -> Panel:
        return self.named_panel()[1]

    def usual(self) -> _Usual:
        """The answer for the whole panel, computed once a class."""
        known = self._usual.get(type(self))
        if known is None or known.forecaster is not self.forecaster:
            names, panel = self.named_panel()
            state = self.fitted(panel)
            known = _Usual(self.forecaster, names, panel, state, self.asked(panel, state))
            self._usual[type(self)] = known
        return known

    def row(self, name: str) -> int:
        _require(name in self.usual().names, f"the series {name!r} must be among `shapes`")
        return self.usual().names.index(name)

    def fitted(self, panel: Panel) -> State:
        return self.forecaster.fit_for(writable(panel), self.asked_lead_times())

    def asked(self, panel: Panel, state: State) -> ForecastResult:
        return self.forecaster.forecast(ForecastBatch(writable(panel), self.horizon, self.quantile_levels, self.asked_lead_times()), state)

    def answer(self, panel: Panel, fitted_on: Panel | None = None) -> ForecastResult:
        """Fits, on another panel where given, and forecasts."""
        return self.asked(panel, self.fitted(panel if fitted_on is None else fitted_on))

    def asked_lead_times(self) -> tuple[int, ...]:
        return self.lead_time_days if ForecasterCapability.LEAD_TIME_SUMS in self.forecaster.capabilities else ()

    # Identity

    def test_has_a_slug_and_a_name_in_both_languages(self) -> None:
        _require(SLUG_PATTERN.fullmatch(self.forecaster.slug), f"slug {self.forecaster.slug!r} must be lower-case words joined by hyphens")
        _require(self.forecaster.name.en.strip() and self.forecaster.name.zh.strip(), "name needs English and Chinese")
        _require(self.forecaster.min_history_days >= 1, "min_history_days starts at 1")

    def test_the_state_travels_between_processes(self) -> None:
        usual = self.usual()
        _require(all(isinstance(array, np.ndarray) for array in usual.state.values()), "the state holds arrays")
        copy = pickle.loads(pickle.dumps(dict(usual.state)))  # noqa: S301  pickled a moment ago
        self.require_equal(self.asked(usual.panel, copy), usual.result, 0.0)

    # The answer's form

    def test_shapes_and_types(self) -> None:
        usual = self.usual()
        self.require_form(usual.result, len(usual.names), self.horizon, len(self.quantile_levels))

    def test_one_day_ahead_and_no_quantiles(self) -> None:
        usual = self.usual()
        result = self.forecaster.forecast(ForecastBatch(writable(usual.panel), 1, ()), usual.state)
        self.require_form(result, len(usual.names), 1, 0)

    def test_no_series_gives_no_rows(self) -> None:
        usual = self.usual()
        empty = rows_of(usual.panel, np.empty(0, np.int64))
        self.require_form(self.asked(empty, usual.state), 0, self.horizon, len(self.quantile_levels))

    def require_form(self, result: ForecastResult, n: int, horizon: int, levels: int) -> None:
        _require(result.mean.shape == (n, horizon), f"mean must be {(n, horizon)}, is {result.mean.shape}")
        _require(result.quantiles.shape == (n, levels, horizon), f"quantiles must be {(n, levels, horizon)}, is {result.quantiles.shape}")
        _require(result.error_sd.shape == (n,), f"error_sd must be {(n,)}, is {result.error_sd.shape}")
        for name in ("mean", "quantiles", "error_sd"):
            _require(getattr(result, name).dtype == np.float32, f"{name} must be float32")
        _require(all(0 <= row < n for row in result.unfit), "unfit names positions in the batch")

    def test_lead_time_quantiles_come_with_their_capability_only(self) -> None:
        sums = self.usual().result.lead_time_quantiles
        if ForecasterCapability.LEAD_TIME_SUMS not in self.forecaster.capabilities:
            _require(sums is None, "LEAD_TIME_SUMS is not declared")
            return
        shape = (len(self.usual().names), len(self.quantile_levels), len(self.lead_time_days))
        _require(sums is not None and sums.shape == shape and sums.dtype == np.float32, f"lead_time_quantiles must be float32 {shape}")
        if sums is not None:
            self.require_quantities(sums, "lead_time_quantiles")
            _require((np.diff(sums, axis=1) >= 0).all(), "lead_time_quantiles must ascend")

    # The answer's numbers

    def test_means_and_quantiles_are_finite_and_not_negative(self) -> None:
        self.require_quantities(self.usual().result.mean, "mean")
        self.require_quantities(self.usual().result.quantiles, "quantiles")

    def test_quantiles_ascend(self) -> None:
        steps = np.diff(self.usual().result.quantiles, axis=1)
        _require(not (steps < 0).any(), "quantiles must ascend over the levels")

    def test_error_deviation_is_nan_or_not_negative(self) -> None:
        deviations = self.usual().result.error_sd
        _require((np.isnan(deviations) | (np.isfinite(deviations) & (deviations >= 0))).all(), "error_sd must be NaN or at least 0")

    def test_unfit_rows_have_a_reason_code(self) -> None:
        self.require_reasons(self.usual().result)

    def require_reasons(self, result: ForecastResult) -> None:
        for row, reason in result.unfit.items():
            _require(type(row) is int, f"unfit position {row!r} must be an int")
            _require(_REASON_PATTERN.fullmatch(reason), f"unfit reason {reason!r} must be a code such as SHORT_HISTORY")

    # Series of every kind

    def test_a_series_that_was_never_observed_is_unfit(self) -> None:
        for name in ("never_observed", "all_nan"):
            _require(self.row(name) in self.usual().result.unfit, f"nothing is known about {name}")

    def test_constant_demand_is_forecast_in_its_own_size(self) -> None:
        result, row = self.usual().result, self.row("constant")
        _require(row not in result.unfit, "120 days of constant demand must be forecast")
        _require(not ((result.mean[row] <= 2.5) | (result.mean[row] >= 10.0)).any(), f"five a day were forecast as {result.mean[row]}")

    def test_huge_demand_is_forecast_in_its_own_size(self) -> None:
        result, row = self.usual().result, self.row("huge")
        lost = (result.mean[row] <= 5e8) | (result.mean[row] >= 2e9)
        _require(row in result.unfit or not lost.any(), "1e9 a day lost its size")

    def test_zero_demand_is_forecast_as_next_to_none(self) -> None:
        result, row = self.usual().result, self.row("all_zero")
        most = np.maximum(result.mean[row], result.quantiles[row].max(axis=0, initial=0.0))
        _require(row in result.unfit or not (most > 1.0).any(), f"120 days without a sale were forecast as up to {most.max()} a day")

    def test_nan_is_a_day_that_was_not_observed(self) -> None:
        """From a series' first day on; before it, NaN says that there was no series."""
        usual = self.usual()
        finite = np.isfinite(usual.panel.values)
        gaps = ~finite & np.logical_or.accumulate(finite, axis=1)
        filled = panel_from(np.where(gaps, np.float32(0.0), usual.panel.values), usual.panel.observed & ~gaps)
        self.require_equal(self.asked(filled, usual.state), usual.result, self.relative_tolerance)

    def test_histories_as_short_as_allowed_are_forecast_or_unfit(self) -> None:
        """All of them together, so that `fit` has no more to learn from either."""
        names, panel = self.named_panel()
        result = self.answer(last_days_of(panel, self.forecaster.min_history_days))
        self.require_form(result, len(names), self.horizon, len(self.quantile_levels))
        self.require_quantities(result.mean, "mean")
        self.require_quantities(result.quantiles, "quantiles")
        self.require_reasons(result)

    def test_open_days_and_drivers_are_accepted_and_change_no_form(self) -> None:
        """Known for half of the horizon, so that a forecaster which reads beyond is caught, too."""
        panel = with_calendar(self.panel(), self.horizon // 2)
        result = self.answer(panel)
        self.require_form(result, panel.values.shape[0], self.horizon, len(self.quantile_levels))
        self.require_quantities(result.mean, "mean")
        self.require_quantities(result.quantiles, "quantiles")

    def require_quantities(self, values: NDArray[np.float32], name: str) -> None:
        _require(np.isfinite(values).all(), f"{name} must be finite, on unfit rows, too")
        _require((values >= 0).all(), f"{name} must not be negative")

    # The same question, the same answer

    def test_same_panel_same_answer(self) -> None:
        self.require_equal(self.answer(self.panel()), self.usual().result, 0.0)

    def test_order_of_the_series_does_not_matter(self) -> None:
        usual = self.usual()
        order = np.arange(len(usual.names))[::-1]
        shuffled = self.asked(rows_of(usual.panel, order), usual.state)
        self.require_equal(shuffled, self.some_of(usual.result, order), self.relative_tolerance)

    def test_order_of_the_series_in_fit_does_not_matter(self) -> None:
        usual = self.usual()
        order = np.arange(len(usual.names))[::-1]
        self.require_equal(self.asked(usual.panel, self.fitted(rows_of(usual.panel, order))), usual.result, self.relative_tolerance)

    def test_a_batch_equals_its_members_one_by_one(self) -> None:
        usual = self.usual()
        for row in range(len(usual.names)):
            alone = np.array([row])
            member = self.asked(rows_of(usual.panel, alone), usual.state)
            self.require_equal(member, self.some_of(usual.result, alone), self.relative_tolerance)

    def test_days_that_were_not_observed_have_no_say(self) -> None:
        usual = self.usual()
        changed = np.where(usual.panel.observed, usual.panel.values, np.float32(777.0))
        self.require_equal(self.answer(panel_from(changed, usual.panel.observed)), usual.result, self.relative_tolerance)

    def test_arguments_are_not_changed(self) -> None:
        panel = writable(self.panel())
        before = pickle.dumps(panel)
        state = self.forecaster.fit_for(panel, self.asked_lead_times())
        _require(pickle.dumps(panel) == before, "fit changed the panel")
        learned = pickle.dumps(dict(state))
        self.forecaster.forecast(ForecastBatch(panel, self.horizon, self.quantile_levels, self.asked_lead_times()), state)
        _require(pickle.dumps(panel) == before, "forecast changed the panel")
        _require(pickle.dumps(dict(state)) == learned, "forecast changed the state")
        # As the host gives it. Some libraries refuse arrays that may not be written, whether they write or not.
        panel = read_only(panel)
        self.forecaster.forecast(
            ForecastBatch(panel, self.horizon, self.quantile_levels, self.asked_lead_times()),
            self.forecaster.fit_for(panel, self.asked_lead_times()),
        )

    def test_global_random_generators_are_neither_read_nor_moved(self) -> None:
        panel = self.panel()
        with _global_generators():
            random.seed(1)
            np.random.seed(1)  # noqa: NPY002  the global generator is what is tested
            numbers, arrays = random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002
            first = self.answer(panel)
            _require(random.getstate() == numbers, "the generator of `random` was used")
            _require(pickle.dumps(np.random.get_state()) == arrays, "the global generator of numpy was used")  # noqa: NPY002
            random.seed(2)
            np.random.seed(2)  # noqa: NPY002
            self.require_equal(self.answer(panel), first, 0.0)

    def some_of(self, result: ForecastResult, rows: NDArray[np.int64]) -> ForecastResult:
        unfit = {place: result.unfit[row] for place, row in enumerate(rows.tolist()) if row in result.unfit}
        sums = None if result.lead_time_quantiles is None else result.lead_time_quantiles[rows]
        return ForecastResult(result.mean[rows], result.quantiles[rows], result.error_sd[rows], unfit, sums)

    def require_equal(self, actual: ForecastResult, expected: ForecastResult, tolerance: float) -> None:
        _require(dict(actual.unfit) == dict(expected.unfit), f"unfit differs: {actual.unfit} and {expected.unfit}")
        for name in ("mean", "quantiles", "error_sd"):
            np.testing.assert_allclose(getattr(actual, name), getattr(expected, name), rtol=tolerance, atol=tolerance, err_msg=name)
        sums, others = actual.lead_time_quantiles, expected.lead_time_quantiles
        _require((sums is None) == (others is None), "lead_time_quantiles are there once and missing once")
        if sums is not None and others is not None:
            np.testing.assert_allclose(sums, others, rtol=tolerance, atol=tolerance, err_msg="lead_time_quantiles")


@contextlib.contextmanager
def _global_generators() -> Iterator[None]:
    """Leaves the global generators as they were."""
    numbers: Any = random.getstate()
    arrays: Any = np.random.get_state()  # noqa: NPY002  the global generator is what is tested
    try:
        yield
    finally:
        random.setstate(numbers)
        np.random.set_state(arrays)  # noqa: NPY002
