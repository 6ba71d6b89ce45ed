"""Facts that are missing, and which rules could not judge for want of them (H21)."""

from __future__ import annotations

import pytest
from django.utils import translation

from stockhub.alerts.models import Alert
from stockhub.alerts.readiness import gaps_text, unjudged_of
from stockhub.alerts.wording import headline
from tests.worlds import World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def test_h21_the_alert_has_the_rows_that_each_rule_did_not_judge_and_why(world: World) -> None:
    """Sixty days of history: nothing can be said of months a year ago, and that the rules of turnover are silent says nothing."""
    world.selling("ONE", stock=100, rate=1.0, lead_time=None)
    world.selling("TWO", stock=100, rate=1.0, lead_time=None)
    cycle = run_cycle("warnings")
    alert = Alert.objects.get(kind="missing-facts")
    unjudged = alert.inputs["not_evaluated"]
    assert unjudged == unjudged_of(cycle.counts)
    assert alert.inputs == {"NO_OFFER": 2, "DEFAULT_LEAD_TIME": 2, "not_evaluated": unjudged}
    assert unjudged["turnover-streak"] == {"HOLES_IN_HISTORY": 2, "NO_STOCK_HISTORY": 2}
    assert unjudged["category-structure"]["NO_CATEGORY_TURNOVER"] == 2
    with translation.override("en"):
        told = headline(alert)
    assert told.startswith("Readiness · Facts that are missing · ")
    assert "No supplier offers it: 2" in told
    assert " — rows that rules did not judge: " in told
    assert "Turnover falls month after month: 2 (history has gaps)" in told


@pytest.mark.one_database
def test_h21_the_rules_that_judged_least_are_named_with_the_most_frequent_reason() -> None:
    inputs = {
        "NO_OFFER": 3, "NO_COST": 20,
        "not_evaluated": {
            "shortage": {"NO_FORECAST": 5},
            "turnover-below-norm": {"HOLES_IN_HISTORY": 427, "NO_NORM": 2},
            "order-due": {"NO_FORECAST": 5, "NO_LEAD_TIME": 6},
            "overstock": {"NO_SAFETY_STOCK": 4}, "no-sale": {"NO_SALES_DATA": 3}, "write-down": {"NO_COST": 2},
            "market-fall": {"NEW_CODE": 1},
        },
    }  # fmt: skip
    with translation.override("en"):
        assert gaps_text(inputs) == (
            "Unit cost is unknown: 20 · No supplier offers it: 3 — rows that rules did not judge: Turnover below the norm: 427 (history "
            "has gaps) · Order due: 6 (lead time is unknown) · Shortage: 5 (no forecast) · Overstock: 4 (safety stock is unknown) · "
            "No sale for three months: 3 (sales are unknown) · 2 more rules"
        )
        assert gaps_text({"NO_COST": 1}) == "Unit cost is unknown: 1"
        assert gaps_text({"NO_COST": 1, "not_evaluated": {"market-fall": {"NEW_CODE": 1}}}).endswith("(NEW_CODE)")
    with translation.override("zh-hans"):
        assert "库存积压: 4" in gaps_text(inputs).replace("：", ": ")


def test_counts_of_a_cycle_that_are_no_rule_s_are_left_out() -> None:
    assert unjudged_of({"rows": 4, "missing.NO_COST": 2, "shortage.NO_FORECAST": 3, "shortage": 9, "opened": 1}) == {
        "shortage": {"NO_FORECAST": 3}
    }
