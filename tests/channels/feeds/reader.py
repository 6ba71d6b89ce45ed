"""A process that reads feeds, to be killed.

`prepare URL` makes the account, `read` works until the past is read; both say what is there.
"""

from __future__ import annotations

import json
import sys
import time

import django

django.setup()

from stockhub.channels import inbox  # noqa: E402
from stockhub.channels.accounts import AccountInput, upsert_account  # noqa: E402
from stockhub.channels.feeds.engine import read_due  # noqa: E402
from stockhub.channels.models import Feed, Order, Quarantined  # noqa: E402
from stockhub.channels.received_models import ReceivedRecord  # noqa: E402
from stockhub.cycles.leases import worker_name  # noqa: E402
from stockhub.pluginhost.registry import register_built_in  # noqa: E402
from tests.channels.feeds.wire_shop import WireShop  # noqa: E402


def prepare(url: str) -> None:
    upsert_account(AccountInput(code="wire", name="Wire", marketplace="wire-shop", site="CN", config={"base_url": url}))
    Feed.objects.exclude(kind="orders").update(is_paused=True)


def read() -> None:
    worker = worker_name()
    while Feed.objects.get(kind="orders").backfill_finished_at is None:
        read_due(worker, seconds=5)
        inbox.apply_due(seconds=0.5)
        time.sleep(0.02)
    inbox.apply_due()


def report() -> dict[str, object]:
    feed = Feed.objects.get(kind="orders")
    return {
        "received": ReceivedRecord.objects.count(),
        "orders": Order.objects.count(),
        "ids": Order.objects.values("external_id").distinct().count(),
        "quarantined": Quarantined.objects.count(),
        "records": feed.records,
        "done": feed.backfill_done,
        "total": feed.backfill_total,
        "cursor": feed.cursor,
        "error": feed.error_code,
    }


if __name__ == "__main__":
    register_built_in("marketplace", WireShop())
    match sys.argv[1:]:
        case ["prepare", url]:
            prepare(url)
        case ["read"]:
            read()
    sys.stdout.write(json.dumps(report()))
