"""What members contribute to the change of a ratio of sums (H84)."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.formulas.health.kpi_change import Sums, contributions, contributions_within, figure_of
from stockhub.formulas.health.kpis import logistics_saving, logistics_saving_share


def sums(numerator: list[float], denominator: list[float]) -> Sums:
    return Sums(np.array(numerator), np.array(denominator))


def test_h84_a_members_contribution_by_hand() -> None:
    """Fill rate: one SKU misses 50 of its 100, another 0 of 100; before, none missed any."""
    before, after = sums([100.0, 100.0], [100.0, 100.0]), sums([50.0, 100.0], [100.0, 100.0])
    assert (figure_of(before), figure_of(after)) == (1.0, 0.75)
    assert contributions(before, after).tolist() == [-0.25, 0.0]


def test_h84_a_member_that_only_grew_with_the_same_share_moves_the_whole_by_being_unlike_it() -> None:
    """A dead category of 100 grows to 200 beside a living one of 100: 1/2 becomes 2/3, all of it by the dead one's growth."""
    before, after = sums([100.0, 0.0], [100.0, 100.0]), sums([200.0, 0.0], [200.0, 100.0])
    told = contributions(before, after)
    # (Δn − R·Δd)/D with R = 7/12 and D = 250.
    assert told == pytest.approx([(100 - 7 / 12 * 100) / 250, 0.0])
    assert told.sum() == pytest.approx(2 / 3 - 1 / 2)


@pytest.mark.parametrize("seed", range(40))
def test_h84_contributions_add_up_to_the_change_and_swap_signs_with_the_days(seed: int) -> None:
    random = np.random.default_rng(seed)
    # Some members have nothing on one of the days.
    table = random.integers(0, 10 ** random.integers(1, 7), (random.integers(1, 12), 4)) * random.integers(0, 2, (1, 4)) + [
        0.0,
        1.0,
        0.0,
        1.0,
    ]
    before, after = Sums(table[:, 0], table[:, 1]), Sums(table[:, 2], table[:, 3])
    there, back = contributions(before, after), contributions(after, before)
    scale = max(abs(figure_of(before)), abs(figure_of(after)), 1.0)
    assert there.sum() == pytest.approx(figure_of(after) - figure_of(before), abs=1e-9 * scale)
    assert back.tolist() == pytest.approx((-there).tolist(), abs=1e-9 * scale)


def test_h84_the_parts_of_a_member_add_up_to_it() -> None:
    before, after = sums([10.0, 20.0], [50.0, 60.0]), sums([30.0, 10.0], [70.0, 40.0])
    of_first = contributions_within(
        sums([4.0, 6.0], [20.0, 30.0]), sums([25.0, 5.0], [40.0, 30.0]), whole_before=before, whole_after=after
    )  # fmt: skip
    assert of_first.sum() == pytest.approx(contributions(before, after)[0])


def test_h84_nothing_is_told_of_a_figure_that_is_not_there() -> None:
    nothing, some = sums([0.0], [0.0]), sums([1.0], [2.0])
    assert np.isnan(contributions(nothing, some)).all()
    assert np.isnan(contributions(some, nothing)).all()


def test_h84_logistics_saving_is_what_the_ways_of_before_would_have_cost_less_what_was_paid() -> None:
    """300 units that came by transfer at 2 each where sea freight was 5 before; 100 by express at 9 where it was 5."""
    usual, paid = np.array([1500.0, 500.0]), np.array([600.0, 900.0])
    assert logistics_saving(usual, paid).tolist() == [900.0, -400.0]
    assert logistics_saving_share(usual, paid).tolist() == [0.6, -0.8]
    assert np.isnan(logistics_saving_share(np.array([0.0]), np.array([0.0]))).all()
