"""Numbers, arrays and explanations give the same answers, and missing stays missing."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from stockhub.formulas import elementwise as e
from stockhub.formulas.health.staleness import confirmed_slow, stale_units
from stockhub.formulas.policies.ordering import capped_order_quantity, order_quantity
from stockhub.formulas.policies.safety_stock import service_factor, service_factors, statistical_safety_stock
from stockhub.formulas.stock.cover import cost_of_delay, latest_order_day
from stockhub.formulas.stock.overstock import overstock_limit
from stockhub.values import Explanation
from stockhub.values.explanation import register_operation
from tests.formulas.agreement import assert_forms_agree

NAN = math.nan
PRIMITIVES: dict[str, Callable[..., Any]] = {
    "maximum": e.maximum,
    "minimum": e.minimum,
    "ratio": e.ratio,
    "greater": e.greater,
    "at_least": e.at_least,
    "both": e.both,
    "either": e.either,
    "where": e.where,
    "root": e.root,
    "round_up": e.round_up,
    "round_down": e.round_down,
    "positive_part": e.positive_part,
    "exponential": e.exponential,
    "logarithm": e.logarithm,
    "power": e.power,
    "negation": e.negation,
}
FORMULAS: dict[str, Callable[..., Any]] = {
    "latest_order_day": latest_order_day,
    "cost_of_delay": cost_of_delay,
    "order_quantity": order_quantity,
    "capped_order_quantity": capped_order_quantity,
    "overstock_limit": overstock_limit,
    "statistical_safety_stock": statistical_safety_stock,
    "confirmed_slow": confirmed_slow,
    "stale_units": stale_units,
}
ARGUMENTS = {
    "where": 3,
    "root": 1,
    "round_up": 1,
    "round_down": 1,
    "positive_part": 1,
    "exponential": 1,
    "logarithm": 1,
    "negation": 1,
    "cost_of_delay": 3,
    "stale_units": 3,
}
ARGUMENTS |= {"latest_order_day": 4, "order_quantity": 4, "capped_order_quantity": 4, "overstock_limit": 4}
ARGUMENTS |= {"confirmed_slow": 5, "statistical_safety_stock": 6}

numbers = st.one_of(st.just(0.0), st.just(NAN), st.integers(-50, 500).map(float), st.floats(-1e6, 1e6))


@pytest.mark.parametrize("name", [*PRIMITIVES, *FORMULAS])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula = (PRIMITIVES | FORMULAS)[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * ARGUMENTS.get(name, 2)), min_size=2, max_size=3))
    assert_forms_agree(formula, rows)


def test_missing_is_contagious_even_through_comparisons() -> None:
    assert math.isnan(e.greater(NAN, 0.0))
    assert math.isnan(e.where(e.greater(NAN, 0.0), 1.0, 0.0))
    assert math.isnan(e.maximum(NAN, 0.0))
    assert math.isnan(e.either(1.0, NAN))


def test_where_takes_only_the_branch_needed() -> None:
    assert e.where(1.0, 5.0, NAN) == 5.0
    assert e.where(np.array([1.0, 0.0]), np.array([1.0, NAN]), np.array([NAN, 2.0])).tolist() == [1.0, 2.0]


def test_a_division_by_zero_is_missing_and_never_infinite() -> None:
    assert math.isnan(e.ratio(1.0, 0.0))
    assert np.isnan(e.ratio(np.array([1.0, 0.0]), np.array([0.0, 0.0]))).all()
    assert math.isnan(e.ratio(1e300, 1e-300))


def test_whole_units_forgive_floating_dust() -> None:
    assert (e.round_up(3.0000000001), e.round_up(3.001), e.round_down(2.9999999999), e.round_down(2.999)) == (3.0, 4.0, 3.0, 2.0)


def test_a_formula_names_its_node_and_its_unit() -> None:
    tree = latest_order_day(*[Explanation.input(name) for name in ("position", "rate", "safety_stock", "lead_time")])
    assert (tree.name, tree.unit) == ("latest_order_day", "day")
    assert "days_of_cover" in [node.name for node in tree.walk()]


def test_service_factors_of_an_array_equal_those_of_numbers() -> None:
    levels = [0.5, 0.9, 0.975]
    assert service_factors(np.array(levels)).tolist() == pytest.approx([service_factor(level) for level in levels])
    assert np.isnan(service_factors(np.array([0.0, 1.0, NAN]))).all()


def test_importing_every_formula_loads_neither_pandas_nor_scipy_nor_django() -> None:
    code = (
        "import importlib, pkgutil, sys, stockhub.formulas as f\n"
        "for m in pkgutil.walk_packages(f.__path__, 'stockhub.formulas.'): importlib.import_module(m.name)\n"
        "sys.exit(', '.join({'pandas', 'scipy', 'django', 'pydantic', 'stockhub.pluginapi'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@e.operation
def _twice_if_known(x: ArrayLike) -> e.FloatArray:
    return np.where(np.equal(x, 13.0), np.inf, np.multiply(x, 2.0))


def test_n4_an_operation_is_one_step_that_evaluates_to_its_value() -> None:
    assert _twice_if_known(2.0) == 4.0
    assert _twice_if_known(np.array([1.0, NAN])).tolist()[0] == 2.0
    assert math.isnan(_twice_if_known(13.0))
    tree = _twice_if_known(Explanation.input("x")) + 1.0
    assert [node.op for node in tree.walk()] == ["input", "twice_if_known", "constant", "add"]
    assert tree.fill({"x": 3.0}).value == tree.fill({"x": 3.0}).evaluate() == 7.0
    assert tree.fill({"x": 13.0}).value is None
    assert Explanation.from_json(tree.fill({"x": 3.0}).to_json()).evaluate() == 7.0


def test_an_operation_takes_no_name_that_is_taken() -> None:
    with pytest.raises(ValueError, match="'twice_if_known' already"):
        register_operation("twice_if_known", float)


def test_a_sum_of_many_terms_is_one_step() -> None:
    assert e.total([1.0, 2.0, 3.5]) == 6.5
    assert e.total([np.array([1.0, 2.0]), np.array([1.0, 1.0])]).tolist() == [2.0, 3.0]
    tree = e.total([Explanation.input(f"x{i}", float(i)) for i in range(5000)])
    assert tree.evaluate() == tree.value == 12497500.0
    assert math.isnan(e.total([1.0, NAN]))
