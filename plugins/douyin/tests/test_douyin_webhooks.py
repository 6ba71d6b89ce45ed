"""Promise 10, D2: what is pushed is verified over its bytes, taken apart in every form, and led back to what it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.pluginapi.connectors import FeedKind, WebhookMessage, WebhookPush, WebhookRefusedError, WebhookRequest
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.fake_shop import FakeShop
from stockhub_douyin.push_messages import UnreadableBodyError, messages_of
from stockhub_douyin.signing import push_signature

CONFIG = {"app_key": "7123456789012345678", "app_secret": "5f0c2b4e-7a1d-4c3b-9e8f-0123456789ab", "shop_id": "4463798"}
CONNECTOR = DouyinConnector()
OFFLINE = connector_context(CONNECTOR, CONFIG, reaches_network=False)


def receive(body: bytes, headers: dict[str, str], config: dict[str, str] | None = None, method: str = "POST") -> WebhookPush:
    context = connector_context(CONNECTOR, config, reaches_network=False) if config else OFFLINE
    lower = {name.lower(): value for name, value in headers.items()}
    return CONNECTOR.receive(WebhookRequest(method, lower, {}, body), context)


def signed(body: bytes) -> WebhookPush:
    sign = push_signature(app_key=CONFIG["app_key"], app_secret=CONFIG["app_secret"], body=body)
    return receive(body, {"app-id": CONFIG["app_key"], "event-sign": sign})


def test_u24_every_vector_is_taken_or_refused_as_it_has_to_be(vectors_of: Callable[[str], dict[str, Any]]) -> None:
    """Twelve are taken, seven refused; one of those the official SDKs refuse as well: a signature in capitals."""
    taken = refused = 0
    for vector in vectors_of("webhook_vectors")["vectors"]:
        config = {"app_key": vector["app_key"], "app_secret": vector["app_secret"], "shop_id": "4463798"}
        if vector["valid"] is not True:
            with pytest.raises(WebhookRefusedError) as error:
                receive(vector["body"].encode(), vector["headers"], config)
            assert error.value.status == (403 if vector["name"] == "NEG_wrong_app_id" else 401), vector["name"]
            refused += 1
            continue
        push = receive(vector["body"].encode(), vector["headers"], config)
        assert [message.kind for message in push.messages] == vector["expected_tags"], vector["name"]
        assert json.loads(push.answer.body) == vector["expected_response"] == {"code": 0, "msg": "success"}
        assert (push.answer.status, push.unreadable) == (200, "")
        taken += 1
    assert (taken, refused) == (12, 7)


def test_a_message_is_kept_reduced_with_its_ids_as_text(vectors_of: Callable[[str], dict[str, Any]]) -> None:
    bodies = {vector["name"]: vector["body"] for vector in vectors_of("webhook_vectors")["vectors"]}
    [shipped] = messages_of(bodies["trade_ship_102"].encode())
    assert shipped == WebhookMessage(
        "m-102-1", "102", {"p_id": "6938402123456789012", "shop_id": "4463798", "order_status": 3}, datetime(2025, 1, 1, 2, tzinfo=UTC)
    )
    [cancelled] = messages_of(bodies["trade_cancel_106_chinese"].encode())
    assert "不想要" not in repr(cancelled)
    [refund] = messages_of(bodies["refund_success_206"].encode())
    assert refund.payload == {
        "p_id": "6938402123456789012", "s_id": "6938402123456789013", "aftersale_id": "7012345678901234567", "shop_id": "4463798",
        "aftersale_status": 12, "aftersale_type": 2,
    }  # fmt: skip


def item(tag: object = "101", data: object = None, **more: object) -> bytes:
    body = {"tag": tag, "msg_id": "m-1", "data": json.dumps({"p_id": 693, "shop_id": 4463798}) if data is None else data} | more
    return json.dumps([body]).encode()


@pytest.mark.parametrize(
    ("body", "kind", "message_id", "payload"),
    [
        (item(tag=101), "101", "m-1", {"p_id": "693", "shop_id": "4463798"}),
        (item()[1:-1], "101", "m-1", {"p_id": "693", "shop_id": "4463798"}),
        (item(data={"p_id": "693"}), "101", "m-1", {"p_id": "693"}),
        (item(msg_id=77), "101", "77", {"p_id": "693", "shop_id": "4463798"}),
        (item(msg_id=None, msgId="old"), "101", "old", {"p_id": "693", "shop_id": "4463798"}),
        (item(tag="0", data="now"), "0", "m-1", {}),
        (item(data="{broken"), "101", "m-1", {"fault": "Its data are no JSON object."}),
        (item(data={"p_id": -5}), "101", "m-1", {"fault": "p_id is no id."}),
        (item(data={"p_id": 1.5}), "101", "m-1", {"fault": "p_id is no id."}),
        (item(data={"p_id": "6\x00"}), "101", "m-1", {"fault": "p_id is no id."}),
        (item(data={"p_id": 10**40}), "101", "m-1", {"fault": "p_id is no id."}),
        (item(data={"p_id": 1, "pay_time": 10**14}), "101", "m-1", {"fault": "pay_time is no time in seconds."}),
        (item(data={"p_id": 1, "order_status": 10**12}), "101", "m-1", {"p_id": "1"}),
    ],
)
def test_messages_in_every_form(body: bytes, kind: str, message_id: str, payload: dict[str, Any]) -> None:
    [message] = messages_of(body)
    assert (message.kind, message.message_id, message.payload) == (kind, message_id, payload)


def test_a_message_without_an_id_is_known_by_what_it_says() -> None:
    first, again, other = (messages_of(item(msg_id="", data={"p_id": n}))[0].message_id for n in (1, 1, 2))
    assert first == again != other
    assert first.startswith("digest:")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"[1]", b'"x"', b"[" * 50_000, b'[{"msg_id":"1"}]', b"\xff\xfe", item(tag="x" * 99), b'[{"tag":NaN}]'],
)
def test_a_body_that_is_none_is_acknowledged_and_kept_apart(body: bytes) -> None:
    push = signed(body)
    assert list(push.messages) == []
    assert push.unreadable
    assert push.answer.status == 200


def test_a_message_for_another_shop_of_the_app_is_none_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    two = json.loads(item()) + json.loads(item(msg_id="m-2", data={"p_id": 5, "shop_id": 999}))
    assert [message.message_id for message in signed(json.dumps(two).encode()).messages] == ["m-1"]
    assert "another shop" in caplog.text


def test_only_posts_are_pushes() -> None:
    with pytest.raises(WebhookRefusedError) as refused:
        receive(b"", {}, method="GET")
    assert refused.value.status == 400


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()), lambda of: st.lists(of) | st.dictionaries(st.text(), of)
    )
)
def test_no_body_ends_in_a_fault_of_ours(found: object) -> None:
    for data in (found, json.dumps(found)):
        body = json.dumps([{"tag": "101", "msg_id": "1", "data": data}, found] if isinstance(found, dict) else [{"tag": "1", "data": data}])
        try:
            messages = messages_of(body.encode())
        except UnreadableBodyError:
            continue
        for message in messages:
            assert all(isinstance(value, str | int) for value in message.payload.values())


# Working on them


def message(tag: str, number: int = 1, **payload: object) -> WebhookMessage:
    return WebhookMessage(f"m-{tag}-{number}", tag, payload)


def test_d2_messages_lead_to_their_order_once(shop: FakeShop) -> None:
    order_id = shop.control("orders", lines=[{"code": "DOWN-BLK-M", "qty": 2}], pay=True)["order_ids"][0]
    messages = [message("100", p_id=order_id), message("101", p_id=order_id), message("100", 2, p_id="5"), message("0"), message("126")]
    facts = list(shop.connector.work_on(messages, shop.context))
    orders = {each.message_ids[0]: each for each in facts}
    assert [(r.external_id, r.status) for r in orders["m-100-1"].records] == [(order_id, "paid")]
    assert list(orders["m-100-1"].message_ids) == ["m-100-1", "m-101-1"]
    assert [(each.external_id, each.code) for each in orders["m-100-2"].rejected] == [("5", "isv_parameter_invalid")]
    assert sorted(orders["m-0-1"].message_ids) == ["m-0-1", "m-126-1"]
    assert sum(len(each.message_ids) for each in facts) == 5
    assert shop.calls("order.orderDetail") == 2


def test_a_refund_before_the_shipment_cancels_and_one_with_goods_brings_them_back(shop: FakeShop) -> None:
    first, second = shop.control("orders", lines=[{"code": "DOWN-BLK-M"}], count=2, pay=True)["order_ids"]
    before = shop.control("aftersales", order_id=first, type=2)["aftersale_id"]
    shop.control(f"aftersales/{before}/agree")
    shop.control(f"orders/{second}/ship")
    back = shop.control("aftersales", order_id=second, type=0)["aftersale_id"]
    for step in ("agree", "send_back", "succeed"):
        shop.control(f"aftersales/{back}/{step}")
    messages = [
        message("206", 1, p_id=first, aftersale_id=before, aftersale_type=2, aftersale_status=12),
        message("206", 2, p_id=second, aftersale_id=back, aftersale_type=0, aftersale_status=12),
    ]
    facts = list(shop.connector.work_on(messages, shop.context))
    assert [(each.kind, [getattr(r, "status", "") for r in each.records], list(each.message_ids)) for each in facts] == [
        (FeedKind.ORDERS, ["cancelled"], ["m-206-1"]), (FeedKind.ORDERS, ["shipped"], []), (FeedKind.RETURNS, [""], ["m-206-2"]),
    ]  # fmt: skip
    assert facts[2].records[0].external_id == back


def test_a_changed_product_is_listed_anew(shop: FakeShop) -> None:
    shop.control("product/3521000000000000003", status=1)
    [facts] = list(shop.connector.work_on([message("400", product_id="3521000000000000003")], shop.context))
    assert (facts.kind, list(facts.message_ids)) == (FeedKind.LISTINGS, ["m-400-1"])
    assert {(r.code, r.status) for r in facts.records} == {("DOWN-WHT-S", "inactive"), ("DOWN-BLK-M", "inactive")}


def test_what_could_not_be_read_is_set_apart_with_its_message(shop: FakeShop) -> None:
    [facts] = list(shop.connector.work_on([message("101", fault="p_id is no id.")], shop.context))
    assert [(each.external_id, each.code, each.message) for each in facts.rejected] == [
        ("m-101-1", "unreadable_message", "Message 101: p_id is no id.")
    ]
