"""Who becomes champion: the rules of the choice, on losses that are given."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.demand.champion_models import Decision
from stockhub.demand.champions.decision import Choice, Table, choices, mean_choices
from stockhub.demand.champions.sums import SUMS


def table(series: int, kind: str = "smooth", **losses: tuple[float, ...]) -> Table:
    sums = {}
    for model, by_window in losses.items():
        values = np.zeros((len(by_window), len(SUMS)))
        values[:, SUMS.index("series")], values[:, SUMS.index("loss")] = series, by_window
        sums[kind, model.replace("_", "-")] = values
        sums["", model.replace("_", "-")] = values
    return Table(sums)


def smooth(found: list[Choice]) -> Choice:
    return next(choice for choice in found if choice.kind == "smooth")


def test_h23_an_incumbent_stays_until_another_is_five_per_cent_better_in_most_windows() -> None:
    close = table(200, seasonal_naive=(200.0,) * 4, ses=(100.0,) * 4, imapa=(96.0,) * 4)
    assert smooth(choices(close, {}, "ses", ())).model == "ses"
    clear = table(200, seasonal_naive=(200.0,) * 4, ses=(100.0,) * 4, imapa=(90.0, 90.0, 90.0, 120.0))
    won = smooth(choices(clear, {}, "ses", ()))
    assert (won.model, won.decision, won.challenger, won.shared) == ("imapa", Decision.TAKEN, "imapa", False)
    rare = table(200, seasonal_naive=(200.0,) * 4, ses=(100.0,) * 4, imapa=(10.0, 10.0, 99.0, 99.0))
    assert smooth(choices(rare, {"smooth": "ses"}, "", ())).decision == Decision.KEPT


def test_h23_none_worse_than_the_seasonal_naive_forecast_is_kept() -> None:
    found = table(200, seasonal_naive=(90.0,) * 4, ses=(100.0,) * 4)
    assert smooth(choices(found, {"smooth": "ses"}, "ses", ())).model == "seasonal-naive"


def test_a_model_that_did_not_answer_for_all_series_does_not_compete() -> None:
    found = table(200, seasonal_naive=(90.0,) * 4, ses=(80.0,) * 4)
    part = table(150, imapa=(1.0,) * 4)
    assert smooth(choices(Table({**found.sums, **part.sums}), {}, "ses", ())).model == "ses"


def test_d14_costly_models_compete_for_class_a_alone_and_only_where_a_night_is_long_enough() -> None:
    usual = table(200, seasonal_naive=(90.0,) * 4, ses=(80.0,) * 4)
    important = table(40, "class_a", seasonal_naive=(90.0,) * 4, ses=(80.0,) * 4, auto_ets=(40.0,) * 4)
    both = Table({**usual.sums, **{key: sums for key, sums in important.sums.items() if key[0]}})
    won = {choice.kind: choice.model for choice in choices(both, {}, "ses", ())}
    assert (won["class_a"], won["smooth"]) == ("auto-ets", "ses")
    assert {choice.kind: choice.model for choice in choices(both, {}, "ses", ["auto-ets"])}["class_a"] == "ses"


def test_few_series_of_a_kind_are_judged_with_all_others() -> None:
    few = table(20, seasonal_naive=(90.0,) * 4, ses=(100.0,) * 4)
    many = table(300, "lumpy", seasonal_naive=(900.0,) * 4, ses=(500.0,) * 4)
    together = {("", model): few.sums["smooth", model] + many.sums["lumpy", model] for model in ("seasonal-naive", "ses")}
    found = choices(Table({**few.sums, **many.sums, **together}), {}, "ses", ())
    assert {(choice.kind, choice.model, choice.shared) for choice in found} == {
        ("smooth", "ses", True), ("erratic", "ses", True), ("intermittent", "ses", True), ("no_demand", "ses", True),
        ("lumpy", "ses", False),
    }  # fmt: skip


def errors(series: int, kind: str = "", **by_model: tuple[tuple[float, ...], float]) -> Table:
    """Scaled errors by window, and what each model's sums are off by."""
    sums = {}
    for model, (scaled, off) in by_model.items():
        values = np.zeros((len(scaled), len(SUMS)))
        values[:, SUMS.index("series")], values[:, SUMS.index("scaled")] = series, scaled
        for lead in (7, 14, 28):
            values[:, SUMS.index(f"absolute_{lead}")] = off
        sums[kind, model.replace("_", "-")] = values
    return Table(sums)


def test_f8_h23_the_mean_of_all_kinds_changes_for_a_hundredth_in_most_windows_and_for_sums_as_for_days() -> None:
    usual = errors(300, seasonal_naive=((200.0,) * 4, 90.0), ses=((100.0,) * 4, 50.0), imapa=((98.5,) * 4, 50.0))
    [won] = mean_choices(usual, {}, "ses", (), (7, 14, 28))
    assert (won.kind, won.model, won.decision) == ("", "imapa", Decision.TAKEN)
    assert won.score == pytest.approx(98.5 * 50.0)
    close = errors(300, seasonal_naive=((200.0,) * 4, 90.0), ses=((100.0,) * 4, 50.0), imapa=((99.5,) * 4, 50.0))
    assert mean_choices(close, {}, "ses", (), (7, 14, 28))[0].model == "ses"
    # Better by day and worse by the sums that are ordered for.
    off = errors(300, seasonal_naive=((200.0,) * 4, 90.0), ses=((100.0,) * 4, 50.0), imapa=((98.5,) * 4, 52.0))
    assert mean_choices(off, {"": "ses"}, "", (), (7, 14, 28))[0].decision == Decision.KEPT
    assert mean_choices(off, {"": "ses"}, "", (), (7,))[0].model == "imapa"
    assert mean_choices(Table({}), {}, "ses", (), (7,)) == []


def test_d14_the_mean_of_class_a_goes_with_all_others_until_one_is_better_by_far() -> None:
    usual = errors(300, seasonal_naive=((200.0,) * 4, 90.0), ses=((100.0,) * 4, 50.0))

    def of_class_a(ets: float, too_slow: tuple[str, ...] = ()) -> str:
        figures = {"seasonal_naive": ((200.0,) * 4, 90.0), "ses": ((100.0,) * 4, 50.0), "auto_ets": ((ets,) * 4, 50.0)}
        both = Table({**usual.sums, **errors(40, "class_a", **figures).sums})
        return {choice.kind: choice.model for choice in mean_choices(both, {}, "ses", too_slow, (7, 14, 28))}["class_a"]

    assert (of_class_a(97.0), of_class_a(90.0), of_class_a(90.0, ("auto-ets",))) == ("ses", "auto-ets", "ses")
