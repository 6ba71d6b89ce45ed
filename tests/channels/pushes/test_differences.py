"""Ours, the platform's and the warehouse's stock, compared once a day; what is offered and not there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from stockhub.channels.inbox import accept_records, apply_due
from stockhub.channels.models import Listing
from stockhub.channels.pushes.differences import compare_stock
from stockhub.channels.pushes.models import ShownStock, StockDifference, StockRule
from stockhub.channels.pushes.settings import PushSettingsInput, upsert_push_settings
from stockhub.channels.services import ingest_orders, ingest_stock
from stockhub.core import clock
from stockhub.cycles.executor import run_inline
from stockhub.cycles.services import request_cycle
from stockhub.inventory.services import count_stock
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord, StockCountRecord
from tests.channels.pushes.conftest import Bench

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def sell(bench: Bench, qty: int) -> None:
    order = OrderRecord("1", "paid", clock.now(), "CNY", (OrderLineRecord("a-1", qty, line_id="1"),))
    ingest_orders(account=bench.account, orders=[order], source="test")


def found() -> dict[str, tuple[int | None, int | None, int | None, int, str]]:
    rows = StockDifference.objects.select_related("listing", "sku", "warehouse").order_by("id")
    return {
        row.listing.code if row.listing else f"{row.sku}@{row.warehouse}": (
            row.our_qty, row.platform_qty, row.warehouse_qty, row.oversold_qty, str(row.cause)
        )
        for row in rows
    }  # fmt: skip


def test_what_agrees_has_no_row_and_the_rest_has_its_likely_cause(bench: Bench) -> None:
    bench.shop.stock("A", 30)
    bench.shop.stock("B", 12)
    bench.shop.stock("C", 40)
    for code in ("c-1", "c-2"):
        bench.shop.listing(code, C=1)
    bench.shop.listing("x-1")
    bench.see(a_1=30, b_1=15, c_1=10, x_1=7)
    bench.approved(c_1=15)
    told = compare_stock()
    assert (told.listings, told.differences) == (5, 4)
    assert found() == {
        "b-1": (12, 15, None, 3, "unexplained"),
        "c-1": (40, 10, None, 0, "push_pending"),
        "c-2": (40, None, None, 0, "stale_feed"),
        "x-1": (None, 7, None, 0, "unmapped"),
    }
    bench.see(b_1=12)
    compare_stock()
    assert "b-1" not in found(), "the last run of the day stands"
    with clock.at(clock.now() + timedelta(days=1)):
        compare_stock()
    assert StockDifference.objects.values("day").distinct().count() == 2


def test_a_small_difference_is_no_news(bench: Bench) -> None:
    bench.shop.stock("A", 100)
    bench.see(a_1=96)
    upsert_push_settings(PushSettingsInput(account="dy-main", tolerance_pct=Decimal(5)))
    compare_stock()
    assert found() == {}
    bench.see(a_1=94)
    compare_stock()
    assert found() == {"a-1": (100, 94, None, 0, "unexplained")}


def test_orders_since_the_platform_was_seen_explain_a_difference(bench: Bench) -> None:
    bench.shop.stock("A", 30)
    seen = clock.now() - timedelta(hours=1)
    ingest_stock(account=bench.account, counts=[StockCountRecord("a-1", "", (("available", 30),), seen)])
    sell(bench, 4)
    compare_stock()
    assert found() == {"a-1": (26, 30, None, 4, "pending_orders")}


def test_the_warehouses_last_count_is_the_third_number(bench: Bench) -> None:
    """A count finds 20 of 30 units while orders hold 25: 5 missing ones could be taken, 5 could not."""
    bench.shop.stock("A", 30)
    sell(bench, 25)
    count_stock(warehouse_id=bench.shop.warehouse.pk, counts={(bench.shop.skus["A"].pk, None): 20}, idempotency_key="c")
    bench.see(a_1=0)
    compare_stock(at=clock.now() + timedelta(seconds=1))
    assert found() == {"A@CN1": (25, None, 20, 0, "count")}
    bench.shop.stock("A", 10)
    compare_stock(at=clock.now() + timedelta(seconds=1))
    rows = found()
    assert rows["a-1"][:2] == (10, 0)


def test_without_a_rule_what_can_be_sold_is_ours_and_a_silent_platform_is_left_out(bench: Bench) -> None:
    StockRule.objects.all().delete()
    bench.shop.stock("A", 30)
    assert compare_stock().listings == 0
    bench.see(a_1=31)
    assert compare_stock().listings == 2
    assert found() == {"a-1": (30, 31, None, 1, "unexplained")}


def test_the_cycle_runs_it(bench: Bench) -> None:
    bench.shop.stock("A", 30)
    bench.see(a_1=31)
    cycle = run_inline(request_cycle(name="differences", requested_by="test"))
    assert (cycle.status, cycle.counts) == ("done", {"listings_compared": 2, "shelves_compared": 0, "differences": 1})


def test_what_a_platform_shows_is_kept_once_in_any_order(bench: Bench) -> None:
    """I3: the same observations in any order leave the same number; an older one changes nothing (H82)."""
    now = clock.now()
    for minutes, qty in ((0, 10), (5, 12), (3, 99), (5, 12)):
        at = now - timedelta(minutes=30 - minutes)
        ingest_stock(account=bench.account, counts=[StockCountRecord("a-1", "CN1", (("available", qty), ("unsellable", 4)), at)])
    shown = ShownStock.objects.get()
    assert (shown.listing, shown.warehouse, shown.qty, shown.previous_qty, shown.version) == (
        Listing.objects.get(code="a-1"), "CN1", 12, 10, 2,
    )  # fmt: skip
    ingest_stock(account=bench.account, counts=[StockCountRecord("a-1", "CN1", (("unsellable", 4),), now)])
    shown.refresh_from_db()
    assert shown.qty == 12, "what is not named is unknown, never zero"
    assert bench.shop.balance("A") == 0


@pytest.mark.parametrize("way", ["file", "connector"])
def test_d23_h82_a_third_party_warehouses_counts_are_the_third_side_by_file_and_by_connector(
    bench: Bench, tmp_path: Path, way: str
) -> None:
    """The book stays ours; the difference is the same whichever way the count came, and a count that comes twice is there once."""
    bench.shop.stock("A", 30)
    bench.see(a_1=30)
    at = clock.now().replace(microsecond=0)

    def tell(qty: int) -> None:
        if way == "connector":
            record = StockCountRecord("a-1", "CN1", (("available", qty),), at, is_count=True)
            accept_records(account=bench.account, kind="stock", records=[record], source="feed")
            apply_due()
        else:
            (path := tmp_path / "counts.csv").write_text(f"sku,warehouse,counted,counted_at\nA,CN1,{qty},{at.isoformat()}\n")
            call_command("import_stock", str(path), stdout=StringIO())

    for _time in range(2):
        tell(27)
        compare_stock(at=at + timedelta(seconds=1))
        assert found() == {"a-1": (30, 30, 27, 0, "count"), "A@CN1": (30, None, 27, 0, "count")}
        assert bench.shop.balance("A") == 30, "nothing is posted"
        assert Event.objects.filter(kind="inventory.stock_counted.v1").count() == 1
    assert ShownStock.objects.get(listing__code="a-1").qty == 30, "it is no number that the platform shows"
