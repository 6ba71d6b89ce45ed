"""Dealers that buy more than they sell."""

from __future__ import annotations

import math

import pytest

from stockhub.formulas.demand.sell_through import inflated_demand, sell_in_ratio, unsold_at_dealer
from stockhub.values import Explanation


def test_h5_a_dealer_who_sells_on_half_of_what_he_buys_is_flagged() -> None:
    assert sell_in_ratio(1000.0, 550.0) == pytest.approx(1.8181818)
    assert inflated_demand(1000.0, 550.0) == 1.0
    assert unsold_at_dealer(1000.0, 550.0) == 450.0
    tree = inflated_demand(Explanation.input("sell_in", 1000.0, unit="unit"), Explanation.input("sell_through", 550.0, unit="unit"))
    assert (tree.name, tree.evaluate()) == ("inflated_demand", 1.0)


def test_the_limit_itself_is_no_flag() -> None:
    assert inflated_demand(1300.0, 1000.0) == 0.0
    assert inflated_demand(1301.0, 1000.0) == 1.0


def test_a_dealer_who_sold_nothing_on() -> None:
    assert math.isnan(sell_in_ratio(10.0, 0.0))
    assert inflated_demand(10.0, 0.0) == 1.0
    assert inflated_demand(0.0, 0.0) == 0.0
    assert math.isnan(inflated_demand(10.0, math.nan))
