"""Service levels by class and by costs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.policies.service_targets import (
    CYCLE_SERVICE_TARGETS,
    VALUE_CLASSES,
    VARIABILITY_CLASSES,
    critical_ratio,
    cycle_service_target,
    economic_service_level,
    overage_cost,
    underage_cost,
)
from stockhub.values import Explanation

NAN = math.nan
costs = st.floats(0, 1e6)


def test_every_pair_of_classes_has_its_target() -> None:
    pairs = [(float(a), float(x)) for a in range(3) for x in range(3)]
    expected = [CYCLE_SERVICE_TARGETS[VALUE_CLASSES[int(a)] + VARIABILITY_CLASSES[int(x)]] for a, x in pairs]
    assert [cycle_service_target(a, x) for a, x in pairs] == expected == [0.98, 0.97, 0.95, 0.96, 0.95, 0.92, 0.93, 0.90, 0.85]
    value_class, variability_class = (np.array(column) for column in zip(*pairs, strict=True))
    assert cycle_service_target(value_class, variability_class).tolist() == expected
    for (a, x), target in zip(pairs, expected, strict=True):
        tree = cycle_service_target(Explanation.input("abc", a), Explanation.input("xyz", x))
        assert tree.evaluate() == tree.value == target


@pytest.mark.parametrize(("value_class", "variability_class"), [(3.0, 0.0), (0.0, 3.0), (-1.0, 0.0), (NAN, 0.0), (0.0, NAN)])
def test_without_a_class_there_is_no_target(value_class: float, variability_class: float) -> None:
    assert math.isnan(cycle_service_target(value_class, variability_class))
    tree = cycle_service_target(Explanation.input("abc", value_class), Explanation.input("xyz", variability_class))
    assert tree.value is tree.evaluate() is None


def test_a_seller_sets_targets() -> None:
    assert cycle_service_target(2.0, 2.0, dict(CYCLE_SERVICE_TARGETS) | {"CZ": 0.6}) == 0.6


def test_costs_say_how_much_service_pays() -> None:
    assert critical_ratio(underage_cost(7.0, 2.0), overage_cost(0.5, 0.5)) == 0.9
    assert critical_ratio(0.0, 1.0) == 0.0
    assert math.isnan(critical_ratio(0.0, 0.0))


@settings(max_examples=60, deadline=None)
@given(under=costs, over=costs, more=costs)
def test_an_economic_level_is_capped_and_grows_with_what_being_short_costs(under: float, over: float, more: float) -> None:
    level = economic_service_level(under, over)
    if under + over == 0:
        assert math.isnan(level)
        return
    assert 0.5 <= level <= 0.995
    assert economic_service_level(under + more, over) >= level
    tree = economic_service_level(Explanation.input("under", under), Explanation.input("over", over))
    assert tree.evaluate() == tree.value == level
    assert economic_service_level(np.array([under]), np.array([over])).tolist() == [level]


def test_the_caps_bind() -> None:
    assert (economic_service_level(1.0, 9.0), economic_service_level(1e6, 1.0)) == (0.5, 0.995)
    assert economic_service_level(1.0, 9.0, 0.05) == 0.1
