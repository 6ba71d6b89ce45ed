"""Files as they come: every encoding, delimiter and damage."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stockhub.exchange import csv_reader, parquet_reader, xlsx_reader
from stockhub.exchange.cells import reading
from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.mapping import MappingError, Rows, load_mapping, match_columns, typed_rows
from stockhub.exchange.ordinals import Ordinals
from stockhub.exchange.readers import open_table
from stockhub.exchange.tables import FileError

LAYOUT = Layout(
    "test",
    "",
    (
        Column("sku", Cell.CODE, "", ("商品编码",), required=True, length=20),
        Column("qty", Cell.WHOLE, "", ("数量",), required=True, least=Decimal(0), most=Decimal(10_000_000)),
        Column("price", Cell.AMOUNT, "", ("单价",), least=Decimal(0)),
        Column("at", Cell.INSTANT, "", ("下单时间",), may_be_future=False),
        Column("currency", Cell.CURRENCY, ""),
    ),
)


def read(path: Path, mapping: dict[str, Any] | None = None, layout: Layout = LAYOUT) -> list[Rows]:
    table = open_table(path)
    return list(typed_rows(layout, table, match_columns(layout, table.header, mapping), reading("Asia/Shanghai")))


def good(path: Path) -> list[tuple[Any, ...]]:
    return [(r.lines[i], *(r.values[name][i] for name in sorted(r.values))) for r in read(path) for i in r.good]


def faults(path: Path) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.code) for rows in read(path) for fault in rows.faults]


def file(folder: Path, content: str | bytes, name: str = "x.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gbk", "gb18030"])
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    text = (
        "商品编码,数量,单价\n红色衬衫,3,9.90\n蓝色裤子,4,19.50\n"
        if encoding != "utf-16-le"
        else "sku,qty,price\nred,3,9.90\nblue,4,19.50\n"
    )
    assert [row[1:] for row in good(file(tmp_path, text, encoding=encoding))] == [
        (Decimal("9.9"), 3, "红色衬衫" if encoding != "utf-16-le" else "red"),
        (Decimal("19.5"), 4, "蓝色裤子" if encoding != "utf-16-le" else "blue"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in (("SKU", " Qty "), ("A", "1"), ("B", "2"))) + end
    assert good(file(tmp_path, text)) == [(2, 1, "A"), (3, 2, "B")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"\xd0\xcf\x11\xe0junk", "old_excel"),
        (b"PK\x03\x04cut off", "broken_xlsx"),
        (b"PAR1cut off", "broken_parquet"),
        (b"%PDF-1.7", "pdf"),
        (b"sku," + b"a" * 5_000_000, "header_too_long"),
    ],
)
def test_what_is_no_table_is_a_clear_error(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(FileError) as error:
        read(file(tmp_path, content))
    assert error.value.code == code


@pytest.mark.parametrize(
    ("header", "code"), [("sku,sku,qty", "duplicate_column"), ("sku,amount", "missing_columns"), ("", "missing_columns")]
)
def test_duplicate_and_missing_headers_are_named(tmp_path: Path, header: str, code: str) -> None:
    with pytest.raises(MappingError) as error:
        read(file(tmp_path, f"{header or 'nothing'}\n1,2,3\n"))
    assert error.value.code == code
    assert "qty" in error.value.message or "sku" in error.value.message


def test_a_row_that_cannot_be_taken_has_its_line_and_the_others_go_in(tmp_path: Path) -> None:
    text = (
        "sku,qty,price,at,currency\n"
        "A,1,1.0,2026-01-01 08:00,CNY\n"
        "B,x,1,,\n"
        "C,-1,1,,\n"
        "D,1e309,1,,\n"
        "E,12.5,1,,\n"
        "F,NaN,1,,\n"
        ",1,1,,\n"
        'G,1,"1,234.5",,\n'
        "H,1,1,31/02/2026,\n"
        "I,1,1,2026-02-31,\n"
        "J,1,1,2999-01-01,\n"
        "K,1,1,,XXX\n"
        "L,1\n"
        "M,1,1,,,extra\n"
        "N\x00,1,1,,\n"
        f"{'S' * 400},1,1,,\n"
        "4.8E+18,1,1,,\n"
        "\n"
        "Z,９,,,\n"
    )
    path = file(tmp_path, text)
    assert sorted(faults(path)) == [
        (3, "qty", "malformed"),
        (4, "qty", "too_small"),
        (5, "qty", "too_large"),
        (6, "qty", "not_whole"),
        (7, "qty", "not_a_number"),
        (8, "sku", "missing"),
        (9, "price", "separator"),
        (10, "at", "bad_date"),
        (11, "at", "bad_date"),
        (12, "at", "future_time"),
        (13, "currency", "unknown_currency"),
        (14, "", "cells"),
        (15, "", "cells"),
        (16, "", "nul"),
        (17, "sku", "too_long"),
        (18, "sku", "digits_lost"),
    ]
    assert [(row[0], row[-1]) for row in good(path)] == [(2, "A"), (20, "Z")]


def test_an_unclosed_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    text = 'sku,qty\nA,1\n"never closed,1\nB,2\n"two\nlines",3\nC"5 pipe,4\n' + "\n".join(f"S{n},1" for n in range(200)) + "\n"
    path = file(tmp_path, text)
    assert faults(path) == [(3, "", "unclosed_quote")]
    assert [row[2] for row in good(path)][:4] == ["A", "B", "two\nlines", 'C"5 pipe']
    assert len(good(path)) == 204


def test_a_giant_line_is_dropped_in_bounded_memory(tmp_path: Path) -> None:
    path = file(tmp_path, "sku,qty\nA,1\nB," + "9" * 3_000_000 + "\nC,3\n")
    assert faults(path) == [(3, "", "line_too_long")]
    assert [row[2] for row in good(path)] == ["A", "C"]


def test_bytes_that_are_no_text_cost_their_line(tmp_path: Path) -> None:
    rows = b"sku,qty\n" + b"".join(b"S%d,1\n" % n for n in range(500)) + b"\xff\xfe\xff,1\nlast,2\n"
    table = open_table(file(tmp_path, rows), encoding="utf-8")
    found = list(typed_rows(LAYOUT, table, match_columns(LAYOUT, table.header), reading("UTC")))
    assert [(fault.line, fault.code) for batch in found for fault in batch.faults] == [(502, "encoding")]
    assert sum(len(batch.good) for batch in found) == 501


def test_xlsx_and_parquet_give_typed_rows_with_their_lines(tmp_path: Path) -> None:
    import pandas as pd
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    table: list[list[Any]] = [["sku", "qty", "price", "at"], [123, 4, 2.55, datetime(2026, 1, 2, 8)], [None] * 4, ["B", "x", None, None]]  # noqa: DTZ001
    for row in table:
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    assert good(tmp_path / "x.xlsx") == [(2, datetime(2026, 1, 2, tzinfo=UTC), Decimal("2.55"), 4, "123")]
    assert faults(tmp_path / "x.xlsx") == [(4, "qty", "malformed")]
    frame = pd.DataFrame({"sku": ["A", "B"], "qty": [1, -1], "price": [2.55, None], "at": [pd.Timestamp("2026-01-02 08:00"), pd.NaT]})
    frame.astype({"price": "float32"}).to_parquet(tmp_path / "x.parquet")
    assert good(tmp_path / "x.parquet") == [(2, datetime(2026, 1, 2, tzinfo=UTC), Decimal("2.55"), 1, "A")]
    assert faults(tmp_path / "x.parquet") == [(3, "qty", "too_small")]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_f15_a_file_of_several_batches_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    import pandas as pd

    for reader in (csv_reader, parquet_reader, xlsx_reader):
        monkeypatch.setattr(reader, "BATCH_ROWS", 10)
    frame = pd.DataFrame({"sku": [f"S{n}" for n in range(47)], "qty": [-1 if n % 12 == 5 else n for n in range(47)]})
    path = tmp_path / f"x.{kind}"
    getattr(frame, {"csv": "to_csv", "xlsx": "to_excel", "parquet": "to_parquet"}[kind])(path, index=False)
    bad = [5, 17, 29, 41]
    assert len(read(path)) == 5
    assert [row[0] for row in good(path)] == [n + 2 for n in range(47) if n not in bad]
    assert faults(path) == [(n + 2, "qty", "too_small") for n in bad]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    with pytest.raises(FileError) as error:
        read(tmp_path / "bomb.xlsx")
    assert error.value.code == "too_large"


def test_a_mapping_names_columns_and_constants(tmp_path: Path) -> None:
    path = file(tmp_path, "Artikel,Menge\nA,2\n")
    [rows] = read(path, {"sku": "Artikel", "qty": "Menge", "currency": {"value": "EUR"}})
    assert rows.row(0) == {"sku": "A", "qty": 2, "currency": "EUR"}


@pytest.mark.parametrize("mapping", [{"sku": "Nope", "qty": "Menge"}, {"color": "Artikel"}])
def test_a_mapping_that_does_not_fit_is_wrong_usage(tmp_path: Path, mapping: dict[str, str]) -> None:
    with pytest.raises(MappingError):
        read(file(tmp_path, "Artikel,Menge\nA,2\n"), mapping)


@pytest.mark.parametrize("content", ["", "[]", '{"sku": 3}', '{"sku": {"const": "A"}}', "[" * 100_000])
def test_a_broken_mapping_file_is_a_clear_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(MappingError):
        load_mapping(file(tmp_path, content, "m.json"))


def test_times_without_a_zone_are_the_accounts_and_those_with_one_are_their_own(tmp_path: Path) -> None:
    path = file(tmp_path, "sku,qty,at\nA,1,2026-01-02 08:00\nB,1,2026-01-02T08:00:00Z\nC,1,2026/1/2 8:00\nD,1,2026年1月2日\n")
    assert [row[1] for row in good(path)] == [
        datetime(2026, 1, 2, tzinfo=UTC),
        datetime(2026, 1, 2, 8, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=UTC),
        datetime(2026, 1, 1, 16, tzinfo=UTC),
    ]


def test_ordinals_count_equal_rows_across_batches() -> None:
    ordinals = Ordinals()
    assert ordinals.next(["a", "b", "a"]) == [0, 0, 1]
    assert ordinals.next(["b", "c", "a", "b"]) == [1, 0, 2, 2]
    assert ordinals.next([]) == []


def test_the_kit_of_hostile_files_never_gives_anything_but_rows_and_clear_errors(shared: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    subprocess.run([sys.executable, shared / "kits/faults/bad_csv.py", tmp_path, "3000"], check=True, capture_output=True)
    layout = Layout("kit", "", (*LAYOUT.columns[:3], Column("name", Cell.TEXT, "", length=300), Column("date", Cell.DAY, "")))
    outcome: dict[str, object] = {}
    for name in sorted(path.name for path in tmp_path.iterdir()):
        try:
            rows = read(tmp_path / name, layout=layout)
        except (FileError, MappingError) as error:
            outcome[name] = error.code
        else:
            outcome[name] = (sum(len(batch.good) for batch in rows), sum(len({f.line for f in batch.faults}) for batch in rows))
    assert outcome == {
        "giant_good.csv": (3000, 0),
        # Of 30 rows, two of each kind, these are readable: a formula, a tag, a full-width digit, a repeated code.
        "giant_1pct_bad.csv": (2978, 22),
        "bom_gbk.csv": (1, 0),
        "bom_utf8.csv": (1, 0),
        "utf16.csv": (1, 0),
        "crlf.csv": (2, 0),
        "dup_header.csv": "duplicate_column",
        "missing_col.csv": (1, 0),
        "header_only.csv": (0, 0),
        "empty.csv": "empty",
        "binary.csv": "binary",
        "unclosed_quote.csv": (0, 2),
        "one_giant_line.csv": "header_too_long",
    }
