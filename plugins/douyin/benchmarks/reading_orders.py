"""Orders read through the connector from the fake, over HTTP, against the fake's answers alone asked for and parsed.

Both talk to the same fake in a process of its own; the value is how many times as long the connector takes: what verifying, slicing windows
and making records cost. `STOCKHUB_BENCHMARK_SMOKE` measures little.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from stockhub.pluginapi.connectors import ReadRequest
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.fake.settings import FakeSettings
from stockhub_douyin.fake.signature import canonical, parse, sign

ORDERS: Final = 2_000 if os.environ.get("STOCKHUB_BENCHMARK_SMOKE") else 20_000
DAYS: Final = 60
GOAL: Final = 3.0
_APP: Final = FakeSettings()


def run() -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "stockhub_douyin.fake", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as fake:
        assert fake.stdout is not None
        assert fake.stdin is not None
        url = fake.stdout.readline().strip()
        _control(url, "past", {"orders": ORDERS, "days": DAYS})
        connector_seconds, records = _through_connector(url)
        plain_seconds, rows = _plainly(url)
        fake.stdin.close()
    if records != ORDERS or rows != ORDERS:
        raise AssertionError(f"{records} orders through the connector, {rows} plainly, of {ORDERS}")
    ratio = connector_seconds / plain_seconds
    return [
        {"name": "Douyin: reading orders against asking and parsing alone", "value": round(ratio, 2), "goal": GOAL, "better": "lower",
         "ok": ratio <= GOAL},
    ]  # fmt: skip


def _control(url: str, path: str, body: dict[str, Any]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("POST", f"/_control/{path}", json.dumps(body))
    assert connection.getresponse().status == 200
    connection.close()


def _through_connector(url: str) -> tuple[float, int]:
    connector = DouyinConnector()
    account = {"app_key": _APP.app_key, "app_secret": _APP.app_secret, "shop_id": str(_APP.shop_id), "base_url": url}
    now = datetime.now(UTC)
    context = connector_context(connector, account, clock=HandSetClock(now))
    ids: set[str] = set()
    began = time.perf_counter()
    for page in connector.read_orders(ReadRequest(since=now - timedelta(days=DAYS + 1)), context):
        ids.update(record.external_id for record in page.records)
        if page.is_last:
            break
    return time.perf_counter() - began, len(ids)


def _plainly(url: str) -> tuple[float, int]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    token = _ask(connection, "token.create", {"grant_type": "authorization_self", "shop_id": str(_APP.shop_id)}, "")["access_token"]
    page, rows = 0, 0
    began = time.perf_counter()
    while True:
        window = {"update_time_start": 0, "update_time_end": 2**40, "order_by": "update_time", "order_asc": True, "page": page, "size": 100}
        data = _ask(connection, "order.searchList", window, token)
        rows += len(data["shop_order_list"])
        page += 1
        if rows >= data["total"]:
            break
    seconds = time.perf_counter() - began
    connection.close()
    return seconds, rows


def _ask(connection: http.client.HTTPConnection, method: str, params: dict[str, Any], token: str) -> dict[str, Any]:
    body = json.dumps(params).encode()
    timestamp = str(int(time.time()))
    named = {
        "app_key": _APP.app_key,
        "method": method,
        "timestamp": timestamp,
        "v": "2",
        "sign_method": "hmac-sha256",
        "access_token": token,
    }
    named["sign"] = sign(
        _APP.app_secret,
        app_key=_APP.app_key,
        method=method,
        param_json=canonical(parse(body)),
        timestamp=timestamp,
        sign_method="hmac-sha256",
    )
    connection.request("POST", f"/{method.replace('.', '/')}?{urlencode(named)}", body, {"Content-Type": "application/json"})
    data: dict[str, Any] = json.loads(connection.getresponse().read())["data"]
    return data
