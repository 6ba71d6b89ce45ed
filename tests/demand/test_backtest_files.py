"""Files of `manage.py backtest` as people and programs write them. No test here may touch a database: pytest-django refuses it."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stockhub.demand.backtesting.files import read_rows

DAYS = pd.date_range("2025-01-01", periods=90, freq="D")


def table(dates: Any = DAYS, ids: object = "A", qty: object = 3) -> pd.DataFrame:  # noqa: ANN401 - whatever a column holds
    return pd.DataFrame({"series_id": ids, "date": dates, "qty": qty})


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d %H:%M"])
def test_h24_a_column_of_dates_is_read_as_one_kind_of_date(form: str, tmp_path: Path) -> None:
    path = tmp_path / "demand.csv"
    table(DAYS.strftime(form).tolist()).to_csv(path, index=False, encoding="gb18030" if "年" in form else "utf-8-sig")
    # 05/01/2025 is the fifth of January where another row says 13/01/2025, and the first of May where one says 01/13/2025.
    assert read_rows(path).days.tolist() == [each.date() for each in DAYS]


def test_h24_dates_of_parquet_may_have_a_zone_and_be_days_or_numbers(tmp_path: Path) -> None:
    for number, dates in enumerate((DAYS.tz_localize("Asia/Shanghai"), list(DAYS.date), DAYS.strftime("%Y%m%d").astype(int))):
        path = tmp_path / f"{number}.parquet"
        table(dates).to_parquet(path)
        assert read_rows(path).days.tolist() == [each.date() for each in DAYS]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_h24_rows_without_a_series_id_are_left_out_and_told(suffix: str, tmp_path: Path) -> None:
    ids = ["商品甲"] * 80 + [None, ""] * 5
    path, said = tmp_path / f"demand.{suffix}", io.StringIO()
    told = table(ids=ids)
    told.to_csv(path, index=False) if suffix == "csv" else told.to_parquet(path)
    rows = read_rows(path)
    assert (set(rows.series), len(rows.qty), rows.nameless) == ({"商品甲"}, 80, 10)
    options = ("--horizon", "14", "--windows", "2", "--models", "recent-average")
    call_command("backtest", str(path), *options, stdout=io.StringIO(), stderr=said)
    assert "10 rows have no series_id: they are left out." in said.getvalue()


def test_h24_units_of_parquet_that_are_no_numbers_are_unknown(tmp_path: Path) -> None:
    path = tmp_path / "demand.parquet"
    table(qty=[np.nan, np.inf, -np.inf, -2.0, *[3.0] * 86]).to_parquet(path)
    np.testing.assert_array_equal(read_rows(path).qty[:5], [np.nan, np.nan, np.nan, -2.0, 3.0])


def test_h24_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path) -> None:
    files = {
        "empty.csv": (b"", "empty.csv has no rows"),
        "mark.csv": (b"\xef\xbb\xbf", "mark.csv has no rows"),
        "ids.csv": (b"series_id,date,qty\n,2025-01-01,3\n", "ids.csv has no rows"),
        "wide.csv": (b"series_id,date,qty\nA,2025-01-01,1\nA,2025-01-02,1,5\n", "Expected 3 fields in line 3, saw 4"),
        "book.xlsx": (b"PK\x03\x04", "book.xlsx is a workbook. Save the sheet as CSV"),
        "broken.parquet": (b"PAR1 and no more", "broken.parquet cannot be read"),
        "bytes.csv": (bytes(range(256)) * 9, "This is no text"),
        "short.csv": (
            "\n".join(["series_id,date,qty", *(f"A,{date(2025, 1, day)},1" for day in range(1, 21))]).encode(),
            "The file's 20 periods leave none to learn from before 28 to forecast",
        ),
    }
    for name, (content, message) in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CommandError, match=message) as refused:
            call_command("backtest", str(tmp_path / name), stdout=io.StringIO())
        assert refused.value.returncode == 1, name
