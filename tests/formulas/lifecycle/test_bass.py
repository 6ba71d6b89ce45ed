"""Bass's model and its fit (science.md 4)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.lifecycle.bass import (
    bass_adopted_share,
    bass_peak_rate,
    bass_peak_time,
    bass_remaining_units,
    bass_sales,
    fit_bass,
)

NAN = math.nan


def curve(p: float, q: float, m: float, n: int) -> FloatArray:
    return np.array([bass_sales(p, q, m, float(period)) for period in range(1, n + 1)])


@settings(max_examples=60, deadline=None)
@given(p=st.floats(0.002, 0.1), q=st.floats(0.0, 0.9), m=st.floats(10, 1e5), time=st.floats(0, 40))
def test_the_share_solves_the_differential_equation(p: float, q: float, m: float, time: float) -> None:
    """dF/dt = (p + qF)(1 − F), and no rate is above the peak's."""
    share = bass_adopted_share(p, q, time)
    slope = (bass_adopted_share(p, q, time + 1e-4) - bass_adopted_share(p, q, time - 1e-4)) / 2e-4
    assert slope == pytest.approx((p + q * share) * (1 - share), rel=1e-4, abs=1e-8)
    assert 0.0 <= share <= 1.0
    if time > 0:
        assert m * (p + q * share) * (1 - share) <= bass_peak_rate(p, q, m) * (1 + 1e-9)
    at_peak = bass_adopted_share(p, q, bass_peak_time(p, q))
    assert m * (p + q * at_peak) * (1 - at_peak) == pytest.approx(bass_peak_rate(p, q, m), rel=1e-9)


def test_sales_of_a_period_are_the_rate_over_it_and_the_rest_is_what_remains() -> None:
    p, q, m = 0.03, 0.38, 10_000.0

    def rate(time: float) -> float:
        share = bass_adopted_share(p, q, time)
        return m * (p + q * share) * (1 - share)

    assert bass_sales(p, q, m, 6.0) == pytest.approx(quad(rate, 5, 6)[0])
    assert curve(p, q, m, 12).sum() + bass_remaining_units(p, q, m, 12.0) == pytest.approx(m)


def test_a_launch_without_imitation_peaks_at_once() -> None:
    assert (bass_peak_time(0.1, 0.1), bass_peak_rate(0.1, 0.05, 1000.0)) == (0.0, 100.0)
    assert (bass_peak_time(0.1, 0.0), bass_peak_rate(0.1, 0.0, 1000.0)) == (0.0, 100.0)
    assert bass_sales(0.1, 0.0, 1000.0, 1.0) == pytest.approx(1000.0 * (1 - math.exp(-0.1)))
    assert math.isnan(bass_adopted_share(0.0, 0.3, 5.0)), "Without innovation nobody begins."


@pytest.mark.parametrize(
    ("p", "q", "m", "n"), [(0.03, 0.38, 1e4, 40), (0.005, 0.25, 5e4, 40), (0.01, 0.5, 300.0, 20), (0.02, 0.2, 8e3, 25)]
)
def test_a_fit_finds_the_parameters_of_sales_without_noise(p: float, q: float, m: float, n: int) -> None:
    found = fit_bass(curve(p, q, m, n)).parameters
    assert found is not None
    assert [found.p, found.q, found.m] == pytest.approx([p, q, m], rel=0.02)


def test_a_fit_of_noisy_sales_with_gaps_is_near() -> None:
    sales = np.random.default_rng(4).poisson(curve(0.01, 0.3, 20_000.0, 40)).astype(np.float64)
    sales[[3, 17, 30]] = NAN
    found = fit_bass(sales).parameters
    assert found is not None
    assert [found.p, found.q, found.m] == pytest.approx([0.01, 0.3, 20_000.0], rel=0.1)


def test_a_fit_that_cannot_be_relied_on_says_why() -> None:
    full = curve(0.01, 0.3, 10_000.0, 40)
    assert fit_bass(full[:19]).reason == "TOO_SHORT"
    assert fit_bass(np.where(np.arange(40) % 2, NAN, full)[:39]).parameters is not None, "Twenty known of 39."
    assert fit_bass(np.zeros(0)).reason == "TOO_SHORT"
    assert fit_bass(np.zeros(30)).reason == "NO_SALES"
    assert fit_bass(curve(0.001, 0.15, 10_000.0, 25)).reason == "PEAK_AHEAD"
    assert fit_bass(full) == fit_bass(full), "The same every time."
    assert all((fit.parameters is None) == (fit.reason is not None) for fit in (fit_bass(full), fit_bass(full[:5])))


def test_what_has_no_life_cycle_has_no_fit() -> None:
    alternating = np.tile([0.0, 100.0, 0.0], 10)
    assert fit_bass(alternating).reason == "NO_FIT"
