"""Net realisable value and write-downs (H9)."""

from __future__ import annotations

import pytest

from stockhub.formulas.clearance.write_down import net_realisable_value, write_down, write_down_each, write_down_share
from stockhub.values import Explanation


@pytest.mark.parametrize(("price", "cost", "each", "share"), [(40.0, 40.0, 6.0, 0.15), (100.0, 40.0, 0.0, 0.0), (0.0, 40.0, 40.0, 1.0)])
def test_h9_stock_is_worth_the_lower_of_cost_and_what_it_brings(price: float, cost: float, each: float, share: float) -> None:
    net = net_realisable_value(price, 0.15)
    assert write_down_each(cost, net) == pytest.approx(each)
    assert write_down_share(cost, net) == pytest.approx(share)
    assert write_down(100.0, write_down_each(cost, net)) == pytest.approx(100 * each)


def test_h9_selling_may_cost_more_than_it_brings_and_then_more_than_cost_is_lost() -> None:
    net = net_realisable_value(10.0, 0.15, 12.0)
    assert net == pytest.approx(-3.5)
    assert write_down_share(10.0, net) == pytest.approx(1.35)


def test_h9_the_explanation_gives_the_write_down_and_nothing_on_hand_none() -> None:
    names = {"units": 7.0, "cost": 40.0, "price": 30.0}
    units, cost, price = (Explanation.input(name, value) for name, value in names.items())
    tree = write_down(units, write_down_each(cost, net_realisable_value(price, 0.2)))
    assert (tree.name, tree.unit, tree.evaluate()) == ("write_down", "base currency", 7.0 * 16.0)
    assert write_down(-3.0, 5.0) == 0.0
