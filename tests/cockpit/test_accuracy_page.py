"""The page of forecast accuracy: champions and what they are worth, figures by kind of demand, and old or missing ones."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.demand.champion_models import Backtest, Champion, Decision, DemandKind, ModelAccuracy

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGE = "admin:demand_modelaccuracy_changelist"


def backtest(windows: int = 4) -> Backtest:
    cycle = Cycle.objects.create(name="backtest", slot_at=NOW, as_of=NOW, requested_by="test", status="done")
    return Backtest.objects.create(cycle=cycle, last_on=(NOW - timedelta(days=1)).date(), horizon_days=28, windows=windows)


@pytest.fixture
def judged(db: None) -> Backtest:
    test = backtest()
    for kind in ("", "smooth"):
        for model, loss in (("naive", 1.4), ("ses-optimised", 0.9)):
            ModelAccuracy.objects.create(
                backtest=test, kind=kind, model=model, series_windows=8, relative_loss=loss, wape_28=0.25, bias=0.01, sum_coverage_90=0.9
            )
    Champion.objects.create(
        kind=DemandKind.SMOOTH, model="ses-optimised", decision=Decision.TAKEN, score=75.0, challenger="naive", challenger_score=90.0,
        floor_score=100.0, series=8, backtest=test, mean_model="naive", mean_score=60.0, mean_floor_score=100.0,
    )  # fmt: skip
    return test


def page_of(browser: Client, query: str = "", at: datetime = NOW) -> str:
    with clock.at(at):
        return unescape(browser.get(f"{reverse(PAGE)}{query}").content.decode())


def test_h24_a_champion_says_how_much_less_it_loses_than_the_floor(browser: Client, judged: Backtest) -> None:
    page = page_of(browser)
    assert '<td class="sh-figure">25 %</td>' in page
    assert '<td><b>Naive</b></td><td class="sh-figure">40 %</td>' in page
    Champion.objects.update(floor_score=None)
    assert '<td class="sh-figure">–</td>' in page_of(browser)


def test_h24_the_figures_name_their_kind_of_demand_and_lead_to_the_others(browser: Client, judged: Backtest) -> None:
    page = page_of(browser)
    assert "4 windows of 28 days" in page
    assert '<strong aria-current="page">All demand</strong>' in page
    assert f'<a href="{reverse(PAGE)}?kind__exact=smooth">Smooth</a>' in page
    assert page.count('<svg class="sh-chart"') == 5
    smooth = page_of(browser, "?kind__exact=smooth")
    assert "· Smooth</h2>" in smooth
    assert '<strong aria-current="page">Smooth</strong>' in smooth
    assert f'<a href="{reverse(PAGE)}">All demand</a>' in smooth


def test_a_kind_that_nobody_was_judged_on_says_so_in_place_of_empty_charts(browser: Client, judged: Backtest) -> None:
    page = page_of(browser, "?kind__exact=lumpy")
    assert "No series of this kind was judged." in page
    assert '<svg class="sh-chart"' not in page


@pytest.mark.parametrize(
    ("query", "asked", "lines"),
    [
        ("?kind__exact=smooth", "kind=smooth", ["smooth,naive", "smooth,ses-optimised"]),
        ("?model=naive&kind__exact=smooth", "model=naive&kind=smooth", ["smooth,naive"]),
        ("?is_champion__exact=1", "champions=1", []),
    ],
)
def test_h17_the_file_is_narrowed_as_the_list_is(browser: Client, judged: Backtest, query: str, asked: str, lines: list[str]) -> None:
    answer = browser.get(f"{reverse('admin:demand_modelaccuracy_export')}{query}")
    assert (answer.status_code, answer["Location"]) == (302, f"/exports/forecast-accuracy.csv?bom=1&{asked}")
    text = b"".join(browser.get(answer["Location"]).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [f"{row['kind']},{row['model']}" for row in rows] == lines


def test_figures_of_long_ago_say_so_and_lead_to_the_runs(browser: Client, judged: Backtest) -> None:
    assert "although backtests run every night" not in page_of(browser, at=NOW + timedelta(days=2))
    old = page_of(browser, at=NOW + timedelta(days=9))
    assert "That was 10 days ago, although backtests run every night." in old
    runs = f"{reverse('admin:cycles_cycle_changelist')}?name=backtest"
    assert f'<a href="{runs}">' in old
    assert browser.get(runs).status_code == 200


def test_a_history_that_is_too_short_is_told_from_a_backtest_that_never_ran(browser: Client) -> None:
    assert "No backtest has run yet." in page_of(browser)
    backtest(windows=0)
    page = page_of(browser)
    assert "History is too short to compare forecasters" in page
    assert "No backtest has run yet." not in page
