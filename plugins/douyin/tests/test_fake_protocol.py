"""The fake speaks as the platform does: its signature by the vectors, its answers by the samples, its limits by the documentation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake.asking import Asker
from stockhub_douyin.fake.signature import canonical, event_sign, is_signed, parse

SHARED = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[3].parent / "shared")
SAMPLES = SHARED / "vectors" / "douyin" / "samples"
needs_shared = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared vectors are absent; STOCKHUB_SHARED names their folder")
WINDOW = {"update_time_start": 0, "update_time_end": 4_000_000_000, "order_by": "update_time", "order_asc": True, "page": 0, "size": 100}
SHIRT = 3_521_000_000_000_000_001
BLACK, REGIONAL, COAT = 1_756_789_012_345_679, 1_756_789_012_345_681, 1_756_789_012_345_700


@pytest.fixture
def fake() -> Iterator[FakeDouyin]:
    with FakeDouyin() as running:
        yield running


@pytest.fixture
def asker(fake: FakeDouyin) -> Asker:
    made = Asker(fake)
    made.authorize()
    return made


def vectors(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((SAMPLES.parent / f"{name}.json").read_text("utf-8"))["vectors"]
    return loaded


# Signatures


@needs_shared
def test_all_firm_signatures_are_good_whatever_the_order_of_keys_and_no_others() -> None:
    """U24: the fake checks by its own code, over the canonical form of whatever bytes came."""
    checked = 0
    for vector in vectors("sign_vectors"):
        query = {name: vector[name] for name in ("app_key", "method", "timestamp", "sign")}
        if vector["sign_method"] != "md5":
            query["sign_method"] = vector["sign_method"]
        for body in (vector["params_raw"], vector["param_json"]):
            assert is_signed(vector["app_secret"], query, body.encode()), vector["name"]
            assert canonical(parse(body.encode())) == vector["param_json"], vector["name"]
        assert not is_signed(vector["app_secret"] + "x", query, vector["param_json"].encode())
        assert not is_signed(vector["app_secret"], query | {"timestamp": "1735689601"}, vector["param_json"].encode())
        checked += 1
    assert checked == 40


@needs_shared
def test_pushes_are_signed_as_the_vectors_say() -> None:
    valid = [v for v in vectors("webhook_vectors") if v["valid"]]
    assert [v["name"] for v in valid if event_sign(v["app_key"], v["body"].encode(), v["app_secret"]) != v["event_sign"].lower()] == []
    assert len(valid) >= 12


@pytest.mark.parametrize(
    ("query", "sub_code"),
    [
        ({"sign": "0" * 64}, "isv.signature-invalid"),
        ({"app_key": "1"}, "isv.signature-invalid"),
        ({"sign_method": "md5"}, "isv.signature-invalid"),
        ({"v": "1"}, "isv.signature-invalid"),
        ({"timestamp": "1735689600"}, "isv.timestamp-invalid"),
        ({"access_token": "nobody's"}, "isv.access-token-no-existed"),
    ],
)
def test_who_asks_wrongly_is_refused_with_the_documented_code(asker: Asker, query: dict[str, str], sub_code: str) -> None:
    answer = asker.ask("order.searchList", WINDOW, **query)
    assert (answer["code"], answer["sub_code"], answer["data"]) == (40003, sub_code, None)


def test_a_method_that_is_written_otherwise_does_not_exist(asker: Asker) -> None:
    assert asker.ask("afterSale.list", {})["sub_code"] == "isp.api-service-off"


# Shapes


def shape(value: object) -> object:
    """Keys and kinds of values; a list has the shape of its first element, a map of warehouses that of its values."""
    if isinstance(value, dict):
        if value and all(str(key).startswith("WH-") for key in value):
            return {"WH": shape(next(iter(value.values())))}
        return {key: shape(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def differences(ours: object, theirs: object, path: str = "") -> list[str]:
    """Where the shapes differ. An empty list or map says nothing of what is in one."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if not ours or not theirs:
            return []
        keys = [f"{path}.{key}" for key in sorted(set(ours) ^ set(theirs))]
        return keys + [d for key in set(ours) & set(theirs) for d in differences(ours[key], theirs[key], f"{path}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list):
        return differences(ours[0], theirs[0], f"{path}[]") if ours and theirs else []
    return [] if ours == theirs else [f"{path}: {ours} and not {theirs}"]


def sample(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    return loaded


@needs_shared
@pytest.mark.parametrize(
    ("name", "method", "params"),
    [
        ("order_searchList_response", "order.searchList", WINDOW),
        ("order_searchList_response_empty", "order.searchList", WINDOW | {"page": 3}),
        ("product_listV2_response", "product.listV2", {"page": 1, "size": 100}),
        ("sku_list_response", "sku.list", {"product_id": SHIRT}),
        ("sku_stockNum_response_normal", "sku.stockNum", {"sku_id": BLACK}),
        ("sku_stockNum_response_channel_live", "sku.stockNum", {"code": "TSHIRT-BLK-M"}),
        ("sku_stockNum_response_regional", "sku.stockNum", {"sku_id": REGIONAL}),
        ("sku_stockNum_response_step_presale", "sku.stockNum", {"sku_id": COAT}),
        ("warehouse_list_response", "warehouse.list", {"page": 0, "size": 100}),
        ("afterSale_List_response", "afterSale.List", {"update_start_time": 0, "order_by": ["update_time asc"], "page": 0, "size": 100}),
        ("sku_syncStock_response_ok", "sku.syncStock", {"sku_id": BLACK, "stock_num": 80}),
        ("sku_syncStockBatch_response_ok", "sku.syncStockBatch",
         {"product_id": SHIRT, "sku_sync_list": [{"sku_id": BLACK, "stock_num": 80}]}),
        ("sku_syncStockBatchMultiProducts_response", "sku.syncStockBatchMultiProducts",
         {"items": [{"sku_id": BLACK, "stock_num": 80}], "incremental": False, "idempotent_id": "b-1"}),
    ],
)  # fmt: skip
def test_answers_have_the_keys_and_types_of_the_samples(
    fake: FakeDouyin, asker: Asker, name: str, method: str, params: dict[str, Any]
) -> None:
    fake.control("stock", {"code": "TSHIRT-WHT-L", "normal": 9})
    lines = [{"code": "TSHIRT-BLK-M", "qty": 2}, {"code": "TSHIRT-WHT-L", "qty": 1, "gift_of": 0}]
    (order_id,) = fake.control("orders", {"lines": lines, "pay": True, "live": {}})["order_ids"]
    fake.control(f"orders/{order_id}/ship")
    fake.control("aftersales", {"order_id": order_id, "type": 0})
    answer = asker.ask(method, params)
    assert answer["code"] == 10000, answer
    assert differences(shape(answer), shape(sample(name))) == []


@needs_shared
def test_the_shape_of_a_deposit_and_of_a_token_are_those_of_the_samples(fake: FakeDouyin, asker: Asker) -> None:
    (order_id,) = fake.control("orders", {"lines": [{"code": "DOWN-BLK-M"}], "deposit": 5000, "pay": True})["order_ids"]
    detail = asker.ask("order.orderDetail", {"shop_order_id": order_id})["data"]["shop_order_detail"]
    theirs = next(o for o in sample("order_searchList_response")["data"]["shop_order_list"] if o["order_phase_list"])
    assert differences(shape(detail), shape(theirs)) == []
    assert detail["order_status"] == 103
    assert differences(shape(asker.authorize()), shape(sample("token_create_response"))) == []


@needs_shared
def test_errors_are_those_of_the_samples(fake: FakeDouyin, asker: Asker) -> None:
    for name, theirs in sample("errors").items():
        fake.control("faults", {"clear": True, "mode": name, "method": "shop.reputation"})
        ours = asker.ask("shop.reputation", {})
        assert {k: v for k, v in ours.items() if k != "log_id"} == {k: v for k, v in theirs.items() if k not in ("log_id", "_retry")}, name


# Limits


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("order.searchList", WINDOW | {"size": 101}, 40003),
        ("order.searchList", WINDOW | {"page": -1}, 40003),
        ("order.searchList", WINDOW | {"page": 500, "size": 100}, 40003),
        ("order.searchList", WINDOW | {"combine_status": [{"order_status": "2"}, {"order_status": "3"}]}, 40003),
        ("order.searchList", WINDOW | {"update_time_start": 5, "update_time_end": 4}, 40003),
        ("order.orderDetail", {}, 40001),
        ("order.orderDetail", {"shop_order_id": "1"}, 40003),
        ("product.listV2", {"page": 0, "size": 100}, 40003),
        ("product.listV2", {"page": 101, "size": 100}, 40003),
        ("product.listV2", {"product_id": list(range(101))}, 40003),
        ("warehouse.list", {"page": 0, "size": 101}, 40003),
        ("afterSale.List", {"page": 0, "size": 101}, 40003),
        ("sku.list", {}, 40001),
        ("sku.syncStock", {"sku_id": BLACK, "incremental": True, "stock_num": 1}, 40001),
        ("sku.syncStock", {"sku_id": BLACK, "stock_num": 1, "out_warehouse_id": "WH-SH-01"}, 50002),
        ("sku.syncStock", {"sku_id": BLACK, "stock_num": 19}, 50002),
        ("sku.syncStock", {"sku_id": REGIONAL, "stock_num": 1}, 50002),
        ("sku.syncStockBatchMultiProducts", {"items": [{"sku_id": BLACK, "stock_num": 1}], "incremental": False}, 40001),
        ("sku.syncStockBatchMultiProducts",
         {"items": [{"sku_id": BLACK, "stock_num": 30}] * 51, "incremental": False, "idempotent_id": "x"}, 40003),
        ("promise.setSkuShipTime", {"rules": [{"sku_id": BLACK, "pre_sell_type": 0, "delay_day": 2}]}, 40003),
        ("promise.setSkuShipTime", {"rules": [{"sku_id": BLACK, "pre_sell_type": 1, "delay_day": 16, "pre_sell_end_time": 1}]}, 40003),
        ("sku.editPrice", {"sku_id": BLACK, "price": 0}, 40003),
    ],
)  # fmt: skip
def test_what_is_beyond_a_documented_limit_is_refused(asker: Asker, method: str, params: dict[str, Any], code: int) -> None:
    assert asker.ask(method, params)["code"] == code


def test_a_method_has_as_many_calls_as_its_rate_allows(fake: FakeDouyin, asker: Asker) -> None:
    fake.control("clock", {"stop": True})
    fake.control("settings", {"rates": {"shop.reputation": [0.5, 2]}})
    codes = [asker.ask("shop.reputation", {})["code"] for _n in range(3)]
    fake.control("clock", {"advance": 2})
    assert [*codes, asker.ask("shop.reputation", {})["code"]] == [10000, 10000, 60000, 10000]
