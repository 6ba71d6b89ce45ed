"""Notifications: Amazon's own examples in every envelope, proved, reduced, in any order and as often as they come (promise 10)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockhub.pluginapi.connectors import ConnectorContext, FeedKind, WebhookMessage, WebhookRefusedError, WebhookRequest
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.notifications.envelopes import EnvelopeError, notifications_of
from stockhub_amazon.notifications.proof import SIGNATURE, TIMESTAMP, signed
from stockhub_amazon.receiver.forwarding import Forwarder
from stockhub_amazon.receiver.queue import Queue
from stockhub_amazon.receiver.signing import Credentials, signed_headers

CONNECTOR = AmazonConnector()
SECRET = "a-secret-of-the-webhook"
EXAMPLE_SELLER = "A3TH9S8BH6GOGM"
AT = "2026-11-20T10:00:00.000Z"


@pytest.fixture(scope="module")
def here() -> Iterator[Fake]:
    with Fake(rates=0) as fake:
        fake.world.add_product("MUG", fulfillable=100)
        yield fake


def context_of(here: Fake, seller: str = SELLER, **changes: object) -> ConnectorContext:
    config = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": seller, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": here.base_url, "token_url": f"{here.base_url}/auth/o2/token",
        "webhook_secret": SECRET, **changes,
    }  # fmt: skip
    return connector_context(CONNECTOR, config, clock=here.world.now)


def request_of(body: object, context: ConnectorContext, **headers: str) -> WebhookRequest:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return WebhookRequest("POST", headers or signed(raw, SECRET, context.now()), {}, raw)


def stock_change(qty: int, at: str = AT, sku: str = "MUG", seller: str = SELLER) -> dict[str, Any]:
    inventory = {
        "InboundQuantityBreakdown": {"Working": 0, "Shipped": 5, "Receiving": 10}, "Fulfillable": qty, "Unfulfillable": 1, "Researching": 2,
        "ReservedQuantityBreakdown": {"WarehouseProcessing": 5, "WarehouseTransfer": 15, "PendingCustomerOrder": 10},
        "FutureSupplyBuyable": 10, "PendingCustomerOrderInTransit": 0,
    }  # fmt: skip
    views = [{"MarketplaceId": m, "ItemName": "x", "FulfillmentInventory": inventory} for m in (MARKETPLACE, "A2EUQ1WTGCTBG2")]
    payload = {"SellerId": seller, "FNSKU": "X1", "ASIN": "B1", "SKU": sku, "FulfillmentInventoryByMarketplace": views}
    return {"NotificationType": "FBA_INVENTORY_AVAILABILITY_CHANGES", "PayloadVersion": "1.0", "EventTime": at, "Payload": payload}


# Amazon's own examples


SCHEMAS = ["OrderChange", "AnyOfferChanged", "ReportProcessingFinished", "FeedProcessingFinished", "ListingsItemStatusChange"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_amazons_examples_are_read_in_both_casings(shared_kit: Path, here: Fake, name: str) -> None:
    schema = json.loads((shared_kit / "models" / "schemas" / "notifications" / f"{name}Notification.json").read_text())
    example = schema["examples"][0]
    if name != "ListingsItemStatusChange":  # Its schema contradicts its own example in one word.
        jsonschema.validate(example, schema)
    (found,) = notifications_of(json.dumps(example).encode())
    assert (
        found.notification_id
        == (example.get("NotificationMetadata") or example["notificationMetadata"])[
            "NotificationId" if "NotificationMetadata" in example else "notificationId"
        ]
    )
    assert found.kind == (example.get("NotificationType") or example.get("notificationType"))
    assert found.occurred_at is not None
    seller = found.payload.get("SellerId") or found.payload["sellerId"]
    context = context_of(here, seller)
    (message,) = CONNECTOR.receive(request_of(example, context), context).messages
    assert message.kind == found.kind
    kept = json.dumps(message.payload)
    assert "48110" not in kept, "a postal code is kept"
    assert "Buyer" not in kept


def _schema(shared_kit: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_kit / "models" / "schemas" / "notifications" / f"{name}Notification.json").read_text())
    return found


def test_amazons_example_of_stock_is_read_by_marketplace(shared_kit: Path, here: Fake) -> None:
    """Its schema has an example of the payload alone and names no metadata."""
    schema = _schema(shared_kit, "FBAInventoryAvailabilityChange")
    (payload, *_others) = schema["properties"]["Payload"]["examples"]
    body = stock_change(5) | {"NotificationVersion": "1.0", "Payload": payload}
    jsonschema.validate(body, schema)
    context = context_of(here, payload["SellerId"])
    (facts,) = CONNECTOR.work_on(messages_of(context, body), context)
    (record,) = facts.records
    assert (record.code, dict(record.quantities)["available"]) == (payload["SKU"], 50)


def test_what_our_fake_puts_into_a_queue_is_as_amazons_schemas_say(shared_kit: Path, here: Fake) -> None:
    """Both casings: orders and stock begin with capitals, reports with small letters."""
    order = here.world.create_order([("MUG", 1)])
    told = here.notifications
    for name, kind, body in (
        ("OrderChange", "ORDER_CHANGE", told.order_changed(order.order_id)),
        ("FBAInventoryAvailabilityChange", "FBA_INVENTORY_AVAILABILITY_CHANGES", told.inventory_changed("MUG")),
        ("ReportProcessingFinished", "REPORT_PROCESSING_FINISHED", told.report_finished("1", "GET_LEDGER_DETAIL_VIEW_DATA", "DONE", "d1")),
    ):
        jsonschema.validate(body, _schema(shared_kit, name))
        (found,) = notifications_of(json.dumps(body).encode())
        assert found.kind == kind
    jsonschema.validate(stock_change(5), _schema(shared_kit, "FBAInventoryAvailabilityChange"))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda n: n,
        lambda n: [n],
        lambda n: {"Records": [{"messageId": "1", "body": json.dumps(n)}]},
        lambda n: {"Type": "Notification", "MessageId": "1", "Message": json.dumps(n)},
        lambda n: {"version": "0", "id": "1", "detail-type": "x", "source": "aws.partner/sellingpartnerapi.amazon.com/a", "detail": n},
        lambda n: {"Records": [{"messageId": "1", "body": json.dumps({"Type": "Notification", "Message": json.dumps(n)})}]},
        lambda n: {"Messages": [{"MessageId": "1", "Body": json.dumps(n)}]},
    ],
    ids=["bare", "list", "lambda", "sns", "eventbridge", "sns-in-sqs", "sqs"],
)
def test_every_envelope_holds_the_same(wrap: Callable[[object], object]) -> None:
    (bare,) = notifications_of(json.dumps(stock_change(5)).encode())
    assert notifications_of(json.dumps(wrap(stock_change(5))).encode()) == [bare]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[" * 100_000, b"{}", b"[]", b'"text"', b"\x00\xff", b'{"Payload": {}}', b'{"NotificationType": 5, "Payload": {}}',
     b'{"NotificationType": "X", "Payload": {}, "EventTime": "yesterday"}', b'{"Type": "SubscriptionConfirmation", "Message": "{}"}',
     b'{"detail": NaN}', b'{"Records": [{"body": "no json"}]}'],
)  # fmt: skip
def test_what_is_no_notification_is_kept_apart(here: Fake, body: bytes) -> None:
    with pytest.raises(EnvelopeError):
        notifications_of(body)
    context = context_of(here)
    push = CONNECTOR.receive(request_of(body, context), context)
    assert (push.messages, push.answer.status) == ((), 200)
    assert push.unreadable


# Proof


def test_a_signature_or_the_secret_in_a_header_proves_a_request(here: Fake) -> None:
    context = context_of(here)
    body = json.dumps(stock_change(5)).encode()
    for headers in (signed(body, SECRET, context.now()), {"x-api-key": SECRET}, {"authorization": f"Bearer {SECRET}"}):
        assert len(CONNECTOR.receive(WebhookRequest("POST", headers, {}, body), context).messages) == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (lambda r, _c: WebhookRequest("POST", {}, {}, r.body), 401, "no_proof"),
        (lambda r, _c: WebhookRequest("POST", {"x-api-key": "wrong"}, {}, r.body), 401, "no_proof"),
        (lambda r, _c: WebhookRequest("POST", r.headers, {}, r.body + b" "), 401, "bad_signature"),
        (lambda r, _c: WebhookRequest("POST", {**r.headers, SIGNATURE: "sha256=ü"}, {}, r.body), 401, "bad_signature"),
        (lambda r, _c: WebhookRequest("POST", {SIGNATURE: r.headers[SIGNATURE]}, {}, r.body), 401, "bad_signature"),
        (lambda r, c: WebhookRequest("POST", signed(r.body, SECRET, c.now() - timedelta(minutes=6)), {}, r.body), 401, "stale"),
        (lambda r, c: WebhookRequest("POST", signed(r.body, SECRET, c.now() + timedelta(minutes=6)), {}, r.body), 401, "stale"),
        (lambda r, _c: WebhookRequest("GET", r.headers, {}, r.body), 400, "no_post"),
        (lambda _r, c: request_of(b" " * (2 << 20) + b"  ", c), 413, "too_large"),
        (lambda _r, c: request_of(stock_change(5, seller="A0SOMEBODYELSE"), c), 403, "other_seller"),
    ],
)
def test_what_is_not_proved_is_refused(
    here: Fake, change: Callable[[WebhookRequest, ConnectorContext], WebhookRequest], status: int, code: str
) -> None:
    context = context_of(here)
    with pytest.raises(WebhookRefusedError) as raised:
        CONNECTOR.receive(change(request_of(stock_change(5), context), context), context)
    assert (raised.value.status, raised.value.code) == (status, code)


def test_an_account_without_a_secret_takes_nothing(here: Fake) -> None:
    context = context_of(here, webhook_secret=None)
    with pytest.raises(WebhookRefusedError) as raised:
        CONNECTOR.receive(request_of(stock_change(5), context, **{"x-api-key": ""}), context)
    assert raised.value.status == 403


# Work


def messages_of(context: ConnectorContext, *bodies: dict[str, Any]) -> list[WebhookMessage]:
    return [message for body in bodies for message in CONNECTOR.receive(request_of(body, context), context).messages]


def test_stock_is_the_newest_of_each_sku_and_of_one_marketplace(here: Fake) -> None:
    """U24: another marketplace's view of the same stock is not added to it. FBA's notifications have no id: equal ones are one."""
    context = context_of(here)
    late, early = stock_change(7, "2026-11-20T10:00:02Z"), stock_change(50, "2026-11-20T10:00:01Z")
    messages = messages_of(context, late, early, late)
    assert messages[0].message_id == messages[2].message_id != messages[1].message_id
    (facts,) = CONNECTOR.work_on(messages, context)
    assert facts.kind is FeedKind.STOCK
    (record,) = facts.records
    assert record.observed_at == datetime(2026, 11, 20, 10, 0, 2, tzinfo=UTC)
    assert dict(record.quantities) == {
        "available": 7, "reserved": 10, "platform_transfer": 15, "inspecting": 5, "researching": 2, "unsellable": 1
    }  # fmt: skip
    assert list(facts.message_ids) == [message.message_id for message in messages]


def test_a_negative_or_absurd_count_is_no_count(here: Fake) -> None:
    context = context_of(here)
    (facts,) = CONNECTOR.work_on(messages_of(context, stock_change(-5)), context)
    (record,) = facts.records
    assert "available" not in dict(record.quantities)


def test_an_order_is_fetched_once_however_many_messages_speak_of_it(here: Fake) -> None:
    context = context_of(here)
    order = here.world.create_order([("MUG", 2)])
    messages = messages_of(context, *(here.notifications.order_changed(order.order_id) for _ in range(3)))
    (facts,) = CONNECTOR.work_on(messages, context)
    assert [(o.external_id, o.fulfilled_by, o.lines[0].qty) for o in facts.records] == [(order.order_id, "platform", 2)]
    assert len(facts.message_ids) == 3
    assert context.platform.operations() == ["getOrder"]  # type: ignore[attr-defined]


def test_an_order_that_amazon_does_not_know_is_set_apart(here: Fake) -> None:
    context = context_of(here)
    order = here.world.create_order([("MUG", 1)])
    body = here.notifications.order_changed(order.order_id)
    del here.world.orders[order.order_id]
    (facts,) = CONNECTOR.work_on(messages_of(context, body), context)
    assert (list(facts.records), [each.external_id for each in facts.rejected]) == ([], [order.order_id])


def test_a_rivals_price_stands_beside_our_sku(here: Fake) -> None:
    """H103: the market is watched by push, too."""
    context = context_of(here, rivals=["MUG=B000RIVAL1"])
    summary = {
        "BuyBoxPrices": [{"Condition": "new", "LandedPrice": {"Amount": 10.5, "CurrencyCode": "USD"}}],
        "LowestPrices": [{"Condition": c, "LandedPrice": {"Amount": a, "CurrencyCode": "USD"}} for c, a in (("new", 9.99), ("used", 1))],
    }
    trigger = {"MarketplaceId": MARKETPLACE, "ASIN": "B000RIVAL1", "ItemCondition": "New"}
    payload = {"AnyOfferChangedNotification": {"SellerId": SELLER, "OfferChangeTrigger": trigger, "Summary": summary}}
    body = {"NotificationType": "ANY_OFFER_CHANGED", "EventTime": AT, "Payload": payload}
    (facts,) = CONNECTOR.work_on(messages_of(context, body), context)
    assert [(s.code, s.kind, s.value, s.subject) for s in facts.records] == [
        ("MUG", "featured_price", Decimal("10.5"), "B000RIVAL1"),
        ("MUG", "lowest_price", Decimal("9.99"), "B000RIVAL1"),
    ]


def test_a_kind_that_nothing_is_done_with_is_done(here: Fake) -> None:
    context = context_of(here)
    messages = messages_of(context, {"NotificationType": "PRICING_HEALTH", "Payload": {"SellerId": SELLER}, "EventTime": AT})
    (facts,) = CONNECTOR.work_on(messages, context)
    assert (list(facts.records), list(facts.message_ids)) == ([], [messages[0].message_id])


# The receiver


class _Queue(BaseHTTPRequestHandler):
    """A queue with SQS's JSON protocol, and the webhook behind it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        world: dict[str, Any] = self.server.world  # type: ignore[attr-defined]
        if self.path == "/webhook":
            world["posted"].append((dict(self.headers), body))
            return self._say(world["webhook_status"], {})
        asked = json.loads(body)
        action = self.headers["x-amz-target"].removeprefix("AmazonSQS.")
        world["signatures"].append(self.headers["authorization"])
        if action == "ReceiveMessage":
            found = [{"MessageId": f"m{n}", "ReceiptHandle": n, "Body": text} for n, text in world["queue"].items()]
            return self._say(200, {"Messages": found} if found else {})
        for entry in asked["Entries"]:
            world["queue"].pop(entry["ReceiptHandle"])
        return self._say(200, {"Successful": []})

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def queue() -> Iterator[tuple[dict[str, Any], Forwarder]]:
    world: dict[str, Any] = {"queue": {}, "posted": [], "signatures": [], "webhook_status": 200}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Queue)
    server.world = world  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    yield world, Forwarder(Queue(f"{base}/123/amazon", "us-east-1", Credentials("AKID", "s3cret")), f"{base}/webhook", SECRET)
    server.shutdown()
    server.server_close()


def test_the_receiver_deletes_a_message_only_after_it_was_taken(here: Fake, queue: tuple[dict[str, Any], Forwarder]) -> None:
    world, forwarder = queue
    world["queue"] = {"h1": json.dumps(stock_change(5)), "h2": json.dumps(stock_change(4, "2026-11-20T10:00:05Z"))}
    assert forwarder.turn(wait_seconds=0) == 2
    assert (world["queue"], forwarder.taken, forwarder.pause) == ({}, 2, 0.0)
    context = context_of(here)
    for headers, body in world["posted"]:
        given = {name.lower(): value for name, value in headers.items()}
        assert TIMESTAMP in given
        assert len(CONNECTOR.receive(WebhookRequest("POST", given, {}, body), context).messages) == 1
    assert all(text.startswith("AWS4-HMAC-SHA256 Credential=AKID/") for text in world["signatures"])


@pytest.mark.parametrize(("status", "pause", "refused"), [(503, 1.0, 0), (429, 1.0, 0), (401, 0.0, 1)])
def test_the_receiver_loses_nothing(queue: tuple[dict[str, Any], Forwarder], status: int, pause: float, refused: int) -> None:
    world, forwarder = queue
    world["queue"], world["webhook_status"] = {"h1": json.dumps(stock_change(5))}, status
    assert forwarder.turn(wait_seconds=0) == 0
    assert (list(world["queue"]), forwarder.pause, forwarder.refused) == (["h1"], pause, refused)
    assert SECRET not in repr(forwarder)
    world["webhook_status"] = 200
    assert forwarder.turn(wait_seconds=0) == 1


def test_a_queue_that_is_down_is_waited_for() -> None:
    forwarder = Forwarder(Queue("http://127.0.0.1:9/1/q", "us-east-1", Credentials("a", "b")), "http://127.0.0.1:9/", SECRET)
    pauses = []
    for _turn in range(8):
        forwarder.turn(wait_seconds=0)
        pauses.append(forwarder.pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_signatures_are_as_aws_publishes_them() -> None:
    """The `post-vanilla` case of AWS's own suite for Signature Version 4."""
    headers = signed_headers(
        "https://example.amazonaws.com/", {}, b"", Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        region="us-east-1", service="service", at=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )  # fmt: skip
    assert headers["authorization"].endswith("Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
