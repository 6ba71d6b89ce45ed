"""Stock-outs that nobody recorded: how improbable a silence is, and which are found."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from stockhub.formulas.demand.probable_stockouts import LONGEST_RUN, chance_of_silence, probable_stockouts

RNG = np.random.default_rng(11)


def found(sales: list[float], *, telling: list[bool] | None = None, in_doubt: list[bool] | None = None) -> list[int]:
    """The places of one series that are found."""
    days = np.array([sales])
    told = ~np.isnan(days) if telling is None else np.array([telling])
    doubt = np.ones(days.shape, np.bool_) if in_doubt is None else np.array([in_doubt])
    return np.flatnonzero(probable_stockouts(days, told, told & doubt)[0]).tolist()


def test_f3_the_chance_of_a_silence_is_that_of_the_beta_binomial() -> None:
    # With a whole number in the place of the prior's halves, B(a, b + k) / B(a, b) is a quotient of binomials; here s + ½ = 9, z + ½ = 1.
    expected = [comb(9 + 1 - 1, 9) / comb(9 + 1 + k - 1, 9) for k in range(4)]
    chances = chance_of_silence(np.full(4, 8.5), np.full(4, 0.5), np.arange(4.0))
    np.testing.assert_allclose(chances, expected, rtol=1e-12)
    # Few days before make no run improbable; many make it about (1 − p)^k.
    assert chance_of_silence(np.array(2.0), np.array(0.0), np.array(3.0)) > 0.03
    assert chance_of_silence(np.array(8e6), np.array(2e6), np.array(5.0)) == pytest.approx(0.2**5, rel=1e-4)


def test_f3_a_silence_in_a_steady_flow_is_found_and_nothing_else() -> None:
    flow = [3.0, 5.0, 2.0, 0.0, 4.0, 6.0, 1.0] * 10
    assert found([*flow, *[0.0] * 12, *flow]) == list(range(70, 82))
    assert found([*flow, *[0.0] * 2, *flow]) == []
    # A second one, as soon as the flow has been back for a week.
    assert found([*flow, *[0.0] * 12, *flow[:7], *[0.0] * 9, *flow]) == [*range(70, 82), *range(89, 98)]


def test_f3_a_silence_that_goes_on_or_after_which_the_flow_does_not_come_back_is_not_found() -> None:
    flow = [3.0, 5.0, 2.0, 0.0, 4.0, 6.0, 1.0] * 10
    assert found([*flow, *[0.0] * 30]) == []
    assert found([*flow, *[0.0] * 12, 2.0]) == []
    assert found([*flow, *[0.0] * 12, 2.0, 0.0, 3.0]) == list(range(70, 82))
    assert found([*flow, *[0.0] * 12, *[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0] * 4]) == []
    assert found([*flow, *[0.0] * LONGEST_RUN, *flow]) == list(range(70, 70 + LONGEST_RUN))
    assert found([*flow, *[0.0] * (LONGEST_RUN + 1), *flow]) == []


def test_f3_only_days_of_unknown_stock_are_found_and_known_ones_end_a_silence() -> None:
    flow = [3.0, 5.0, 2.0, 0.0, 4.0, 6.0, 1.0] * 10
    sales = [*flow, *[0.0] * 12, *flow]
    known = [True] * len(sales)
    assert found(sales, in_doubt=[not each for each in known]) == []
    # Stock is known of the sixth day, and nothing was sold all the same: after the first half the flow is not back, the second is short.
    some = [True] * len(sales)
    some[75] = False
    assert found(sales, in_doubt=some) == []
    # A shop that was closed in between tells nothing; it neither ends a silence nor belongs to it.
    closed = [True] * len(sales)
    closed[74:77] = [False] * 3
    assert found(sales, telling=closed) == [*range(70, 74), *range(77, 82)]


def test_f3_a_series_that_pauses_as_long_now_and_then_is_not_doubted() -> None:
    # Four in five days sell, but days keep company: eight days on, two off. Six days off are three of its pauses in a row, seven are not.
    flow = [*[4.0] * 16, *[0.0] * 4] * 6
    assert found([*flow, *[4.0] * 8, *[0.0] * 7, *flow]) == []
    assert found([*flow, *[4.0] * 8, *[0.0] * 14, *flow]) == list(range(128, 142))


def test_f3_intermittent_series_are_never_doubted() -> None:
    rate = RNG.uniform(0.02, 1.2, (400, 1))
    sales = RNG.poisson(rate, (400, 365)).astype(np.float64)
    sales[:, 200:215] = 0.0
    everything = np.ones(sales.shape, np.bool_)
    share = (sales[:, :200] > 0).mean(axis=1)
    # Nothing is found although a fortnight without stock was there to be found.
    assert not probable_stockouts(sales, everything, everything)[share < 0.6].any()


def test_f3_hardly_any_series_without_a_stockout_is_doubted_and_nearly_every_fortnight_without_stock_is_found() -> None:
    share = RNG.uniform(0.78, 0.98, (1000, 1))
    sales = np.where(RNG.random((1000, 365)) < share, 5.0, 0.0)
    everything = np.ones(sales.shape, np.bool_)
    assert probable_stockouts(sales, everything, everything).any(axis=1).sum() <= 10
    sales[:, 200:214] = 0.0
    steady = share[:, 0] >= 0.85
    assert probable_stockouts(sales, everything, everything)[steady, 200:214].all(axis=1).mean() > 0.99


def test_f3_no_day_and_no_series_are_no_error() -> None:
    for shape in ((0, 30), (3, 0), (2, 5)):
        nothing = np.zeros(shape)
        assert probable_stockouts(nothing, nothing == 0, nothing == 0).shape == shape
        assert not probable_stockouts(nothing, nothing == 0, nothing == 0).any()
