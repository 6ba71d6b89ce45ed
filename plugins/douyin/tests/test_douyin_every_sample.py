"""Each of the 42 samples goes through the connector itself: answers to records, requests to what is signed, pushes to messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

import pytest

from stockhub.pluginapi.connectors import ConnectorContext, Platform, StockPush, WebhookRequest
from stockhub.pluginapi.http import HttpRequest, HttpResponse
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.listings import listing_record
from stockhub_douyin.order_records import order_records
from stockhub_douyin.returns import return_records
from stockhub_douyin.signing import canonical_json, require_unambiguous
from stockhub_douyin.stock import stock_records

pytestmark = pytest.mark.judged
AT: Final = datetime(2025, 1, 2, tzinfo=UTC)
SHOP: Final = {"app_key": "7123456789012345678", "app_secret": "5f0c2b4e-7a1d-4c3b-9e8f-0123456789ab", "shop_id": "4463798"}
CONNECTOR: Final = DouyinConnector()


class Sampled(Platform):
    """Answers every call with one sample, as the platform would send it."""

    def __init__(self, body: bytes) -> None:
        self.answer = HttpResponse(200, {"content-type": "application/json"}, body)

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        return self.answer

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        raise NotImplementedError("Douyin has no documents.")

    def token(self) -> str:
        return "t"


@dataclass
class SampledHttp:
    """The same for calls that need no token."""

    platform: Sampled

    def send(self, request: HttpRequest) -> HttpResponse:
        return self.platform.send("", request)


def context_of(body: bytes) -> ConnectorContext:
    platform = Sampled(body)
    return replace(connector_context(CONNECTOR, SHOP, clock=HandSetClock(AT)), platform=platform, http=SampledHttp(platform))


def data_of(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(body)["data"]


def push(body: bytes, rows: list[StockPush], known: dict[str, list[int]]) -> list[str]:
    context = context_of(body)
    context.memory.set("variants", {f"sku:{code}": ids for code, ids in known.items()})
    return [result.status.value for result in CONNECTOR.push_stock(rows, "key", context, preview=False)]


def orders(rows: list[dict[str, Any]]) -> list[str]:
    records, rejected = order_records(rows, DouyinAccountConfig.model_validate(SHOP))
    assert rejected == []
    return [record.external_id[-2:] for record in records]


def returned(body: bytes) -> list[tuple[str, int]]:
    records, rejected = return_records(data_of(body)["items"], DouyinClient(context_of(body)))
    assert rejected == []
    return [(record.external_id, record.qty) for record in records]


def stock(body: bytes) -> dict[str, int]:
    records = stock_records(data_of(body), DouyinAccountConfig.model_validate(SHOP), AT)
    return {record.warehouse: dict(record.quantities)["available"] for record in records}


def listed(body: bytes) -> list[str]:
    config = DouyinAccountConfig.model_validate(SHOP)
    return [listing_record({"status": 0, "name": "P"}, row, config, AT).code for row in data_of(body)]


def token(body: bytes) -> tuple[str, timedelta]:
    told = CONNECTOR.obtain(context_of(body))
    assert told.expires_at is not None
    return told.subject, told.expires_at - AT


TWO: Final = [StockPush("A", 80, was=84), StockPush("B", 15, was=12, warehouse="WH-SH-01")]
IDS: Final = {"A": [3520000000000000001, 1756789012345679, 0], "B": [3520000000000000002, 1756789012345690, 1]}
#: What each answer becomes.
ANSWERS: Final[dict[str, tuple[Callable[[bytes], Any], Any]]] = {
    "afterSale_List_response": (returned, [("7012345678901234567", 2)]),
    "order_orderDetail_response": (lambda body: orders([data_of(body)["shop_order_detail"]]), ["22"]),
    "order_searchList_response": (lambda body: orders(data_of(body)["shop_order_list"]), ["12", "22", "32", "42", "52", "62", "72"]),
    "order_searchList_response_empty": (lambda body: orders(data_of(body)["shop_order_list"]), []),
    "product_listV2_response": (
        lambda body: [listing_record(row, {"code": "A", "price": 1}, DouyinAccountConfig.model_validate(SHOP), AT).status
                      for row in data_of(body)["data"]],
        ["active", "active", "active"],
    ),
    "sku_list_response": (listed, ["TSHIRT-BLK-M", "TSHIRT-WHT-L", "TSHIRT-WHT-XL"]),
    "sku_stockNum_response_channel_live": (stock, {"": 84}),
    "sku_stockNum_response_normal": (stock, {"": 84}),
    "sku_stockNum_response_regional": (stock, {"WH-GZ-02": 5, "WH-SH-01": 20}),
    "sku_stockNum_response_step_presale": (stock, {"": 12}),
    "sku_syncStockBatchMultiProducts_response": (lambda body: push(body, TWO, IDS), ["applied", "applied"]),
    "sku_syncStockBatch_response_ok": (lambda body: push(body, TWO[:1], IDS), ["applied"]),
    "sku_syncStock_response_ok": (lambda body: push(body, TWO[:1], IDS), ["applied"]),
    "token_create_response": (token, ("4463798", timedelta(days=7))),
    "warehouse_list_response": (
        lambda body: [each.code for each in CONNECTOR.read_warehouses(context_of(body))], ["WH-SH-01", "WH-GZ-02"]
    ),
}  # fmt: skip


def test_each_sample_of_an_answer_becomes_what_it_says(vectors: Path) -> None:
    found = {path.stem: path.read_bytes() for path in (vectors / "samples").glob("*_response*.json")}
    assert set(found) == set(ANSWERS)
    assert {name: read(found[name]) for name, (read, _wanted) in ANSWERS.items()} == {
        name: wanted for name, (_read, wanted) in ANSWERS.items()
    }


def test_each_sample_of_a_request_can_be_signed_and_keeps_its_numbers_exact(vectors: Path) -> None:
    """Numbers beyond 2^53 come out as they went in: their digits stand in what is signed."""
    files = sorted((vectors / "samples").glob("*_request*.json"))
    assert len(files) == 14
    large = 0
    for path in files:
        params = json.loads(path.read_text("utf-8"))
        require_unambiguous(params)
        text = canonical_json(params)
        assert json.loads(text) == params, path.stem
        for number in _whole_numbers(params):
            assert str(number) in text, path.stem
            large += number > 2**53
    assert large >= 1


def _whole_numbers(value: object) -> list[int]:
    if isinstance(value, dict):
        return [number for each in value.values() for number in _whole_numbers(each)]
    if isinstance(value, list):
        return [number for each in value for number in _whole_numbers(each)]
    return [value] if type(value) is int else []


def test_each_sample_of_a_push_is_verified_and_taken_apart(vectors: Path) -> None:
    files = sorted((vectors / "samples").glob("webhook_*.json"))
    assert len(files) == 12
    offline = connector_context(CONNECTOR, SHOP, clock=HandSetClock(AT), reaches_network=False)
    for path in files:
        sample = json.loads(path.read_text("utf-8"))
        headers = {name.lower(): value for name, value in sample["headers"].items()}
        told = CONNECTOR.receive(WebhookRequest("POST", headers, {}, sample["body"].encode()), offline)
        assert (told.answer.status, told.unreadable) == (200, ""), path.stem
        assert len(told.messages) == len(sample["data_decoded"]), path.stem
        for message, data in zip(told.messages, sample["data_decoded"], strict=True):
            named = {name: str(data[name]) for name in ("p_id", "aftersale_id", "product_id") if isinstance(data, dict) and name in data}
            assert {name: message.payload.get(name) for name in named} == named, path.stem


def test_no_sample_is_left_out(vectors: Path) -> None:
    """The errors are those of the envelope's tests."""
    names = {path.stem for path in (vectors / "samples").glob("*.json")}
    rest = {name for name in names if "_request" not in name and "_response" not in name and not name.startswith("webhook_")}
    assert (len(names), rest) == (42, {"errors"})
