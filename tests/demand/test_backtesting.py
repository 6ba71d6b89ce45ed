"""`manage.py backtest`. No test here may touch a database: pytest-django refuses it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from numpy.typing import NDArray
from pytest_django.fixtures import Settings

from stockhub.demand.backtesting.answers import LEVELS, Answer, Question, answers_at, textbook_sums
from stockhub.demand.backtesting.champion import Choice, champion_answer, choose
from stockhub.demand.backtesting.figures import Truth, figures
from stockhub.demand.backtesting.files import read_rows
from stockhub.demand.backtesting.runs import without_outcomes
from stockhub.demand.backtesting.series import Frequency, SeriesSet, series_of
from stockhub.formulas.forecasting.tournament import mean_scores

FIRST = np.datetime64("2025-01-01")
TODAY = date(2026, 1, 1)
MODELS = ("lead-time", "moving-average", "seasonal-naive")
DAYS = 130


def demand(n: int = 24, days: int = DAYS) -> NDArray[np.int64]:
    rng = np.random.default_rng(5)
    drift = np.exp(rng.normal(0.8, 0.8, (n, 1)) + np.cumsum(rng.normal(0, 0.05, (n, days)), axis=1))
    return np.asarray(rng.poisson(drift) + (np.arange(days) == 0), np.int64)


def frame(values: np.ndarray, **columns: np.ndarray) -> pd.DataFrame:
    n, t = values.shape
    base = {
        "series_id": np.repeat([f"S{i:02d}" for i in range(n)], t),
        "date": np.tile(FIRST + np.arange(t), n),
        "qty": values.ravel(),
    }
    return pd.DataFrame(base | {name: column.ravel() for name, column in columns.items()})


def loaded(table: pd.DataFrame, folder: Path, frequency: Frequency = Frequency.DAY) -> SeriesSet:
    path = folder / "demand.parquet"
    table.to_parquet(path)
    return series_of(read_rows(path), frequency, TODAY)


def run(path: Path, *options: str) -> tuple[dict[str, Any], str]:
    out, said = path.with_suffix(".json"), io.StringIO()
    call_command("backtest", str(path), "--out", str(out), *options, stdout=said, stderr=io.StringIO())
    return json.loads(out.read_text()), said.getvalue()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """A file in which some series are bad in every way, tested with three windows of 14 days."""
    values = demand()
    table = frame(values, promo=np.broadcast_to(np.arange(DAYS) % 10 == 0, values.shape).astype(float))
    table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    table["qty"] = table["qty"].astype(str)
    bad = [
        ("gaps", "2025-01-05", 3), ("gaps", "2025-01-09", 4), ("gaps", "2025-05-01", 1),
        ("duplicates", "2025-01-05", 3), ("duplicates", "2025-01-05", 4), ("duplicates", "2025-01-06", 4),
        ("negative", "2025-01-05", -3), ("negative", "2025-01-06", 3), ("negative", "2025-01-07", 3),
        ("missing", "2025-01-05", 2), ("missing", "2025-01-06", "NaN"), ("missing", "2025-01-07", "many"),
        ("one point", "2025-02-01", 5), ("zeros", "2025-01-05", 0), ("zeros", "2025-01-06", 0),
        ("future", "2025-01-05", 2), ("future", "2025-01-06", 2), ("future", "2999-01-01", 2),
        ("unreadable", "2025-01-05", 2), ("unreadable", "2025-01-06", 2), ("unreadable", "soon", 2),
        ("huge", "2025-01-05", 10**9), ("huge", "2025-01-06", 2), ("young", "2025-04-20", 2), ("young", "2025-04-21", 2),
        *(("weekly", f"2025-0{month}-{day:02d}", 7) for month in (2, 3) for day in (3, 10, 17, 24)),
    ]  # fmt: skip
    rows = pd.DataFrame(bad, columns=["series_id", "date", "qty"]).astype(str).assign(promo=0.0)
    path = tmp_path_factory.mktemp("backtest") / "bad.csv"
    pd.concat([table, rows]).to_csv(path, index=False)
    return run(path, "--horizon", "14", "--models", ",".join(MODELS))


def numbers(found: object) -> list[float]:
    if isinstance(found, Mapping):
        return [number for value in found.values() for number in numbers(value)]
    if isinstance(found, list):
        return [number for value in found for number in numbers(value)]
    return [float(found)] if isinstance(found, int | float) else []


def test_h24_bad_series_are_named_with_their_reason_and_the_rest_goes_on(report: tuple[dict[str, Any], str]) -> None:
    found, said = report
    problems = {name: set(kinds) for name, kinds in found["problems"].items()}
    assert problems == {
        "gaps": {"gaps"}, "duplicates": {"duplicates"}, "negative": {"negative_qty"}, "missing": {"missing_qty"},
        "one point": {"one_point"}, "zeros": {"no_sales"}, "future": {"future_date"}, "unreadable": {"unreadable_date"},
        "huge": {"implausible_qty"}, "young": {"short_history"}, "weekly": {"mixed_frequency"},
    }  # fmt: skip
    assert found["series"] == 24 + 6
    assert "mixed_frequency: 1 series, such as weekly" in said


def test_h24_the_report_has_every_figure_for_every_model_and_the_champion(report: tuple[dict[str, Any], str]) -> None:
    found, said = report
    assert set(found["models"]) == set(MODELS)
    for figures_of in (*found["models"].values(), found["champion"]):
        for name in ("rmsse", "mase7", "wape", "wape_sum14", "bias", "seconds"):
            assert isinstance(figures_of[name], float)
        assert figures_of["wape_sum28"] is None
        keys = [f"{level:g}" for level in LEVELS]
        for part in (figures_of["daily"], figures_of["lead_time"]["7"], figures_of["lead_time"]["14"]):
            assert list(part["pinball"]) == list(part["coverage"]) == keys
        assert set(figures_of["lead_time"]) == {"7", "14", "rel", "cerr"}
        assert sum(figures_of["model_used"].values()) == 3 * found["series"]
    assert np.isfinite(numbers(found)).all()
    assert found["textbook"]["rel"] == 1.0
    assert len(found["champion"]["chosen"]) == 3
    assert sum(kind["series_windows"] for kind in found["champion"]["by_class"].values()) == 3 * found["series"]
    assert found["few_blocks"] == []
    best_first = sorted(MODELS, key=lambda slug: found["models"][slug]["lead_time"]["rel"])
    listed = [line.split()[0] for line in said.splitlines() if line.startswith((*MODELS, "champion "))]
    assert listed == [*best_first, "champion"]


def test_h23_a_model_that_cannot_do_a_series_says_so(report: tuple[dict[str, Any], str]) -> None:
    found, _said = report
    assert set(found["models"]["moving-average"]["model_used"]) == {"moving-average"}
    assert set(found["champion"]["model_used"]) <= set(MODELS)


def test_figures_equal_those_worked_out_by_hand() -> None:
    series = SeriesSet(Frequency.DAY, ["a"], date(2025, 1, 1), date(2025, 1, 4), np.array([[1.0, 3.0, 2.0, 4.0]]), None, None, {})
    truth = Truth(np.array([[2.0, 4.0]]), np.array([[1.0, 3.0]]), np.zeros((1, 5, 0)))
    quantiles = np.array([3.0, 3.0, 4.0, 4.0, 4.0])[None, :, None] * np.ones((1, 5, 2))
    answer = Answer(np.array([[3.0, 3.0]]), quantiles, np.zeros((1, 5, 0)), np.array(["m"], object), 0.0)
    found = figures(series, 1, [truth], [answer])
    assert found["rmsse"] == pytest.approx(0.5)  # errors of 1 against a step of 2
    assert found["mase7"] == pytest.approx(0.5)
    assert found["wape"] == pytest.approx(2 / 6)
    assert found["bias"] == 0.0
    assert found["daily"]["pinball"]["0.5"] == pytest.approx((0.5 + 0.5) / 6)
    assert found["daily"]["pinball"]["0.9"] == pytest.approx(0.1 * 2 / 6)
    assert found["daily"]["coverage"] == {"0.5": 0.5, "0.8": 0.5, "0.9": 1.0, "0.95": 1.0, "0.98": 1.0}


def test_the_textbook_is_the_normal_distribution_of_independent_days(tmp_path: Path) -> None:
    series = loaded(frame(np.tile([0, 4], (1, 50))), tmp_path)
    # The first sale begins a series; 56 days of 0 and 4 have mean 2 and deviation sqrt(4·56/55).
    found = textbook_sums(series, 90, (7, 28))
    np.testing.assert_allclose(found[0, 0], (14.0, 56.0))
    np.testing.assert_allclose(found[0, 2], [lead * 2 + 1.2815515655446004 * np.sqrt(lead * 4 * 56 / 55) for lead in (7, 28)])


@pytest.fixture(scope="module")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> SeriesSet:
    values = demand()
    day = np.broadcast_to(np.arange(DAYS), values.shape)
    prices = np.where(day % 11 == 0, 8.0, 10.0)
    values = np.where(day % 7 == 6, 0, values)
    return loaded(frame(values, promo=(day % 10 == 0).astype(float), price=prices, open=day % 7 != 6), tmp_path_factory.mktemp("calendar"))


def shuffled(series: SeriesSet, known: int) -> SeriesSet:
    rng = np.random.default_rng(1)
    values, price = series.values.copy(), series.price
    assert price is not None
    changed = price.copy()
    for row in range(len(values)):
        order = known + rng.permutation(values.shape[1] - known)
        values[row, known:], changed[row, known:] = values[row, order], changed[row, order] * 3.0
    return SeriesSet(
        series.frequency, series.names, series.start_on, series.last_on, values, series.open_days, changed, series.drivers, series.problems
    )


def test_h24_shuffling_everything_after_a_cutoff_changes_no_forecast_made_at_it(calendar: SeriesSet) -> None:
    known, question = 88, Question(14, (7, 14))
    after = shuffled(calendar, known)
    assert not np.array_equal(after.values[:, known:], calendar.values[:, known:])
    answers = []
    choices = []
    for series in (calendar, after):
        inner = [answers_at(series, earlier, MODELS, question) for earlier in (known - 28, known - 14)]
        answers.append(answers_at(series, known, MODELS, question).answers)
        choices.append(choose(series, known, inner, question, None, MODELS))
    assert set(answers[0]) == set(MODELS)
    for model in MODELS:
        for name in ("mean", "quantiles", "sums"):
            np.testing.assert_array_equal(getattr(answers[0][model], name), getattr(answers[1][model], name))
    assert (choices[0].by_class, choices[0].mean) == (choices[1].by_class, choices[1].mean)


def test_closed_days_are_forecast_as_closed_by_every_model(calendar: SeriesSet) -> None:
    known = 88
    answers = answers_at(calendar, known, MODELS, Question(14, (7,))).answers
    closed = np.arange(known, known + 14) % 7 == 6
    for model in MODELS:
        assert (answers[model].mean[:, closed] == 0.0).all()
        assert (answers[model].mean[:, ~closed] > 0.0).any()


def test_the_champion_is_the_model_that_did_best_before_the_cutoff(calendar: SeriesSet) -> None:
    question = Question(14, (7, 14))
    inner = [answers_at(calendar, known, ("moving-average", "seasonal-naive"), question) for known in (60, 74)]
    for cutoff in inner:
        truth = np.stack([calendar.values[:, cutoff.known : cutoff.known + lead].sum(axis=1) for lead in (7, 14)], axis=1)
        cutoff.answers["moving-average"].sums[:] = truth[:, None, :]  # it had known everything
    in_use = Choice({"smooth": "seasonal-naive"}, np.array([], object), "seasonal-naive")
    chosen = choose(calendar, 88, inner, question, in_use, MODELS)
    assert set(chosen.by_class.values()) == {"moving-average"}
    # With a single window there is no tournament: what is in use stays.
    kept = choose(calendar, 88, inner[:1], question, replace(chosen, by_class=dict.fromkeys(chosen.by_class, "seasonal-naive")), MODELS)
    assert set(kept.by_class.values()) == {"seasonal-naive"}


def test_f8_the_mean_has_a_champion_of_its_own_and_quantiles_stay_with_theirs(calendar: SeriesSet) -> None:
    question = Question(14, (7, 14))
    inner = [answers_at(calendar, known, ("moving-average", "seasonal-naive", "naive"), question) for known in (46, 60, 74)]
    for cutoff in inner:
        actual = calendar.values[:, cutoff.known : cutoff.known + 14]
        cutoff.answers["moving-average"].sums[:] = np.stack([actual[:, :lead].sum(axis=1) for lead in (7, 14)], axis=1)[:, None, :]
        cutoff.answers["naive"].mean[:] = actual  # its mean had known everything, and nothing else of it
    chosen = choose(calendar, 88, inner, question, None, ("moving-average", "seasonal-naive", "naive"))
    assert (set(chosen.by_class.values()), chosen.mean) == ({"moving-average"}, "naive")
    answer = champion_answer(chosen, inner[-1])
    np.testing.assert_array_equal(answer.mean, inner[-1].answers["naive"].mean)
    np.testing.assert_array_equal(answer.sums, inner[-1].answers["moving-average"].sums)
    assert set(answer.model_used) == {"moving-average"}


def test_f8_the_means_champion_stays_until_another_is_better_by_a_hundredth_in_most_windows(calendar: SeriesSet) -> None:
    question = Question(14, (7, 14))
    inner = [answers_at(calendar, known, ("moving-average", "seasonal-naive", "naive"), question) for known in (46, 60, 74)]
    before = Choice({}, np.array([], object), "moving-average")

    def won(*, shares: tuple[float, float, float]) -> str:
        """Where the other's errors are these shares of those of what is in use."""
        for cutoff, share in zip(inner, shares, strict=True):
            actual = calendar.values[:, cutoff.known : cutoff.known + 14]
            cutoff.answers["moving-average"].mean[:] = actual + 1.0
            cutoff.answers["seasonal-naive"].mean[:] = actual + 9.0
            cutoff.answers["naive"].mean[:] = actual + share
        return choose(calendar, 88, inner, question, before, ("moving-average", "seasonal-naive", "naive")).mean

    # The score is a product of two errors: .996² is a gain of less than a hundredth, .99² one of two.
    assert won(shares=(0.996, 0.996, 0.996)) == "moving-average"
    assert won(shares=(0.99, 0.99, 0.99)) == "naive"
    assert won(shares=(0.9, 0.998, 0.998)) == "moving-average"


def test_f8_a_horizon_that_is_one_lead_time_is_judged_by_its_periods_alone() -> None:
    scaled, off = np.array([[2.0, 3.0]]), np.array([[[4.0, 9.0], [1.0, 1.0]]])
    np.testing.assert_allclose(mean_scores(scaled, off), [[12.0, 3.0]])
    np.testing.assert_array_equal(mean_scores(scaled, off[..., :0]), scaled)


def test_a_column_that_sales_tell_is_no_driver(tmp_path: Path) -> None:
    values = demand()
    orders = (values > 0).astype(float)
    promo = np.broadcast_to(np.arange(DAYS) % 10 == 0, values.shape).astype(float)
    series, outcomes = without_outcomes(loaded(frame(values, n_orders=orders, promo=promo), tmp_path))
    assert outcomes == ["n_orders"]
    assert list(series.drivers) == ["promo"]


def test_columns_are_found_by_a_mapping_and_no_others_are_read(tmp_path: Path) -> None:
    table = frame(demand(3, 70), revenue=demand(3, 70) * 2.0).rename(columns={"series_id": "sku", "qty": "units"})
    table["n_mailer"], table["note"] = np.where(table.index % 2, "yes", "no"), "text"
    path = tmp_path / "demand.csv"
    table.to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    rows = read_rows(path, {"series_id": "sku", "qty": "units", "mailer": "n_mailer", "text": "note"})
    assert (list(rows.drivers), rows.ignored) == (["mailer"], ["text"])
    assert rows.drivers["mailer"][:4].tolist() == [0.0, 1.0, 0.0, 1.0]
    assert (len(rows.qty), set(rows.series)) == (210, {"S00", "S01", "S02"})


def test_weeks_and_months_are_periods_of_their_own(tmp_path: Path) -> None:
    weeks = pd.DataFrame({"series_id": "w", "date": FIRST + 7 * np.arange(40), "qty": np.arange(40) + 1.0})
    weekly = loaded(weeks, tmp_path, Frequency.WEEK)
    np.testing.assert_array_equal(weekly.values, [np.arange(40) + 1.0])
    months = pd.DataFrame({"series_id": "m", "date": pd.date_range("2020-01-01", periods=30, freq="MS"), "qty": np.arange(30) + 1.0})
    monthly = loaded(months, tmp_path, Frequency.MONTH)
    np.testing.assert_array_equal(monthly.values, [np.arange(30) + 1.0])


def test_a_forecaster_that_fails_is_named_and_the_others_are_judged(tmp_path: Path, settings: Settings) -> None:
    settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS = 1e-6
    path = tmp_path / "demand.csv"
    # So many that no answer is there before anybody has looked whether it is late.
    frame(demand(800, 80)).to_csv(path, index=False)
    with pytest.raises(CommandError, match="imapa failed") as refused:
        run(path, "--horizon", "7", "--models", "imapa,recent-average")
    assert refused.value.returncode == 1
    found = json.loads(path.with_suffix(".json").read_text())
    assert set(found["models"]) == {"recent-average"}
    assert found["failures"]["imapa"].startswith("deadline_exceeded: ")
    assert found["champion"]["chosen"][0] == dict.fromkeys(found["champion"]["chosen"][0], "recent-average")


def test_usage_that_cannot_be_right_is_refused_with_2_and_an_unusable_file_with_1(tmp_path: Path) -> None:
    good, empty, wrong = tmp_path / "good.csv", tmp_path / "empty.csv", tmp_path / "wrong.csv"
    frame(demand(2, 60)).to_csv(good, index=False)
    empty.write_text("series_id,date,qty\n")
    wrong.write_text("sku,day,units\nA,2025-01-01,1\n")
    cases = [
        ((good, "--models", "nonsense"), 2, "There is no forecaster nonsense; there is: "),
        ((good, "--windows", "9"), 2, "windows is 9: give at most 2"),
        ((good, "--season", "0"), 2, "at least one period"),
        ((wrong,), 2, "The file lacks series_id, date, qty; it has sku, day, units"),
        ((empty,), 1, "has no rows"),
        ((tmp_path / "absent.csv",), 1, "There is no file"),
        ((good, "--horizon", "20", "--windows", "2"), 1, "No series has 28 periods of history"),
    ]
    for arguments, status, message in cases:
        with pytest.raises(CommandError, match=message) as refused:
            call_command("backtest", *map(str, arguments), stdout=io.StringIO())
        assert refused.value.returncode == status
