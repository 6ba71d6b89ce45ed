"""A first backfill of 100,000 Douyin orders over HTTP against taking in the same records without it, on PostgreSQL.

One process holds the fake of the platform with its server, the connector and the worker's part: each page is read, accepted by the inbox
and applied. Then the same records, which were put aside in a file, are accepted and applied page by page for another account; reading the
file is not counted. The value is the second time over the first. Memory is the process's peak after the backfill, the fake's own included.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.fsync import fsync_milliseconds
from benchmarks.scratch import scratch_database

REPOSITORY: Final = Path(__file__).resolve().parents[1]
ORDERS: Final = int(os.environ.get("BENCH_DOUYIN_ORDERS", "100000"))
DAYS: Final = 90
SKUS: Final = 500
GOAL: Final = 0.5
GOAL_MIB: Final = 300
#: Pages whose orders are applied together: a batch of the inbox.
_PAGES_A_BATCH: Final = 5


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_douyin"):
        command = [sys.executable, "-m", "benchmarks.douyin_backfill", "--measure"]
        answer = subprocess.run(command, cwd=REPOSITORY, env=os.environ, check=True, stdout=subprocess.PIPE, text=True)
    measured = json.loads(answer.stdout.splitlines()[-1])
    over_http, without, mib = measured["over_http"], measured["without"], measured["mib"]
    ratio = without / over_http
    print(
        f"douyin_backfill: {measured['orders']:,} orders ({measured['records']:,} records, {measured['calls']:,} calls), "
        f"{measured['orders'] / over_http:,.0f} orders/s over HTTP, {measured['orders'] / without:,.0f} orders/s without; "
        f"peak {mib:.0f} MiB; an fsync takes {fsync_milliseconds():.2f} ms"
    )
    return [
        {"name": "Douyin backfill against the same records without HTTP", "value": round(ratio, 3), "goal": GOAL, "better": "higher",
         "ok": ratio >= GOAL},
        {"name": "Douyin backfill, peak MiB", "value": round(mib), "goal": GOAL_MIB, "better": "lower", "ok": mib <= GOAL_MIB},
    ]  # fmt: skip


def measure() -> None:
    """In the process of its own: prints one JSON line."""
    import django

    django.setup()
    from stockhub_douyin.fake import FakeDouyin
    from stockhub_douyin.fake_shop import FakeShop

    with FakeDouyin() as fake, tempfile.TemporaryDirectory() as folder:
        shop = FakeShop(fake)
        _fill(shop)
        aside = Path(folder) / "pages"
        over_http, records = _over_http(shop, aside)
        mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        without = _without(aside)
        orders = _orders_of("over-http")
        if not orders == _orders_of("without") == ORDERS:
            raise RuntimeError(f"{ORDERS} orders were to be taken in, {orders} were.")
        calls = shop.calls("order.searchList")
    told = {"orders": orders, "records": records, "calls": calls, "over_http": over_http, "without": without, "mib": mib}
    print(json.dumps(told))


def _fill(shop: Any) -> None:  # noqa: ANN401 - a FakeShop, whose module needs no Django
    """Goods here and there under the same codes, a warehouse whose ledger begins now, and two accounts."""
    from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
    from stockhub.channels.models import Account, PoolAccount

    codes = [f"SKU{number:04}" for number in range(SKUS)]
    Sku.objects.bulk_create(Sku(code=code) for code in codes)
    skus = [{"code": code, "price": 5_900, "normal": 1_000} for code in codes]
    for start in range(0, SKUS, 10):
        shop.control("products", name=f"Product {start}", out_id=f"SPU-{start}", skus=skus[start : start + 10])
    shop.control("past", orders=ORDERS, days=DAYS, codes=codes)
    warehouse = Warehouse.objects.create(code="OWN", name="OWN")
    pool = StockPool.objects.create(code="OWN", name="OWN")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    for code in ("over-http", "without"):
        account = Account.objects.create(code=code, name=code, marketplace="douyin", time_zone="Asia/Shanghai", currency="CNY")
        PoolAccount.objects.create(pool=pool, account=account)


def _over_http(shop: Any, aside: Path) -> tuple[float, int]:  # noqa: ANN401 - a FakeShop
    """Seconds of reading and taking in, putting aside not counted, and the number of records."""
    from datetime import timedelta

    from stockhub.pluginapi.connectors import ReadRequest

    take = _Taking("over-http")
    request = ReadRequest(since=shop.now() - timedelta(days=DAYS + 1))
    pages = (list(page.records) for page in shop.connector.read_orders(request, shop.context))
    putting, records = 0.0, 0
    began = time.perf_counter()
    with aside.open("wb") as file:
        for page in pages:
            take(page)
            records += len(page)
            before = time.perf_counter()
            pickle.dump(page, file)
            putting += time.perf_counter() - before
    take.rest()
    return time.perf_counter() - began - putting, records


def _without(aside: Path) -> float:
    take = _Taking("without")
    seconds = sum(_seconds(lambda page=page: take(page)) for page in _pages(aside))  # type: ignore[misc]
    return seconds + _seconds(take.rest)


def _pages(aside: Path) -> Iterator[list[Any]]:
    with aside.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301 - written above
            except EOFError:
                return


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class _Taking:
    """Accepts pages and applies them a batch at a time."""

    def __init__(self, account: str) -> None:
        from stockhub.channels.models import Account

        self._account = Account.objects.get(code=account)
        self._pages = 0

    def __call__(self, records: Iterable[Any]) -> None:
        from stockhub.channels.inbox import accept_records

        accepted = accept_records(account=self._account, kind="order", records=list(records), source="feed:orders")
        if accepted.refused:
            raise RuntimeError(f"An order was refused: {accepted.refused[0]}")
        self._pages += 1
        if self._pages % _PAGES_A_BATCH == 0:
            self.rest()

    def rest(self) -> None:
        """Applies what waits."""
        from stockhub.channels.inbox import apply_due

        done = apply_due()
        if done.failed or done.quarantined:
            raise RuntimeError(f"Not all orders could be applied: {done}")


def _orders_of(account: str) -> int:
    from stockhub.channels.models import Order

    return Order.objects.filter(account__code=account).count()


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure()
    else:
        run()
