"""A first backfill of 100,000 Douyin orders over HTTP against taking in the same records without it, on PostgreSQL.

One process holds the fake of the platform with its server and a worker's whole part: the account is connected, its feed of orders is read
by the host's engine, each page kept with its cursor in one transaction, and what came in is applied after each turn. Then the same records
are accepted and applied page by page for another account, from a file where they were put aside; neither writing nor reading it is counted.
The value is the second time over the first. Memory is the process's peak after the backfill, the fake's own included.
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
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.fsync import fsync_milliseconds
from benchmarks.scratch import scratch_database

if TYPE_CHECKING:
    from stockhub.pluginapi import OrderRecord
    from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest
    from stockhub_douyin.connector import DouyinConnector
    from stockhub_douyin.fake import FakeDouyin

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

    with FakeDouyin() as fake, tempfile.TemporaryDirectory() as folder:
        _fill(fake)
        aside = Path(folder) / "pages"
        over_http, records = _over_http(aside)
        mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        without = _without(aside)
        orders = _orders_of("over-http")
        if not orders == _orders_of("without") == ORDERS:
            raise RuntimeError(f"{ORDERS} orders were to be taken in, {orders} were.")
        calls = fake.world.calls["order.searchList"]
    told = {"orders": orders, "records": records, "calls": calls, "over_http": over_http, "without": without, "mib": mib}
    print(json.dumps(told))


def _fill(fake: FakeDouyin) -> None:
    """Goods here and there under the same codes, a warehouse whose ledger begins now, and two accounts, of which one is connected."""
    from django.conf import settings

    from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
    from stockhub.channels.accounts import AccountInput
    from stockhub.channels.connecting.account_connection import connect_account
    from stockhub.channels.models import Account, Feed, PoolAccount
    from stockhub_douyin.fake_shop import account_of

    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    codes = [f"SKU{number:04}" for number in range(SKUS)]
    Sku.objects.bulk_create(Sku(code=code) for code in codes)
    skus = [{"code": code, "price": 5_900, "normal": 1_000} for code in codes]
    for start in range(0, SKUS, 10):
        fake.control("products", {"name": f"Product {start}", "out_id": f"SPU-{start}", "skus": skus[start : start + 10]})
    fake.control("past", {"orders": ORDERS, "days": DAYS - 1, "codes": codes})
    warehouse = Warehouse.objects.create(code="OWN", name="OWN")
    pool = StockPool.objects.create(code="OWN", name="OWN")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    config = account_of(fake) | {"reads_per_second": 1_000}
    connected, tried = connect_account(AccountInput(code="over-http", name="over-http", marketplace="douyin", site="CN", config=config))
    if not tried.ok:
        raise RuntimeError(f"The account could not be connected: {tried.message}")
    Feed.objects.filter(account=connected).exclude(kind="orders").update(is_paused=True)
    other = Account.objects.create(code="without", name="without", marketplace="file", time_zone="Asia/Shanghai", currency="CNY")
    for account in (connected, other):
        PoolAccount.objects.create(pool=pool, account=account)


def _over_http(aside: Path) -> tuple[float, int]:
    """Seconds until the backfill is read and taken in, and the number of records."""
    from stockhub.channels.feeds.engine import read_due
    from stockhub.channels.models import Feed

    take = _Taking("over-http")
    with _put_aside(aside) as writing:
        began = time.perf_counter()
        while Feed.objects.filter(account__code="over-http", kind="orders", backfill_finished_at=None).exists():
            told = read_due("benchmark")
            if told.failed:
                raise RuntimeError(str(Feed.objects.get(account__code="over-http", kind="orders").error))
            take.rest()
        seconds = time.perf_counter() - began - writing[0]
    return seconds, Feed.objects.get(account__code="over-http", kind="orders").records


@contextmanager
def _put_aside(file: Path) -> Iterator[list[float]]:
    """Writes every page that the connector gives to a file; the list's one number is the seconds that this took."""
    from stockhub_douyin.connector import DouyinConnector

    seconds = [0.0]
    read = DouyinConnector.read_orders

    def reading(connector: DouyinConnector, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        for page in read(connector, request, context):
            before = time.perf_counter()
            pickle.dump(list(page.records), out)
            seconds[0] += time.perf_counter() - before
            yield page

    with file.open("wb") as out:
        DouyinConnector.read_orders = reading  # type: ignore[assignment, method-assign]
        try:
            yield seconds
        finally:
            DouyinConnector.read_orders = read  # type: ignore[method-assign]


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
