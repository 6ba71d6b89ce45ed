"""Gross demand, returns and net consumption."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.formulas.demand.signal import gross_demand, lost_demand, net_consumption, resellable_returns
from stockhub.formulas.errors import InvalidParameterError


def test_an_order_that_we_could_not_fill_stays_demand() -> None:
    assert gross_demand(100.0, 7.0, 12.0, 5.0) == 86.0
    assert lost_demand(5.0, 2.0) == 7.0


def test_demand_is_never_negative() -> None:
    assert gross_demand(3.0, 2.0, 4.0) == 0.0


def test_net_consumption_replaces_what_does_not_come_back() -> None:
    assert net_consumption(1000.0, 0.1, 0.4, 0.5) == pytest.approx(720.0)
    assert net_consumption(1000.0, 0.0, 0.0, 1.0) == 1000.0


def test_returns_arrive_by_their_lags() -> None:
    gross = np.array([[100.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 50.0]])
    back = resellable_returns(gross, 0.5, 0.8, np.array([0.0, 0.25, 0.75]))
    np.testing.assert_allclose(back, [[0.0, 10.0, 30.0, 0.0], [0.0, 0.0, 0.0, 0.0]])


def test_lags_longer_than_the_series_and_an_empty_series() -> None:
    assert resellable_returns(np.array([[8.0]]), 1.0, 1.0, np.array([0.5, 0.0, 0.5])).tolist() == [[4.0]]
    assert resellable_returns(np.zeros((2, 0)), 0.5, 0.5, np.ones(1)).shape == (2, 0)


def test_a_missing_day_makes_the_days_that_it_reaches_missing() -> None:
    back = resellable_returns(np.array([np.nan, 10.0, 10.0]), 1.0, 1.0, np.array([0.0, 1.0]))
    np.testing.assert_array_equal(back, [0.0, np.nan, 10.0])


@pytest.mark.parametrize(
    ("rate", "share", "lags", "name"),
    [
        (1.1, 0.5, [1.0], "return_rate"),
        (0.5, -0.1, [1.0], "resellable_share"),
        (0.5, 0.5, [0.5, 0.4], "lag_shares"),
        (0.5, 0.5, [1.5, -0.5], "lag_shares"),
        (0.5, 0.5, [], "lag_shares"),
    ],
)
def test_shares_that_are_none_are_refused_by_name(rate: float, share: float, lags: list[float], name: str) -> None:
    with pytest.raises(InvalidParameterError) as refused:
        resellable_returns(np.ones((1, 3)), rate, share, np.array(lags))
    assert refused.value.path == (name,)
