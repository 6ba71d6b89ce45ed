"""Which alerts warn of a stock-out: one list, by the rules themselves, that everything else asks."""

from __future__ import annotations

import pytest

from stockhub.alerts.models import Alert
from stockhub.alerts.projected import projected_of
from stockhub.alerts.rules import BUILT_IN
from stockhub.alerts.rules.shortage import ShortageRule
from stockhub.alerts.stockout_warnings import stockout_kinds
from stockhub.demo.truth import ORDER_DUE, SHORTAGE, STANDS_FOR, STOCKOUT_RISK
from stockhub.pluginapi import Side

WARNINGS = {
    "shortage", "stockout-risk", "order-due", "end-of-life-line", "late-inbound", "emergency-order", "imbalance", "burn-rate",
}  # fmt: skip
#: Inputs as the rules name them, and the stock at the end of the time that each looks ahead.
AHEAD = [
    ("shortage", {"available": 50.0, "inbound_in_horizon": 20.0, "demand_in_horizon": 120.0}, -50.0),
    ("overstock", {"available": 500.0, "inbound_in_weeks": 20.0, "demand_in_weeks": 120.0}, 400.0),
    ("order-due", {"available": 5.0, "on_order": 10.0, "in_transit": 2.0, "receiving": 1.0, "demand_to_cover": 30.0}, -12.0),
    (
        "stockout-risk",
        {"available": 5.0, "on_order": 0.0, "in_transit": 2.0, "receiving": 1.0, "daily_mean": 2.0, "lead_time": 9.0, "review_period": 7.0},
        -24.0,
    ),
    (
        "end-of-life-line",
        {
            "available": 5.0, "inbound_in_days": 4.0, "daily_mean": 2.0, "demand_days": 10.0,
            "on_order": 9.0, "in_transit": 9.0, "receiving": 9.0, "lead_time": 9.0, "review_period": 7.0,
        },
        -11.0,
    ),
    ("late-inbound", {"available": 5.0, "punctual_inbound": 3.0, "demand_in_lead_time": 20.0}, -12.0),
    ("low-inventory-fee", {"available": 5.0, "inbound_in_28_days": 3.0, "demand_of_28_days": 20.0}, -12.0),
    ("emergency-order", {"available": 5.0, "landing_in_time": 3.0, "demand_until_inbound": 20.0}, -12.0),
    ("imbalance", {"available": 5.0, "inbound_in_lead_time": 3.0, "daily_demand": 2.0, "lead_time": 10.0}, -12.0),
    ("burn-rate", {"available": 5.0, "burn_rate": 0.5, "window_minutes": 60.0}, -25.0),
    ("burn-rate", {"available": 5.0, "burn_rate": 0.5, "notice_minutes": 60.0}, -25.0),
    (
        "viral-spike",
        {
            "available": 5.0, "landing_until_arrival": 3.0, "spike_until_arrival": 20.0,
            "on_order": 9.0, "in_transit": 9.0, "receiving": 9.0, "daily_mean": 2.0, "lead_time": 9.0, "review_period": 7.0,
        },
        -12.0,
    ),
]  # fmt: skip


def test_the_rules_say_themselves_which_of_them_foretell_a_stock_out() -> None:
    assert stockout_kinds() == WARNINGS
    assert {rule.slug for rule in BUILT_IN if rule.side is Side.SHORTAGE} - WARNINGS == {
        "ship-by-risk", "below-threshold", "low-inventory-fee", "single-source", "concentrated-supply",
        "viral-spike",
    }  # fmt: skip


def test_a_rule_that_foretells_none_is_not_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShortageRule, "foretells_stockout", False)
    assert stockout_kinds() == WARNINGS - {"shortage"}


def test_the_demo_judges_warnings_of_stock_outs_by_kinds_that_are_warnings() -> None:
    assert {SHORTAGE, ORDER_DUE, STOCKOUT_RISK, *STANDS_FOR, *STANDS_FOR.values()} <= stockout_kinds()


@pytest.mark.parametrize(("kind", "inputs", "projected"), AHEAD, ids=[kind for kind, _inputs, _projected in AHEAD])
def test_u4_every_warning_of_a_stock_out_says_what_there_will_be(kind: str, inputs: dict[str, float], projected: float) -> None:
    found = projected_of(Alert(kind=kind, inputs=inputs))
    assert found is not None
    assert (found.value, found.unit) == (projected, "unit")
    assert projected_of(Alert(kind=kind, inputs={**inputs, "available": None})) is None


def test_u4_the_names_are_those_that_the_rules_give() -> None:
    named = {rule.slug: {*getattr(rule, "uses", ()), *rule.input_labels()} for rule in BUILT_IN}
    assert [(kind, set(inputs) - named[kind]) for kind, inputs, _projected in AHEAD] == [(kind, set()) for kind, _i, _p in AHEAD]
    assert {kind for kind, _inputs, _projected in AHEAD} >= stockout_kinds()
