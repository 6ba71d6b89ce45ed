"""Order lines from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.inbox import accept_records, apply_due
from stockhub.channels.models import CustomerReturn, Listing, Order, OrderLine, Quarantined, SalesDelta
from stockhub.channels.order_submission import submit_orders
from stockhub.channels.services import ingest_orders
from stockhub.demand.models import SalesSeries
from stockhub.exchange.models import ImportJob, ImportStatus, RowError
from stockhub.inventory.models import Allocation, Balance, Movement
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Run = Callable[..., tuple[int, str]]
Write = Callable[[str], Path]
HEAD = "order_id,sku,time,quantity,price\n"


def sold(sku: str) -> float:
    return float(sum(series.daily.sum() for series in SalesSeries.objects.filter(sku__code=sku)))


def state() -> list[object]:
    """Everything that an import writes, to see that a second one changes nothing."""
    return [
        list(Order.objects.order_by("id").values_list()),
        list(OrderLine.objects.order_by("id").values_list()),
        list(Movement.objects.order_by("id").values_list()),
        list(Allocation.objects.order_by("id").values_list()),
        list(CustomerReturn.objects.order_by("id").values_list()),
        [(s.sku_id, s.first_on, bytes(s.daily)) for s in SalesSeries.objects.order_by("id")],
        SalesDelta.objects.count(),
    ]


def test_a_file_goes_in_and_a_second_import_of_it_changes_nothing(shop: Shop, run: Run, write: Write) -> None:
    shop.stock("A", 10)
    path = write(HEAD + "1,a-1,2026-03-10 14:30,3,9.90\n1,a-1,2026-03-10 14:30,3,9.90\n2,b-1,2025-06-01,4,\n")
    status, text = run("import_sales", path, account="dy-main")
    assert (status, text.splitlines()[0]) == (0, "0.csv: 3 rows read, 3 new or changed, 0 unchanged, 0 refused.")
    assert (sold("A"), sold("B"), shop.balance("A")) == (6, 4, 4)
    assert OrderLine.objects.get(listing__code="b-1").unit_price_amount is None
    before = state()
    status, text = run("import_sales", path, account="dy-main")
    assert (status, text.splitlines()[0]) == (0, "0.csv: 3 rows read, 0 new or changed, 3 unchanged, 0 refused.")
    assert state() == before


def test_chinese_headers_and_statuses_are_understood(shop: Shop, run: Run, write: Write) -> None:
    shop.stock("A", 10)
    path = write(
        "订单编号,商品编码,数量,下单时间,单价,订单状态\n9001,a-1,2,2026/3/10 14:30,9.9,已发货\n9002,a-1,1,2026/3/10 14:30,9.9,已关闭\n"
    )
    assert run("import_sales", path, account="dy-main")[0] == 0
    assert list(Order.objects.order_by("id").values_list("external_id", "status")) == [("9001", "shipped"), ("9002", "cancelled")]
    assert (shop.balance("A"), sold("A")) == (8, 2)


def test_bad_rows_are_reported_with_line_and_reason_and_good_ones_go_in(shop: Shop, run: Run, write: Write) -> None:
    path = write(
        HEAD
        + "1,a-1,2026-03-10,3,9.90\n2,a-1,2026-03-10,0,1\n3,a-1,2026-03-10,-4,1\n4,a-1,2999-01-01,1,1\n5,a-1,31/02/2026,1,1\n"
        + "6,a-1,2026-03-10,1,-2\n7,,2026-03-10,1,1\n"
    )
    status, text = run("import_sales", path, account="dy-main")
    assert status == 0
    assert text.splitlines()[0] == "0.csv: 7 rows read, 1 new or changed, 0 unchanged, 6 refused."
    job = ImportJob.objects.get()
    assert (job.status, job.rows_refused, job.actor) == (ImportStatus.DONE_WITH_ERRORS, 6, "import:sales")
    assert list(RowError.objects.order_by("line").values_list("line", "column", "code", "value")) == [
        (3, "quantity", "quantity_not_positive", "0"),
        (4, "quantity", "quantity_not_positive", "-4"),
        (5, "time", "future_time", "2999-01-01"),
        (6, "time", "bad_date", "31/02/2026"),
        (7, "price", "negative_price", "-2"),
        (8, "sku", "missing", ""),
    ]
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("args", "content", "status", "says"),
    [
        ({"account": "nowhere"}, HEAD, 2, "dy-main"),
        ({"account": "dy-main"}, "sku,qty\nA,1\n", 2, "order_id"),
        ({"account": "dy-main", "time_zone": "Mars/Olympus"}, HEAD, 2, "Mars/Olympus"),
        ({"account": "dy-main"}, "", 1, "empty"),
        ({"account": "dy-main"}, HEAD + "1,a-1,never,1,1\n", 1, "No row could be taken"),
    ],
)
def test_exit_statuses_say_whose_fault_it_is(
    shop: Shop, run: Run, write: Write, args: dict[str, str], content: str, status: int, says: str
) -> None:
    found, text = run("import_sales", write(content), **args)
    assert found == status
    assert says in text
    assert Order.objects.count() == 0


def test_a_file_that_is_not_there_is_a_failure_without_a_job(shop: Shop, run: Run, tmp_path: Path) -> None:
    status, text = run("import_sales", tmp_path / "absent.csv", account="dy-main")
    assert (status, ImportJob.objects.count()) == (1, 0)
    assert "cannot be read" in text


def test_a_dry_run_reports_and_writes_nothing(shop: Shop, run: Run, write: Write) -> None:
    path = write(HEAD + "1,a-1,2026-03-10,3,9.90\n2,new,2026-03-10,1,1\n3,a-1,x,1,1\n")
    before = state()
    status, text = run("import_sales", path, account="dy-main", dry_run=True, create_skus=True)
    assert (status, text.splitlines()[0]) == (
        0,
        "Dry run, nothing was written. 0.csv: 3 rows read, 2 new or changed, 0 unchanged, 1 refused.",
    )
    assert state() == before
    assert not Sku.objects.filter(code="new").exists()
    assert ImportJob.objects.get().dry_run


def test_create_skus_makes_skus_and_without_it_codes_stay_unmapped_until_they_are_known(shop: Shop, run: Run, write: Write) -> None:
    path = write(HEAD + "1,new,2026-03-10,3,9.90\n")
    run("import_sales", path, account="dy-main")
    assert OrderLine.objects.get().sku is None
    run("import_sales", path, account="dy-main", create_skus=True)
    assert OrderLine.objects.get().sku == Sku.objects.get(code="new")
    assert sold("new") == 3
    assert Listing.objects.filter(code="new").count() == 1


def test_a_mapping_file_names_the_columns(shop: Shop, run: Run, write: Write, tmp_path: Path) -> None:
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"order_id": "Beleg", "sku": "Artikel", "time": "Datum", "quantity": "Menge"}))
    status, _text = run("import_sales", write("Beleg,Artikel,Datum,Menge\n1,a-1,2026-03-10,2\n"), account="dy-main", mapping=mapping)
    assert (status, OrderLine.objects.get().qty) == (0, 2)


def test_line_types_are_handled_as_they_are_meant(shop: Shop, run: Run, write: Write) -> None:
    path = write(
        "order_id,sku,ts,qty,unit_price,customer_id,line_type\n"
        # Before its sale in the file, and taken back in full.
        "C1,a-1,2025-06-02 10:00,-5,2,77,cancel\n"
        "1,a-1,2025-06-01 10:00,5,2,77,sale\n"
        # Another quantity, another customer, nobody: returns.
        "C2,a-1,2025-06-02 10:00,-1,2,77,cancel\n"
        "C3,a-1,2025-06-02 10:00,-3,2,88,cancel\n"
        "2,a-1,2025-06-01 11:00,3,2,99,sale\n"
        "C4,a-1,2025-06-02 10:00,-3,2,,cancel\n"
        "3,POST,2025-06-01 10:00,1,18,77,nonproduct\n"
        "4,a-1,2025-06-01 10:00,-10,0,,adjust\n"
    )
    status, text = run("import_sales", path, account="dy-main")
    assert status == 0
    assert "0.csv: 8 rows read, 6 new or changed, 0 unchanged, 0 refused." in text
    assert "no demand (adjustments, postage and the like): 2." in text
    assert "Cancellation lines: 4, of which 1 took back an earlier sale and 3 were kept as returns." in text
    assert sold("A") == 3
    assert sorted(CustomerReturn.objects.values_list("order_external_id", "qty")) == [("C2", 1), ("C3", 3), ("C4", 3)]
    assert not Listing.objects.filter(code="POST").exists()
    before = state()
    status, text = run("import_sales", path, account="dy-main")
    assert "8 rows read, 0 new or changed, 6 unchanged, 0 refused." in text
    assert state() == before
    assert "77" not in str(list(Order.objects.values_list("buyer_hash", flat=True)))[:6]


def test_no_personal_data_reaches_the_report(shop: Shop, run: Run, write: Write) -> None:
    phone = "13800138000" * 30
    path = write(f"order_id,sku,time,quantity,customer_id,name\n1,a-1,2026-03-10,1,{phone},Ana\n2,a-1,2026-03-10,x,77,Ana\n")
    _status, text = run("import_sales", path, account="dy-main")
    stored = str(list(RowError.objects.values())) + str(list(Quarantined.objects.values())) + text
    assert "13800138000" not in stored
    assert "Ana" not in stored


def test_d23_a_file_a_connector_a_webhook_and_the_api_bring_the_ledger_to_the_same_state(shop: Shop, run: Run, write: Write) -> None:
    shop.stock("A", 10)
    shop.stock("B", 10)
    Warehouse.objects.create(code="CN2", name="Other", ledger_starts_at=shop.warehouse.ledger_starts_at)

    def ledger() -> list[object]:
        moves = Movement.objects.exclude(kind="opening").order_by("sku__code", "warehouse_id", "kind", "qty")
        return [
            list(Balance.objects.order_by("sku_id", "warehouse_id", "bucket_id").values_list("sku_id", "warehouse_id", "bucket_id", "qty")),
            list(moves.values_list("sku__code", "warehouse_id", "from_bucket_id", "to_bucket_id", "qty", "kind", "occurred_at")),
            list(Allocation.objects.order_by("sku__code", "wanted_qty").values_list("wanted_qty", "ship_qty", "paid_amount", "ship_by_at")),
        ]

    from django.db import transaction

    def of(code: str, qty: int, line_id: str, warehouse: str = "") -> OrderLineRecord:
        return OrderLineRecord(code, qty, Decimal("9.90"), line_id=line_id, warehouse=warehouse)

    at, paid, due = (datetime(2026, 3, day, 6, tzinfo=UTC) for day in (10, 11, 13))
    records = [
        OrderRecord("1", "paid", at, "CNY", (of("a-1", 3, "L1"), of("b-1", 2, "L2")), paid_at=paid, ship_by_at=due),
        OrderRecord("2", "shipped", at, "CNY", (of("a-1", 2, "L1"),), paid_at=paid, shipped_at=paid),
        OrderRecord("3", "cancelled", at, "CNY", (of("b-1", 2, "L1"),)),
        OrderRecord("4", "paid", at, "CNY", (of("b-1", 1, "L1", "CN2"),), paid_at=paid),
    ]

    def connector() -> None:
        ingest_orders(account=shop.account, orders=records, source="connector")

    def webhook() -> None:
        for record in records:
            accept_records(account=shop.account, kind="order", records=[record], source="webhook")
        apply_due()

    def api() -> None:
        assert {each.status for each in submit_orders(account=shop.account, orders=records, wait=True)} == {"applied"}

    told: list[list[object]] = []
    for way in (connector, webhook, api):
        with transaction.atomic():
            way()
            told.append(ledger())
            transaction.set_rollback(True)
    assert told[0] == told[1] == told[2]
    path = write(
        "order_id,line_id,sku,time,quantity,price,status,paid_at,ship_by,shipped_at,warehouse\n"
        "1,L1,a-1,2026-03-10T06:00Z,3,9.90,paid,2026-03-11T06:00Z,2026-03-13T06:00Z,,\n"
        "1,L2,b-1,2026-03-10T06:00Z,2,9.90,paid,2026-03-11T06:00Z,2026-03-13T06:00Z,,\n"
        "2,L1,a-1,2026-03-10T06:00Z,2,9.90,shipped,2026-03-11T06:00Z,,2026-03-11T06:00Z,\n"
        "3,L1,b-1,2026-03-10T06:00Z,2,9.90,cancelled,,,,\n"
        "4,L1,b-1,2026-03-10T06:00Z,1,9.90,paid,2026-03-11T06:00Z,,,CN2\n"
    )
    assert run("import_sales", path, account="dy-main")[0] == 0
    assert ledger() == told[0]


def test_the_help_names_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    from stockhub.console.management.commands.import_sales import Command
    from stockhub.exchange.layouts import SALES

    Command().create_parser("manage.py", "import_sales").print_help()
    text = capsys.readouterr().out
    for column in SALES.columns:
        assert f"  {column.name} " in text
    assert "订单编号" in text
    assert "Exit status" in text
