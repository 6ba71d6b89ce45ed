"""Orders read through the connector from the made-up Amazon, over HTTP, against the same pages asked for and parsed alone.

The fake runs in a process of its own, without quotas; measured is this process's own processor time, several times, one after the other.
The value is the median of how many times as much the connector takes: what checking every field and making records cost.
`STOCKHUB_BENCHMARK_SMOKE` measures little.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from stockhub.pluginapi.connectors import ReadRequest
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.asking import token
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.reading.orders import INCLUDED

_SMOKE: Final = bool(os.environ.get("STOCKHUB_BENCHMARK_SMOKE"))
ORDERS: Final = 1_000 if _SMOKE else 10_000
PAIRS: Final = 1 if _SMOKE else 3
LINES: Final = 2
GOAL: Final = 3.0
#: Orders that change at one moment.
_AT_ONCE: Final = 200


def run() -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "stockhub_amazon.fake", "--rates", "0", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as fake:
        if fake.stdin is None or fake.stdout is None:
            raise AssertionError("the fake has no pipes")
        url = fake.stdout.readline().strip()
        _fill(url)
        ratios = []
        for _pair in range(PAIRS):
            plain, rows = _plainly(url)
            ours, records = _through_connector(url)
            if rows != ORDERS or records != ORDERS:
                raise AssertionError(f"{records} orders through the connector, {rows} plainly, of {ORDERS}")
            ratios.append(ours / plain)
        fake.stdin.close()
    value = statistics.median(ratios)
    print(f"{ORDERS:,} orders of {LINES} lines; ratios {', '.join(f'{ratio:.2f}' for ratio in ratios)}", flush=True)
    return [
        {"name": "Amazon: reading orders against asking and parsing alone, processor time", "value": round(value, 2), "goal": GOAL,
         "better": "lower", "ok": value <= GOAL},
    ]  # fmt: skip


def _fill(url: str) -> None:
    """Orders of the last day, which the search has and no report is needed for."""
    _control(url, "products", {"products": [{"sku": f"SKU-{number}", "fulfillable": 10 * ORDERS} for number in range(LINES)]})
    now = datetime.now(UTC)
    for batch in range(ORDERS // _AT_ONCE):
        at = now - timedelta(hours=20) + timedelta(seconds=batch * 30)
        lines = [[f"SKU-{number}", 1 + number] for number in range(LINES)]
        _control(url, "order", {"lines": lines, "at": at.isoformat(), "times": _AT_ONCE})


def _control(url: str, action: str, body: dict[str, Any]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("POST", f"/_control/{action}", json.dumps(body))
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 200:
        raise AssertionError(f"{action}: {answer.status} {said[:200]!r}")


def _through_connector(url: str) -> tuple[float, int]:
    account = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER,
        "region": "na", "marketplace_ids": [MARKETPLACE], "base_url": url, "token_url": f"{url}/auth/o2/token",
    }  # fmt: skip
    connector = AmazonConnector()
    context = connector_context(connector, account, clock=lambda: datetime.now(UTC))
    context.platform.token()
    ids: set[str] = set()
    began = time.process_time()
    for page in connector.read_orders(ReadRequest(since=datetime.now(UTC) - timedelta(hours=24)), context):
        ids.update(record.external_id for record in page.records if len(record.lines) == LINES)
        if page.is_last:
            break
    return time.process_time() - began, len(ids)


def _plainly(url: str) -> tuple[float, int]:
    headers = {"x-amz-access-token": token(url).json()["access_token"]}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    now = datetime.now(UTC)
    query = {
        "lastUpdatedAfter": _iso(now - timedelta(hours=24)), "lastUpdatedBefore": _iso(now - timedelta(minutes=3)),
        "marketplaceIds": MARKETPLACE, "maxResultsPerPage": "100", "includedData": ",".join(INCLUDED),
    }  # fmt: skip
    rows, following = 0, ""
    began = time.process_time()
    while True:
        asked = query | ({"paginationToken": following} if following else {})
        connection.request("GET", f"/orders/2026-01-01/orders?{urlencode(asked)}", headers=headers)
        answer = json.loads(connection.getresponse().read())
        rows += len(answer["orders"])
        following = answer.get("pagination", {}).get("nextToken", "")
        if not following:
            break
    seconds = time.process_time() - began
    connection.close()
    return seconds, rows


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
