"""Charts: what is drawn where, and that nothing in them is code."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np

from stockhub.cockpit.charts.bars import Bar, bar_chart
from stockhub.cockpit.charts.depletion import depletion_chart
from stockhub.cockpit.charts.fan import Event, Fan, fan_chart
from stockhub.cockpit.charts.plot import Plot, ticks, top_for

FIRST = date(2026, 1, 1)


def fan(
    history: list[float], *, events: tuple[Event, ...] = (), out: list[bool] | None = None, perhaps_out: list[bool] | None = None
) -> str:
    return fan_chart(
        Fan(
            first_on=FIRST,
            history=np.array(history),
            out_of_stock=np.array(out or [False] * len(history)),
            mean=np.full(7, 5.0),
            levels=(0.5, 0.9, 0.98),
            quantiles=np.repeat(np.array([[4.0], [8.0], [9.0]]), 7, axis=1),
            events=events,
            perhaps_out=None if perhaps_out is None else np.array(perhaps_out),
        )
    )


def test_an_axis_ends_on_a_round_number_above_all_that_is_known() -> None:
    assert top_for(np.array([3.0, np.nan, 17.0])) == 20.0
    assert top_for(np.array([np.nan])) == 1.0
    assert ticks(20.0) == [0.0, 5.0, 10.0, 15.0, 20.0]
    assert ticks(0.06) == [0.0, 0.02, 0.04, 0.06]


def test_numbers_stand_at_their_height_and_a_gap_breaks_the_line() -> None:
    plot = Plot(FIRST, 4, 10.0, height=110, above=0, below=10, left=0, right=0, width=400)
    assert (plot.y(0.0), plot.y(10.0), plot.y(5.0), plot.y(99.0)) == (100.0, 0.0, 50.0, 0.0)
    drawn = plot.line(0, np.array([10.0, np.nan, 5.0, 0.0]), "sh-sold")
    assert re.findall(r'points="([^"]*)"', drawn) == ["50.0,0.0", "250.0,50.0 350.0,100.0"]


def test_h11_the_fan_has_a_band_between_levels_and_days_without_stock_are_marked() -> None:
    drawn = fan([3.0] * 30, out=[False] * 10 + [True] * 4 + [False] * 16)
    assert drawn.count("<polygon") == 2
    assert drawn.count('class="sh-out"') == 1
    assert "4 days" in drawn


def test_f3_days_that_are_probably_stockouts_are_drawn_apart_from_those_that_are_known_to_be() -> None:
    drawn = fan([3.0] * 30, out=[True] * 2 + [False] * 28, perhaps_out=[False] * 10 + [True] * 6 + [False] * 14)
    assert (drawn.count('class="sh-out"'), drawn.count('class="sh-perhaps-out"')) == (1, 1)
    assert "Probably out of stock from" in drawn
    assert "6 days" in drawn


def test_u9_days_on_which_it_stands_in_for_another_are_drawn_apart_from_other_events() -> None:
    promotion = Event(FIRST + timedelta(days=2), FIRST + timedelta(days=4), "Flash sale")
    stand_in = Event(FIRST + timedelta(days=20), FIRST + timedelta(days=33), "Stands in for MUG-RED", stands_in=True)
    drawn = fan([3.0] * 30, events=(promotion, stand_in))
    assert re.findall(r'<rect class="([^"]*)"[^>]*><title>([^<]*)', drawn) == [
        ("sh-event", "Flash sale"),
        ("sh-stand-in", "Stands in for MUG-RED"),
    ]
    assert 'class="sh-stand-in-line"' in drawn


def test_a_day_far_above_all_others_is_cut_off_and_named() -> None:
    drawn = fan([3.0] * 30 + [400.0] + [3.0] * 9)
    assert "↑ 400" in drawn
    assert "↑" not in fan([3.0] * 40)


def test_names_in_a_chart_are_text() -> None:
    hostile = '<script>alert("1")</script>'
    event = Event(FIRST + timedelta(days=2), FIRST + timedelta(days=4), hostile)
    for drawn in (fan([3.0] * 30, events=(event,)), bar_chart([Bar(hostile, 1.0, hostile)], about=hostile)):
        assert "<script" not in drawn
        assert "&lt;script&gt;" in drawn


def test_the_depletion_chart_ends_some_time_after_the_stock_does() -> None:
    stock = np.maximum(1000.0 - 50 * np.arange(91), 0.0)
    out_on = FIRST + timedelta(days=20)
    drawn = depletion_chart(FIRST, stock, safety_stock=100.0, runs_out_on=out_on, arrivals=[(FIRST + timedelta(days=5), 30.0)])
    [line] = re.findall(r'class="sh-stock" points="([^"]*)"', drawn)
    assert len(line.split()) == 41
    assert "+30" in drawn
    assert 'class="sh-safety"' in drawn


def test_bars_go_to_both_sides_of_nothing_and_a_missing_number_is_a_dash() -> None:
    drawn = bar_chart([Bar("a", -0.2, "-20 %"), Bar("b", 0.1, "10 %", strong=True), Bar("c", None, "–")], about="Bias")
    starts = [(float(x), float(width)) for x, width in re.findall(r'<rect[^>]* x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)]
    assert starts[0][0] + starts[0][1] == starts[1][0] == starts[2][0]
    assert starts[2][1] == 0.0
    assert drawn.count("sh-bar-strong") == 1
