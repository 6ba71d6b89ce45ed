"""Visitors of listings from a file: idempotent, corrected by a later file, bad rows told, the feed dated (H103)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from stockhub.channels.fact_models import DailyTraffic
from stockhub.channels.models import Feed
from stockhub.exchange.models import RowError
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db]


def test_traffic_comes_in_once_and_bad_rows_are_told(shop: Shop, run: Callable[..., tuple[int, str]], write: Callable[[str], Path]) -> None:
    head = "店铺,商品ID,日期,浏览量,访客数,点击量,加购数,推广花费\n"
    path = write(
        head + f"{shop.account.code},a-1,2026-03-10,1000,80,,5,12.5\n"
        f"{shop.account.code},a-1,2026-03-11,,,,,\n"
        f"{shop.account.code},b-1,2026-03-10,-1,,,,\n"
        f"{shop.account.code},b-1,2099-03-10,1,,,,\n"
        "NO-SUCH,b-1,2026-03-10,1,,,,\n"
    )
    status, text = run("import_traffic", path)
    assert "5 rows read, 1 new or changed, 0 unchanged, 4 refused." in text
    assert status == 0
    row = DailyTraffic.objects.get()
    assert (row.listing.code, row.day, row.views, row.visitors, row.clicks, row.carts) == ("a-1", date(2026, 3, 10), 1000, 80, None, 5)
    assert (row.ad_cost_amount, row.currency, row.source) == (Decimal("12.5"), "CNY", "file")
    assert sorted(RowError.objects.values_list("line", flat=True)) == [3, 4, 5, 6]
    assert Feed.objects.get(kind="traffic").data_until_at == datetime(2026, 3, 10, 16, tzinfo=UTC)
    assert "0 new or changed, 1 unchanged, 4 refused." in run("import_traffic", path)[1]
    again = write(head + f"{shop.account.code},a-1,2026-03-10,1001,,,,\n")
    assert "1 rows read, 1 new or changed" in run("import_traffic", again)[1]
    row.refresh_from_db()
    # What the later file does not say stays.
    assert (row.views, row.visitors) == (1001, 80)


def test_a_dry_run_writes_nothing(shop: Shop, run: Callable[..., tuple[int, str]], write: Callable[[str], Path]) -> None:
    path = write(f"account,listing,day,views\n{shop.account.code},a-1,2026-03-10,5\n")
    assert "1 new or changed" in run("import_traffic", path, "--dry-run")[1]
    assert (DailyTraffic.objects.count(), Feed.objects.count()) == (0, 0)
