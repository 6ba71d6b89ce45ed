"""The optimal ladder against enumeration and against every fixed one, and what it is expected to bring."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from stockhub.formulas.clearance.markdown_dp import MarkdownProblem, optimal_markdown
from stockhub.formulas.clearance.markdown_outcome import expected_outcome, fixed_ladder
from stockhub.formulas.clearance.weekly_sales import LARGEST_STOCK_OF_BROKEN_ASSORTMENT, BrokenAssortmentSales, SteadySales
from stockhub.formulas.errors import InvalidParameterError


def _problem(**changes: object) -> MarkdownProblem:
    inputs: dict[str, Any] = {
        "stock": 12,
        "prices": np.array([20.0, 14.0, 9.0]),
        "unit_fees": np.array([5.0, 4.1, 3.4]),
        "mean_demand": np.array([[1.0, 2.0, 4.0], [0.8, 1.6, 3.2], [0.6, 1.2, 2.4]]),
        "holding": 0.2,
        "salvage": 0.5,
    }
    return MarkdownProblem(**(inputs | changes))


@st.composite
def problems(draw: st.DrawFn) -> MarkdownProblem:
    weeks, rungs = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    prices = np.array(sorted(draw(st.lists(st.floats(5, 50), min_size=rungs, max_size=rungs)), reverse=True))
    means = np.array(draw(st.lists(st.floats(0, 8), min_size=weeks * rungs, max_size=weeks * rungs))).reshape(weeks, rungs)
    return MarkdownProblem(
        stock=draw(st.integers(0, 12)),
        prices=prices,
        unit_fees=0.15 * prices + 2.0,
        mean_demand=means,
        holding=draw(st.floats(0, 1)),
        salvage=draw(st.floats(-2, 4)),
        monotone=draw(st.booleans()),
        variance_ratio=draw(st.sampled_from([1.0, 1.7, 3.0])),
        assortment_exponent=draw(st.sampled_from([0.0, 0.5])),
    )


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_no_fixed_ladder_is_worth_more_than_the_optimum_which_is_worth_what_it_is_expected_to_bring(problem: MarkdownProblem) -> None:
    policy = optimal_markdown(problem)
    outcome = expected_outcome(problem, policy.actions)
    assert outcome.value == pytest.approx(policy.value, abs=1e-5)
    assert outcome.explanation().evaluate() == pytest.approx(policy.value, abs=1e-5)
    assert outcome.sold.sum() + outcome.left == pytest.approx(problem.stock)
    choose = itertools.combinations_with_replacement if problem.monotone else lambda rungs, weeks: itertools.product(rungs, repeat=weeks)
    for rungs in choose(range(len(problem.prices)), problem.weeks):
        assert expected_outcome(problem, fixed_ladder(problem, rungs)).value <= policy.value + 1e-7


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_ladders_are_monotone(problem: MarkdownProblem) -> None:
    actions = optimal_markdown(problem).actions
    assert actions.shape == (problem.weeks, problem.stock + 1, len(problem.prices))
    if problem.monotone:
        assert (actions >= np.arange(len(problem.prices))).all()


@settings(max_examples=60, deadline=None)
@given(problem=problems(), more=st.floats(0, 3))
def test_the_value_grows_with_salvage_and_with_freedom(problem: MarkdownProblem, more: float) -> None:
    def value(*, salvage: float, monotone: bool) -> float:
        parts = {name: getattr(problem, name) for name in ("stock", "prices", "unit_fees", "mean_demand", "holding", "variance_ratio")}
        return optimal_markdown(MarkdownProblem(**parts, salvage=salvage, monotone=monotone)).value

    base = value(salvage=problem.salvage, monotone=True)
    assert value(salvage=problem.salvage + more, monotone=True) >= base - 1e-9
    assert value(salvage=problem.salvage, monotone=False) >= base - 1e-9


def test_one_week_is_a_sum_over_demand() -> None:
    problem = _problem(stock=3, mean_demand=np.array([[2.0, 3.0, 5.0]]))
    policy = optimal_markdown(problem)
    for rung, mean in enumerate([2.0, 3.0, 5.0]):
        chances = [float(poisson.pmf(k, mean)) for k in range(3)]
        chances.append(1.0 - sum(chances))
        expected = sum(p * (k * problem.margins[rung] + (3 - k) * (0.5 - 0.2)) for k, p in enumerate(chances))
        assert policy.action_values[rung] == pytest.approx(expected)
    assert policy.value == max(policy.action_values)
    assert policy.first_action == int(np.argmax(policy.action_values))


def test_without_weeks_stock_or_demand_the_answer_is_the_salvage() -> None:
    none = optimal_markdown(_problem(mean_demand=np.zeros((0, 3))))
    assert (none.value, none.first_action, bool(np.isnan(none.action_values).all())) == (6.0, None, True)
    assert optimal_markdown(_problem(stock=0)).value == 0.0
    unsold = optimal_markdown(_problem(mean_demand=np.zeros((2, 3))))
    assert unsold.value == pytest.approx(12 * 0.5 - 2 * 12 * 0.2)
    assert unsold.first_action == 0  # all the same: the higher price is kept


def test_a_season_s_end_and_overdispersion_change_the_plan() -> None:
    fading = optimal_markdown(_problem(stock=30)).first_action
    rising = optimal_markdown(
        _problem(stock=30, mean_demand=np.array([[1.0, 2.0, 4.0], [9.0, 18.0, 36.0], [9.0, 18.0, 36.0]]))
    ).first_action
    assert (fading, rising) == (2, 0)
    assert optimal_markdown(_problem(variance_ratio=3.0)).value < optimal_markdown(_problem()).value


def test_a_broken_assortment_sells_less_and_is_marked_down_sooner() -> None:
    whole, broken = optimal_markdown(_problem(stock=20)), optimal_markdown(_problem(stock=20, assortment_exponent=1.0))
    assert broken.value < whole.value
    assert optimal_markdown(_problem(stock=20, assortment_exponent=1.0, full_stock=40.0)).value < broken.value
    # The plentiful stock of a whole assortment leaves demand as it is.
    assert optimal_markdown(_problem(stock=20, assortment_exponent=1.0, full_stock=1e-9)).value == pytest.approx(whole.value)


@pytest.mark.parametrize("variance_ratio", [1.0, 2.5])
def test_weekly_sales_are_those_of_scipy_s_distributions(variance_ratio: float) -> None:
    mean, stock = 4.0, 9
    demand = poisson(mean) if variance_ratio == 1.0 else nbinom(mean / (variance_ratio - 1.0), 1.0 / variance_ratio)
    start = np.zeros(stock + 1)
    start[-1] = 1.0
    expected = [float(demand.sf(stock - 1)), *(float(demand.pmf(stock - left)) for left in range(1, stock + 1))]
    steady = SteadySales(stock, mean, variance_ratio)
    broken = BrokenAssortmentSales(stock, mean, variance_ratio, full_stock=float(stock), exponent=0.5)
    np.testing.assert_allclose(steady.rest(start), expected, atol=1e-12)
    np.testing.assert_allclose(broken.rest(start), expected, atol=1e-12)
    values = np.arange(stock + 1.0) ** 2
    for sales in (steady, broken):
        assert sales.expectation(values)[-1] == pytest.approx(sales.rest(start) @ values)
        np.testing.assert_allclose(sales.expectation(np.ones(stock + 1)), 1.0)


def test_the_outcome_says_what_is_sold_where() -> None:
    problem = _problem(stock=2, mean_demand=np.array([[50.0, 50.0, 50.0]] * 3))
    outcome = expected_outcome(problem, fixed_ladder(problem, [0, 1, 2]))
    np.testing.assert_allclose(outcome.sold, [[2.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], atol=1e-12)
    np.testing.assert_allclose(outcome.sold_out_by_week, 1.0)
    assert outcome.value == pytest.approx(2 * 15.0)
    tree = outcome.explanation()
    assert (tree.name, tree.unit) == ("expected_ladder_cash", "base currency")
    assert {"units_sold_on_rung_1", "price_of_rung_3", "unit_weeks_held", "salvage"} <= set(tree.inputs())


@pytest.mark.parametrize("rungs", [[1, 0, 2], [0, 1], [0, 1, 3], [-1, 0, 0]])
def test_a_ladder_that_is_none_is_refused(rungs: list[int]) -> None:
    with pytest.raises(InvalidParameterError, match="a rung of 0 to 2"):
        fixed_ladder(_problem(), rungs)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stock", -1),
        ("prices", np.zeros(0)),
        ("prices", np.array([20.0, np.nan, 9.0])),
        ("unit_fees", np.array([1.0])),
        ("mean_demand", np.array([[1.0, 2.0]])),
        ("mean_demand", np.array([[1.0, -2.0, 3.0]])),
        ("variance_ratio", 0.9),
        ("assortment_exponent", -0.1),
        ("full_stock", 0.0),
    ],
)
def test_a_problem_whose_parts_do_not_fit_is_refused(name: str, value: object) -> None:
    with pytest.raises(InvalidParameterError) as refused:
        _problem(**{name: value})
    assert refused.value.path == (name,)


def test_a_broken_assortment_of_too_many_units_is_refused_with_what_to_do() -> None:
    problem = _problem(stock=LARGEST_STOCK_OF_BROKEN_ASSORTMENT + 1, assortment_exponent=0.5)
    with pytest.raises(InvalidParameterError, match="count in cases"):
        optimal_markdown(problem)
