"""Numbers that stand for an answer are told in words, in formulas too (H32, H41, N4)."""

from __future__ import annotations

import pytest
from django.utils import translation

from stockhub.alerts.explanation_tree import tree_of
from stockhub.alerts.units import amount_of_unit
from stockhub.formulas.health.market import market_verdict
from stockhub.formulas.health.quadrants import quadrant_action
from stockhub.formulas.health.slow_movers import slow_mover_action
from stockhub.graphql.explanation_text import spoken
from stockhub.values import Explanation, Label

LABELS = {
    "turnover": Label("Turnover", "周转率"), "median": Label("Median", "中位数"), "supply": Label("Days of supply", "可售天数"),
    "safe": Label("Safe days", "安全天数"), "short": Label("Shortage", "缺口"),
}  # fmt: skip


def quadrant(turnover: float, supply: float) -> Explanation:
    numbers = {"turnover": turnover, "median": 4.0, "supply": supply, "safe": 45.0, "short": -10.0}
    return quadrant_action(*(Explanation.input(name, value, unit="1", source="test") for name, value in numbers.items()))


def test_h32_the_formula_of_the_quadrants_names_its_actions() -> None:
    told = tree_of(quadrant(2.0, 90.0), LABELS)
    assert told.amount == "clear now"
    assert told.formula == (
        "promote, order nothing if Days of supply > Safe days, else order more if Shortage > 0, else leave as it is if "
        "Turnover ≥ Median, else clear now if Days of supply > Safe days, else buy with care"
    )
    text = spoken(quadrant(2.0, 90.0), LABELS, "en")
    assert text.endswith(" = clear now")
    assert "if(Days of supply > Safe days, clear now, buy with care)" in text
    # What is compared stays a number.
    assert "Shortage > 0" in text


@pytest.mark.parametrize(("turnover", "supply", "said"), [(5.0, 10.0, "leave as it is"), (5.0, 90.0, "promote, order nothing")])
def test_h32_each_cell_by_its_name(turnover: float, supply: float, said: str) -> None:
    assert tree_of(quadrant(turnover, supply), LABELS).amount == said
    assert spoken(quadrant(turnover, supply), LABELS, "en").endswith(f" = {said}")


def test_h32_a_reader_of_chinese_reads_chinese_whatever_language_is_active() -> None:
    with translation.override("en"):
        text = spoken(quadrant(2.0, 90.0), LABELS, "zh")
    with translation.override("zh-hans"):
        clear = amount_of_unit(4.0, "action")
    assert clear != "clear now"
    assert text.endswith(f" = {clear}")


def test_h41_so_does_the_verdict_on_the_market() -> None:
    rivals = [Explanation.input(name, value, unit="share", source="test") for name, value in (("a", 0.3), ("b", -0.3), ("c", -0.3))]
    told = tree_of(market_verdict(*rivals), {})
    assert told.amount == "the market shrinks"
    assert "listing or price" in told.formula
    assert "no clear answer" in told.formula


def test_h77_what_to_do_about_a_slow_mover_has_words_of_its_own() -> None:
    """The same numbers stand for other actions than those of the quadrants."""
    flags = [Explanation.input(name, value, unit="flag", source="test") for name, value in zip("abcd", (1.0, 1.0, 1.0, 0.0), strict=True)]
    told = tree_of(slow_mover_action(*flags), {})
    assert told.amount == "to the outlet"
    assert "bundle with a best-seller" in told.formula
