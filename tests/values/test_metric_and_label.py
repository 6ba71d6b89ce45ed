"""A metric has a number or a reason; a label speaks two languages."""

from __future__ import annotations

import math

import pytest

from stockhub.values import DomainError, Label, Metric


def test_a_metric_has_a_value_or_a_reason_and_never_both() -> None:
    assert Metric(0.0, "day").reason is None
    assert Metric(None, "day", reason="NO_SALES").value is None
    for value, reason in ((None, None), (1.0, "NO_SALES")):
        with pytest.raises(ValueError, match="never both"):
            Metric(value, "day", reason=reason)


def test_a_metric_is_finite() -> None:
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="finite"):
            Metric(value, "day")


def test_a_label_follows_the_language_tag() -> None:
    label = Label("Shortage", "缺货")
    assert [label.text(tag) for tag in ("zh", "zh-Hans", "ZH-CN", "en", "de")] == ["缺货", "缺货", "缺货", "Shortage", "Shortage"]


def test_a_domain_error_carries_what_a_caller_can_act_on() -> None:
    error = DomainError("insufficient_stock", "Only 3 left.", path=("lines", "0"), params={"left": 3})
    assert (error.code, str(error), error.path, error.params) == ("insufficient_stock", "Only 3 left.", ("lines", "0"), {"left": 3})
