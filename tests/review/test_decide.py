"""`manage.py decide`: a folder in, decisions out, without a database (F1, N5, U7)."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from stockhub.review.decision.deciding import Decision, decide
from stockhub.review.decision.known import demand_panel
from stockhub.review.decision.situation import SituationError, read_situation

TODAY = date(2026, 6, 30)
DAYS = 120
REQUEST = {
    "as_of": TODAY.isoformat(), "track": "warn", "horizon_days": 28, "review_days": 7, "service_level": 0.95, "quoted_lead_days": 14,
    "past_lead_days": [14, 13, 15, 12, 16, 14, 18, 10], "fastest_eta_days": 7, "n_sku": 3,
}  # fmt: skip


def folder(path: Path, stock: dict[str, int], orders: list[tuple[Any, ...]] = [], **request: object) -> Path:  # noqa: B006 - only read
    """SKUs that sell Poisson 5 a day and have so many units left; one with 0 has been out for the last ten days."""
    rng = np.random.default_rng(4)
    with (path / "history.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "date", "sold", "start_on_hand", "on_hand"))
        for sku, left in stock.items():
            sold = rng.poisson(5.0, DAYS)
            if left == 0:
                sold[-10:] = 0
            on_hand = left + np.concatenate([np.cumsum(sold[::-1])[::-1][1:], [0]])
            for day in range(DAYS):
                then = TODAY - timedelta(days=DAYS - 1 - day)
                known = day >= DAYS // 2
                writer.writerow((sku, then, sold[day], on_hand[day] + sold[day] if known else "", on_hand[day] if known else ""))
    with (path / "orders.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("sku", "order_date", "qty", "promised_date", "received_date"), *orders])
    (path / "request.json").write_text(json.dumps(REQUEST | request))
    return path


def decided(path: Path) -> tuple[dict[str, int], dict[str, float], dict[str, int]]:
    found: Decision = decide(read_situation(path))
    return tuple(dict(zip(found.skus, column.tolist(), strict=True)) for column in (found.level, found.p_stockout, found.order_qty))  # type: ignore[return-value]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_n5_plenty_is_calm_little_is_alarm_and_nothing_is_certain(tmp_path: Path) -> None:
    level, chance, qty = decided(folder(tmp_path, {"plenty": 400, "even": 140, "soon": 96, "little": 40, "none": 0}))
    # Three weeks, until an order of the next review comes, are 105.
    assert level == {"plenty": 0, "even": 0, "soon": 2, "little": 3, "none": 3}
    assert chance["plenty"] < 0.01
    # Twenty-eight days of five are 140: it may or may not last.
    assert 0.05 < chance["even"] < 0.95
    assert chance["little"] > 0.95
    assert chance["none"] == 1.0
    # Up to three weeks of sales and what makes 95 % of cycles safe.
    assert qty["plenty"] == 0
    assert 105 - 40 < qty["little"] < 2 * 105 - 40
    assert qty["little"] > qty["even"]


def test_h15_u1_what_is_on_its_way_is_netted_out_and_lowers_the_chance(tmp_path: Path) -> None:
    came = ("a", ago(40), 999, ago(26), ago(27))
    bare = decided(folder(tmp_path, {"a": 60}, [came]))
    level, chance, qty = decided(folder(tmp_path, {"a": 60}, [came, ("a", ago(12), 50, ago(-2), "")]))
    assert chance["a"] < bare[1]["a"]
    assert qty["a"] == bare[2]["a"] - 50
    assert level["a"] <= bare[0]["a"]


def test_u7_an_order_that_comes_too_late_hides_no_stock_out(tmp_path: Path) -> None:
    # Twenty units last four days; five thousand were ordered today.
    level, chance, qty = decided(folder(tmp_path, {"a": 20}, [("a", TODAY, 5000, ago(-14), "")]))
    assert chance["a"] > 0.95
    assert level["a"] == 3
    assert qty["a"] == 0


def test_a_higher_service_level_orders_more_and_a_longer_horizon_risks_more(tmp_path: Path) -> None:
    usual = decided(folder(tmp_path, {"a": 100}))
    assert decided(folder(tmp_path, {"a": 100}, service_level=0.99))[2]["a"] > usual[2]["a"]
    assert decided(folder(tmp_path, {"a": 100}, horizon_days=42))[1]["a"] > usual[1]["a"]


def test_the_same_folder_gives_the_same_decision_in_any_order_of_its_skus(tmp_path: Path) -> None:
    path = folder(tmp_path, {"a": 60, "b": 90, "c": 150}, [("b", ago(9), 50, ago(-5), "")])
    first = decided(path)
    head, *rows = (path / "history.csv").read_text().splitlines()
    (path / "history.csv").write_text("\n".join([head, *sorted(rows, reverse=True)]) + "\n")
    assert decided(path) == first


def test_the_command_writes_every_sku_once_with_numbers_in_range(tmp_path: Path) -> None:
    call_command("decide", str(folder(tmp_path, {"a": 400, "b": 10})))
    rows = list(csv.DictReader((tmp_path / "decisions.csv").open()))
    assert [row["sku"] for row in rows] == ["a", "b"]
    for row in rows:
        assert row["alert_level"] in {"0", "1", "2", "3"}
        assert 0.0 <= float(row["p_stockout"]) <= 1.0
        assert int(row["order_qty"]) >= 0


def test_a_sku_that_has_never_sold_and_one_of_a_single_day_are_decided_too(tmp_path: Path) -> None:
    path = folder(tmp_path, {"a": 60})
    with (path / "history.csv").open("a") as file:
        file.write(f"new,{TODAY},0,5,5\n")
        file.writelines(f"dead,{ago(day)},0,7,7\n" for day in range(DAYS))
    level, chance, qty = decided(path)
    assert (level["dead"], qty["dead"], level["new"], qty["new"]) == (0, 0, 0, 0)
    assert chance["dead"] < 0.01


def test_u7_a_day_that_sold_out_asked_for_its_sales_and_a_usual_day_and_no_day_without_stock_counts(tmp_path: Path) -> None:
    # Five units every fifth day; the last two go on one of those days, and stock comes back six days later.
    sold = [5 if day % 5 == 0 else 0 for day in range(100)]
    sold[90] = 2
    sold[91:96] = [0] * 5
    left = [0 if 90 <= day < 96 else 40 for day in range(100)]
    with (folder(tmp_path, {}) / "history.csv").open("a") as file:
        for day in range(100):
            opening = 0 if 91 <= day < 96 else left[day] + sold[day]
            file.write(f"a,{ago(99 - day)},{sold[day]},{opening},{left[day]}\n")
    panel = demand_panel(read_situation(tmp_path))
    observed = [not 91 <= day < 96 for day in range(100)]
    assert panel.observed[0].tolist() == observed
    # Every day with a sale before it sold five.
    expected = [float(units) for units in sold]
    expected[90] = 2 + 5
    np.testing.assert_allclose(panel.values[0][observed], np.array(expected)[observed], rtol=1e-6)


@pytest.mark.parametrize(
    ("file", "text", "code", "says"),
    [
        ("request.json", "{", "bad_request", "request.json"),
        ("request.json", json.dumps(REQUEST | {"service_level": 1.5}), "bad_request", "service_level"),
        ("request.json", json.dumps(REQUEST | {"horizon_days": 0}), "bad_request", "horizon_days"),
        ("history.csv", "sku,date,sold\na,2026-06-30,1\n", "missing_columns", "start_on_hand, on_hand"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\n", "empty_history", "no rows"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\na,2026-06-30,x,,\n", "bad_number", "line 2: sold"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\na,2026-06-30,-1,,\n", "bad_number", "line 2: sold"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\na,30th,1,,\n", "bad_date", "line 2: date"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\na,2026-07-01,1,,\n", "history_after_as_of", "2026-06-30"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\n,2026-06-30,1,,\n", "no_sku", "line 2"),
        ("history.csv", "sku,date,sold,start_on_hand,on_hand\na,2026-06-30,1,,\na,2026-06-30,2,,\n", "duplicate_day", "two rows"),
        ("orders.csv", "sku,order_date,qty,promised_date,received_date\nz,2026-06-01,5,,\n", "unknown_sku", "names z"),
        ("orders.csv", "sku,order_date,qty,promised_date,received_date\na,2026-06-01,,,\n", "bad_number", "line 2: qty"),
        ("orders.csv", "sku,order_date,qty,promised_date,received_date\na,2026-08-01,5,,\n", "bad_date", "after the day"),
        ("orders.csv", "sku,order_date,qty,promised_date,received_date\na,2026-06-09,5,,2026-06-01\n", "bad_date", "before it was placed"),
    ],
)
def test_a_folder_that_makes_no_sense_is_refused_by_name_and_line(tmp_path: Path, file: str, text: str, code: str, says: str) -> None:
    path = folder(tmp_path, {"a": 60})
    (path / file).write_text(text)
    with pytest.raises(SituationError, match=says) as refused:
        read_situation(path)
    assert refused.value.code == code
    with pytest.raises(CommandError, match=says):
        call_command("decide", str(path))
    assert not (path / "decisions.csv").exists()


@pytest.mark.parametrize("missing", ["request.json", "history.csv", "orders.csv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    path = folder(tmp_path, {"a": 60})
    (path / missing).unlink()
    with pytest.raises(SituationError, match=missing):
        read_situation(path)
