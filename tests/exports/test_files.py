"""What stands in a file: every format the same rows, formulas inert, filters read strictly."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from stockhub.alerts.models import Alert
from stockhub.channels.models import Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core.spreadsheet_text import inert
from stockhub.exports.export import Column, Kind
from stockhub.exports.formats import csv_chunks
from stockhub.exports.registry import EXPORTS
from stockhub.inventory.models import Allocation, Lot, Movement
from tests.exports.conftest import Fetch, content, table
from tests.graphql.shop import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told(world: World, reason: str) -> None:
    """A movement with a reason, which `?kind=adjust` finds."""
    Movement.objects.create(
        sku=world.sku, warehouse=world.mine.warehouse, from_bucket_id="available", qty=1, kind="adjust", reason=reason, actor="ana",
        key="told", occurred_at=NOW,
    )  # fmt: skip


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠x")


def test_h17_movements_are_in_the_file_as_they_are_in_the_ledger(fetch: Fetch, world: World) -> None:
    [row] = table(fetch(world.me, "/exports/movements.csv"))
    assert row == {
        "id": str(world.mine.movement.pk), "occurred_at": "2025-06-18T04:00:00Z", "recorded_at": row["recorded_at"], "sku": "SKU-001",
        "warehouse": "mine-wh", "kind": "opening", "from_bucket": "", "to_bucket": "available", "qty": "53", "reason": "", "reference": "",
        "actor": "import:stock", "key": "opening:mine-wh:SKU-001",
    }  # fmt: skip


def test_h17_balances_and_lots(fetch: Fetch, world: World) -> None:
    rows = table(fetch(world.me, "/exports/balances.csv"))
    assert [(row["sku"], row["warehouse"], row["bucket"], row["qty"]) for row in rows] == [
        ("SKU-001", "mine-wh", "available", "50"),
        ("SKU-001", "mine-wh", "reserved", "3"),
    ]
    [lot] = table(fetch(world.me, "/exports/lots.csv"))
    assert (lot["lot"], lot["received_on"], lot["received_qty"], lot["remaining_qty"], lot["expires_on"]) == (
        "OPEN",
        "2025-06-18",
        "53",
        "53",
        "",
    )


def test_h14_what_is_owed_is_what_was_neither_reserved_nor_shipped(fetch: Fetch, world: World) -> None:
    line = f"line:{world.mine.warehouse.code}"
    [row] = [row for row in table(fetch(world.me, "/exports/allocations.csv")) if row["reference"] == line]
    told = {name: row[name] for name in ("wanted_qty", "reserved_qty", "shipped_qty", "owed_qty", "paid_amount", "currency", "account")}
    assert told == {
        "wanted_qty": "5", "reserved_qty": "2", "shipped_qty": "1", "owed_qty": "2", "paid_amount": "99.5", "currency": "CNY",
        "account": "mine-shop",
    }  # fmt: skip
    Allocation.objects.filter(reference=line).update(reserved_qty=4)
    owed, served = ({row["reference"] for row in table(fetch(world.me, f"/exports/allocations.csv?owed={flag}"))} for flag in (1, 0))
    assert (line in owed, line in served) == (False, True)


def test_h14_lines_that_were_shipped_without_stock_can_be_told_apart(fetch: Fetch, world: World) -> None:
    line = f"line:{world.mine.warehouse.code}"
    Allocation.objects.filter(reference=line).update(unbacked_qty=1)
    [row] = table(fetch(world.me, "/exports/allocations.csv?unbacked=1"))
    assert (row["reference"], row["unbacked_qty"]) == (line, "1")


def test_h4_imbalances_carry_both_sides(fetch: Fetch, world: World) -> None:
    [row] = table(fetch(world.me, "/exports/imbalances.csv"))
    told = {
        name: row[name] for name in ("sku", "pool", "donor", "level", "units_to_move", "money_at_stake", "donor_cover_days", "available")
    }
    assert told == {
        "sku": "SKU-001", "pool": "mine-pool", "donor": "mine-pool", "level": "2", "units_to_move": "210", "money_at_stake": "6500",
        "donor_cover_days": "300", "available": "20",
    }  # fmt: skip
    assert table(fetch(world.me, "/exports/imbalances.csv?min_level=3")) == []
    # E13: a donor of whom hardly anything is asked has no number of days.
    for alert in Alert.objects.filter(kind="imbalance"):
        alert.inputs["donor_cover_days"] = 2667239.9745
        alert.save()
    [row] = table(fetch(world.me, "/exports/imbalances.csv"))
    assert (row["donor_cover_days"], row["donor_available"]) == ("", "3000")


@pytest.mark.one_database
@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_looks_like_a_formula_is_quoted(fetch: Fetch, world: World, text: str) -> None:
    told(world, text)
    [row] = table(fetch(world.me, "/exports/movements.csv?kind=adjust"))
    assert row["reason"] == f"'{text}"
    book = load_workbook(io.BytesIO(content(fetch(world.me, "/exports/movements.xlsx?kind=adjust"))))
    header, cells = list(book.active.iter_rows())  # type: ignore[union-attr]
    cell = cells[[each.value for each in header].index("reason")]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["", "a=b", "order:1", "1-2", "中文", "'x", '"x"', "a,b"])
def test_other_texts_are_as_they_are(fetch: Fetch, world: World, text: str) -> None:
    assert inert(text) == text
    told(world, text)
    assert table(fetch(world.me, "/exports/movements.csv?kind=adjust"))[0]["reason"] == text


@pytest.mark.one_database
@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("number", "text"), [(1 / 3, "0.3333"), (2.0, "2"), (1e-9, "0"), (123456789.0, "123456789"), (1e21, "1" + "0" * 21)]
)
def test_estimates_are_written_as_people_write_numbers(number: float, text: str) -> None:
    [_header, line] = b"".join(csv_chunks([Column("n", Kind.NUMBER, "A number.")], iter([[number]]), bom=False)).decode().splitlines()
    assert line == text


def test_a_negative_quantity_is_a_number_and_not_quoted(fetch: Fetch, world: World) -> None:
    world.mine.balance.qty = -7
    world.mine.balance.save()
    assert table(fetch(world.me, "/exports/balances.csv?bucket=available"))[0]["qty"] == "-7"


def test_a_mark_for_spreadsheets_is_there_where_it_is_asked_for(fetch: Fetch, world: World) -> None:
    assert content(fetch(world.me, "/exports/balances.csv?bom=1")).startswith(b"\xef\xbb\xbfsku,warehouse")
    plain = fetch(world.me, "/exports/balances.csv")
    assert plain["Content-Type"] == "text/csv; charset=utf-8"
    assert content(plain).startswith(b"sku,warehouse,bucket,qty,observed_at,updated_at\r\n")


@pytest.mark.parametrize("name", EXPORTS)
def test_every_format_has_the_same_rows(fetch: Fetch, world: World, name: str) -> None:
    rows = table(fetch(world.me, f"/exports/{name}.csv"))
    book = load_workbook(io.BytesIO(content(fetch(world.me, f"/exports/{name}.xlsx"))))
    sheet = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    columns = [column.name for column in EXPORTS[name].columns]
    frame = parquet.read_table(io.BytesIO(content(fetch(world.me, f"/exports/{name}.parquet"))))
    assert list(sheet[0]) == columns == frame.column_names == list(rows[0])
    assert len(sheet) - 1 == frame.num_rows == len(rows) > 0
    for at, column in enumerate(EXPORTS[name].columns):
        typed = frame.column(column.name).to_pylist()
        for row, line, value in zip(rows, sheet[1:], typed, strict=True):
            assert (row[column.name] == "") == (value in (None, "")) == (line[at] in (None, "")), column.name
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                assert Decimal(row[column.name]) == value == Decimal(str(line[at]))
            if isinstance(value, dt.datetime):
                assert dt.datetime.fromisoformat(row[column.name]) == value


def test_parquet_is_typed_and_keeps_texts_as_they_are(fetch: Fetch, world: World) -> None:
    told(world, "=1+1")
    frame = parquet.read_table(io.BytesIO(content(fetch(world.me, "/exports/movements.parquet?kind=adjust"))))
    assert str(frame.schema.field("occurred_at").type) == "timestamp[us, tz=UTC]"
    assert frame.column("reason").to_pylist() == ["=1+1"]
    assert frame.column("occurred_at").to_pylist() == [NOW]


def test_an_export_without_rows_is_a_header(fetch: Fetch, world: World) -> None:
    for suffix in ("csv", "xlsx", "parquet"):
        assert fetch(world.me, f"/exports/movements.{suffix}?kind=ship").status_code == 200
    assert table(fetch(world.me, "/exports/movements.csv?kind=ship")) == []
    assert parquet.read_table(io.BytesIO(content(fetch(world.me, "/exports/movements.parquet?kind=ship")))).num_rows == 0


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("movements.csv?sku=SKU-001", 2), ("movements.csv?sku=SKU-002", 0), ("movements.csv?sku=SKU-002,SKU-001&sku=SKU-002", 2),
        ("movements.csv?warehouse=mine-wh", 1), ("movements.csv?kind=opening,ship", 2), ("movements.csv?kind=ship", 0),
        ("movements.csv?occurred_from=2025-06-18T04:00:00Z", 2), ("movements.csv?occurred_to=2025-06-18T04:00:00Z", 0),
        ("movements.csv?occurred_from=2025-06-18T12:00:00%2B08:00&occurred_to=2025-06-18T12:00:00.000001+08:00", 2),
        ("movements.csv?reference=none", 0), ("balances.csv?bucket=reserved", 2), ("balances.csv?nonzero=true", 4),
        ("balances.csv?nonzero=0", 0), ("lots.csv?received_from=2025-06-18&received_to=2025-06-19", 2),
        ("lots.csv?received_to=2025-06-18", 0),
        ("lots.csv?grade=new&remaining=1", 2), ("allocations.csv?account=mine-shop", 1),
        ("allocations.csv?ship_by_to=2025-06-18T04:00:00Z", 0), ("allocations.csv?unbacked=1", 0), ("allocations.csv?unbacked=0", 4),
        ("quarantine.csv?open=1&kind=order&code=bad_qty", 2), ("quarantine.csv?open=0", 0), ("imbalances.csv?pool=theirs-pool", 1),
    ],
)  # fmt: skip
def test_filters_narrow(fetch: Fetch, world: World, query: str, rows: int) -> None:
    type(world.sku).objects.create(code="SKU-002")
    assert len(table(fetch(world.root, f"/exports/{query}"))) == rows


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("query", "code", "path"),
    [
        ("movements.csv?skus=A", "unknown_parameter", "skus"), ("movements.csv?sku=NONE", "unknown_sku", "sku"),
        ("movements.csv?sku=", "empty_filter", "sku"), ("movements.csv?sku=SKU-001,", "empty_filter", "sku"),
        ("movements.csv?sku=" + ",".join(f"S{n}" for n in range(1001)), "too_many_values", "sku"),
        ("movements.csv?kind=opening;drop", "unknown_choice", "kind"), ("movements.csv?kind=", "unknown_choice", "kind"),
        ("movements.csv?occurred_from=2025-06-18", "invalid_instant", "occurred_from"),
        ("movements.csv?occurred_from=2025-06-18T04:00:00", "invalid_instant", "occurred_from"),
        ("movements.csv?occurred_from=9999-12-31T23:59:59Z", "invalid_instant", "occurred_from"),
        ("movements.csv?occurred_from=null", "invalid_instant", "occurred_from"), ("movements.csv?reference=", "empty_filter", "reference"),
        ("movements.csv?reference=%00", "invalid_text", "reference"), ("movements.csv?reference=a&reference=b", "given_twice", "reference"),
        ("movements.csv?reference=" + "x" * 201, "too_long", "reference"), ("movements.csv?bom=yes", "invalid_flag", "bom"),
        ("movements.xlsx?bom=1", "unknown_parameter", "bom"), ("lots.csv?received_from=20250618", "invalid_day", "received_from"),
        ("lots.csv?received_from=2025-02-30", "invalid_day", "received_from"), ("balances.csv?nonzero=maybe", "invalid_flag", "nonzero"),
        ("balances.csv?bucket=%27%20OR%201=1", "unknown_choice", "bucket"), ("imbalances.csv?min_level=4", "invalid_level", "min_level"),
        ("balances.csv?warehouse=nowhere", "unknown_warehouse", "warehouse"), ("quarantine.csv?account=none", "unknown_account", "account"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(fetch: Fetch, world: World, query: str, code: str, path: str) -> None:
    answer = fetch(world.root, f"/exports/{query}")
    assert answer.status_code == 400
    error = answer.json()["errors"][0]  # type: ignore[attr-defined]
    assert (error["extensions"]["code"], error["extensions"]["path"]) == (code, [path])
    assert error["message"].endswith(".")


def test_lots_of_many_sizes_come_in_the_order_of_their_age(fetch: Fetch, world: World) -> None:
    for days in (3, 1, 2):
        Lot.objects.create(
            sku=world.sku, warehouse=world.mine.warehouse, code=f"L{days}", received_qty=1, remaining_qty=0,
            received_on=NOW.date() - dt.timedelta(days=days),
        )  # fmt: skip
    rows = table(fetch(world.me, "/exports/lots.csv"))
    assert [row["lot"] for row in rows] == ["L3", "L2", "L1", "OPEN"]


def test_reasons_of_the_quarantine_are_told_in_the_readers_language(fetch: Fetch, world: World) -> None:
    """So is what a received record says of its failure; rows of before stay as they were written down."""
    template = "It could not be taken in %(attempts)d attempts: %(error)s"
    params = {"attempts": 3, "error": {"text": "There is no such run.", "params": {}}}
    english = "It could not be taken in 3 attempts: There is no such run."
    kept: dict[str, Any] = {"account": world.mine.account, "kind": "order", "external_id": "K1"}
    Quarantined.objects.create(**kept, code="failed", message=english, template=template, params=params)
    ReceivedRecord.objects.create(**kept, payload={}, digest="k1", source="api", status="quarantined", error=english)

    def told(name: str, column: str, **headers: str) -> dict[str, str]:
        return {row["external_id"]: row[column] for row in table(fetch(world.me, f"/exports/{name}.csv", **headers))}

    chinese = "尝试 3 次仍未能接收：没有这次运行。"
    for name, column in (("quarantine", "message"), ("received-records", "error")):
        assert told(name, column)["K1"] == english
        assert told(name, column, accept_language="zh-CN")["K1"] == chinese
    before = told("quarantine", "message", accept_language="zh-CN")
    assert before[f"Q-{world.mine.warehouse.code}"] == "Quantity is NaN."
    assert told("received-records", "error", accept_language="zh-CN")["x"] == ""
