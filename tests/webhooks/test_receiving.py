"""Pushes: verified, stored, acknowledged with few queries, and worked on once (promises 10 and 11)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stockhub.access.models import User
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Order
from stockhub.channels.received_models import ReceivedRecord
from stockhub.channels.webhooks import receiving, storing
from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage
from stockhub.channels.webhooks.receiving import BODY_BYTES
from stockhub.channels.webhooks.working import Worked, work_due
from stockhub.core import clock
from stockhub.core.encryption import decrypt
from stockhub.pluginapi.connectors import WebhookAnswer
from stockhub.pluginhost.models import Provider
from stockhub.pluginhost.states import sync_states
from stockhub.values import DomainError
from stockhub.web import webhook_lane
from stockhub.web.webhook_lane import WebhookLane
from tests.channels.shop import Shop
from tests.webhooks.bazaar import ACKNOWLEDGED, Bazaar, body_of, pushed_order, signed
from tests.webhooks.conftest import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Pushes = Callable[..., Any]
#: The account, and the messages in one statement; around that one a transaction.
QUERIES = 4


def ids() -> list[str]:
    return list(WebhookMessage.objects.order_by("message_id").values_list("message_id", flat=True))


def refused() -> dict[str, tuple[int, int]]:
    return {code: (status, times) for code, status, times in RefusedWebhook.objects.values_list("code", "status", "times")}


def test_promise_11_a_push_is_stored_reduced_and_acknowledged_in_the_platforms_own_words_before_any_work(push: Pushes, shop: Shop) -> None:
    answer = push(pushed_order(1))
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, ACKNOWLEDGED, "application/json")
    row = WebhookMessage.objects.get()
    assert (row.account, row.message_id, row.kind, row.status) == (shop.account, "9007199254740994", "order", "due")
    told = {"order": 6917529027641081857, "at": "2026-03-10T06:30:00+00:00", "code": "a-1", "qty": 1}
    assert row.payload == told
    assert Order.objects.count() == ReceivedRecord.objects.count() == 0
    assert "sessionid" not in answer.cookies


def test_promise_10_a_push_costs_the_same_few_queries_however_many_messages_it_has(push: Pushes) -> None:
    push(pushed_order(0))
    for count in (1, 30):
        with CaptureQueriesContext(connection) as asked:
            push(*[pushed_order(count * 100 + n) for n in range(count)])
        assert len(asked.captured_queries) <= QUERIES, [query["sql"] for query in asked.captured_queries]
    assert len(ids()) == 32


def test_promise_11_a_worker_turns_messages_into_orders_once_though_they_come_twice(push: Pushes, shop: Shop, bazaar: Bazaar) -> None:
    push(pushed_order(1), pushed_order(2), pushed_order(2))
    push(pushed_order(2))
    assert ids() == ["9007199254740994", "9007199254740995"]
    assert work_due("w") == Worked(done=2)
    push(pushed_order(1))
    assert work_due("w") == Worked()
    assert bazaar.worked == [["9007199254740994", "9007199254740995"]]
    assert apply_due().applied == 2
    assert (Order.objects.count(), shop.balance("A"), shop.balance("A", "reserved")) == (2, 998, 2)
    assert set(WebhookMessage.objects.values_list("status", "attempts", "begun", "leased_by", "error")) == {("done", 0, 0, "", "")}


def test_promise_10_reordered_messages_end_in_the_latest_state(push: Pushes, shop: Shop) -> None:
    paid, cancelled = pushed_order(1, version=1), pushed_order(1, version=2, status="cancelled") | {"id": 5}
    for message in (cancelled, paid):
        push(message)
        work_due("w")
        apply_due()
    assert Order.objects.get().status == "cancelled"
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (1000, 0)


def test_promise_10_a_push_that_is_tampered_with_too_old_or_for_another_shop_is_refused_and_counted(push: Pushes) -> None:
    body = body_of(pushed_order(1))
    good = signed(body, clock.now())
    other = body_of(pushed_order(1), shop="1")
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"body": body.replace(b'"qty": 1', b'"qty": 9'), "headers": good}, 401, "wrong_signature"),
        ({"body": body, "headers": {}}, 401, "wrong_signature"),
        ({"body": body, "headers": signed(body, clock.now(), "another secret")}, 401, "wrong_signature"),
        ({"body": body, "at": clock.now() - timedelta(minutes=6)}, 401, "too_old"),
        ({"body": other}, 403, "another_shop"),
    ]
    for given, status, code in cases:
        answer = push(**given)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert refused() == {"wrong_signature": (401, 3), "too_old": (401, 1), "another_shop": (403, 1)}
    assert ids() == []


def test_promise_10_an_unknown_plugin_account_or_method_is_the_same_404_or_405_and_leaves_no_trace(push: Pushes, shop: Shop) -> None:
    shop.account.__class__.objects.create(code="elsewhere", name="x", marketplace="file")
    answers = [
        push(pushed_order(1), address=address)
        for address in (
            "/webhooks/bazaar/nobody/", "/webhooks/nothing/dy-main/", "/webhooks/file/elsewhere/", "/webhooks/bazaar/%00/",
            "/webhooks/%00/dy-main/", f"/webhooks/bazaar/{'x' * 5000}/", "/webhooks/bazaar/%ff%fe/", "/webhooks/douyin/dy-main/",
        )
    ]  # fmt: skip
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, b'{"error": {"code": "not_found", "message": "There is no such address."}}')
    }
    assert [(Client().generic(method, ADDRESS)).status_code for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS")] == [405] * 5
    assert (ids(), refused()) == ([], {})
    assert push(pushed_order(1), address=ADDRESS.rstrip("/")).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200), (b"{", 200), (b"[" * 100_000, 200), (b"\x00\x00", 200), (b"\xff\xfe", 200), (b'{"shop": ' + b"9" * 5000 + b"}", 200),
        (b"null", 400), (b"[]", 400), (b"{}", 400), (b'"text"', 400), (b'{"messages": []}', 400),
        (body_of({"tag": "no id"}), 400), (body_of(7), 400),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_promise_10_a_malformed_body_is_2xx_or_4xx_and_nothing_of_it_is_a_message(push: Pushes, body: bytes, status: int) -> None:
    assert push(body=body).status_code == status
    assert ids() == []
    assert UnreadableWebhook.objects.count() == (status == 200)


@pytest.mark.parametrize(
    "data",
    [
        {"qty": float("nan")}, {"qty": float("inf")}, {"code": "a\x00b"}, {"code": "\ud800"}, {"code": "x" * 70_000},
    ],
)  # fmt: skip
def test_promise_10_a_message_that_no_database_takes_is_kept_encrypted_and_the_others_go_in(push: Pushes, data: dict[str, Any]) -> None:
    assert push(pushed_order(1, **data), pushed_order(2)).status_code == 200
    assert ids() == ["9007199254740995"]
    assert UnreadableWebhook.objects.get().reason.startswith("A message cannot be stored: ")


@pytest.mark.parametrize("qty", [-5, 0, 10**30, -(10**30), 1.5, "many", None, True, [1], {"a": 1}])
def test_promise_10_a_negative_or_absurd_number_ends_in_quarantine_and_moves_nothing(push: Pushes, shop: Shop, qty: object) -> None:
    assert push(pushed_order(1, qty=qty)).status_code == 200
    assert work_due("w").done == 1
    apply_due()
    assert shop.balance("A") == 1000
    assert (Order.objects.count(), shop.account.quarantine.filter(resolved_at=None).count()) == (0, 1)


def test_promise_10_a_huge_body_is_refused_before_it_is_read(push: Pushes, bazaar: Bazaar) -> None:
    seen: list[bytes] = []
    bazaar.reads = lambda body: seen.append(body) or {"shop": "0", "messages": []}  # type: ignore[func-returns-value]
    answer = push(body=b"x" * (BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["error"]["code"], seen) == (413, "too_large", [])
    assert refused() == {"too_large": (413, 1)}
    assert push(body=b"x" * (BODY_BYTES + 1), address="/webhooks/bazaar/nobody/").status_code == 404
    assert push(body=b" " * BODY_BYTES).status_code == 403


def test_promise_10_an_address_with_too_many_parameters_is_a_400_and_no_error_of_the_server() -> None:
    told: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b"{}"}

    async def send(part: Mapping[str, Any]) -> None:
        told.append(part)

    async def others(*_args: object) -> None:
        raise AssertionError("the lane answers by itself")

    scope = {"type": "http", "method": "POST", "path": ADDRESS, "headers": [], "query_string": b"&".join([b"a=1"] * 101)}
    asyncio.run(WebhookLane(others)(scope, receive, send))
    assert (told[0]["status"], json.loads(told[1]["body"])["error"]["code"]) == (400, "unreadable")


async def _dripped(_scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
    raise AssertionError("the lane answers by itself")


def test_promise_10_who_drips_a_body_is_told_so_and_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow loris: 400 of them beside one push that is answered at once, and all are let go when their time is over."""
    monkeypatch.setattr(webhook_lane, "BODY_SECONDS", 1.0)
    lane = WebhookLane(_dripped)
    scope = {"type": "http", "method": "GET", "path": ADDRESS, "headers": [], "query_string": b""}

    async def asked(*, drips: bool) -> tuple[int, dict[bytes, bytes], int]:
        told: list[Mapping[str, Any]] = []
        parts = 0

        async def receive() -> Mapping[str, Any]:
            nonlocal parts
            parts += 1
            if drips:
                await asyncio.sleep(0.4)
            return {"type": "http.request", "body": b"{", "more_body": drips}

        async def send(part: Mapping[str, Any]) -> None:
            told.append(part)

        await lane(scope, receive, send)
        return told[0]["status"], dict(told[0]["headers"]), parts

    async def all_at_once() -> None:
        slow = [asyncio.create_task(asked(drips=True)) for _n in range(400)]
        await asyncio.sleep(0.1)
        assert (await asked(drips=False))[0] == 405
        assert not any(task.done() for task in slow), "it was answered while all of them still dripped"
        assert lane._waiting >= 400 * 4096
        for status, headers, parts in await asyncio.gather(*slow):
            assert (status, headers[b"connection"], parts <= 4) == (408, b"close", True)
        assert lane._waiting == 0

    asyncio.run(all_at_once())


def test_promise_10_bodies_that_fill_all_room_while_they_are_read_are_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_lane, "_WAITING_BYTES", 10_000)
    lane = WebhookLane(_dripped)
    told: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b"x" * 5_000, "more_body": True}

    async def send(part: Mapping[str, Any]) -> None:
        told.append(part)

    scope = {"type": "http", "method": "POST", "path": ADDRESS, "headers": [], "query_string": b""}
    asyncio.run(lane(scope, receive, send))
    assert (told[0]["status"], json.loads(told[1]["body"])["error"]["code"], lane._waiting) == (503, "busy", 0)
    assert dict(told[0]["headers"])[b"retry-after"]


def test_a_push_that_cannot_be_read_is_kept_encrypted_with_its_reason_and_counted_when_it_comes_again(push: Pushes, shop: Shop) -> None:
    body = '{"buyer": "王小明", "phone": "13800138000"'.encode()
    for _time in range(2):
        answer = push(body=body)
        assert (answer.status_code, answer.content) == (200, ACKNOWLEDGED)
    row = UnreadableWebhook.objects.get()
    assert (row.account, row.reason, row.times, row.size) == (shop.account, "The body is no JSON.", 2, len(body))
    assert body not in bytes(row.secrets)
    request = storing.request_of(row)
    assert request is not None
    assert (request.body, request.method) == (body, "POST")
    assert "13800138000" not in repr([decrypt(row.secrets)["request"], row.reason])


def test_without_an_encryption_key_an_unreadable_webhook_is_noted_without_what_it_holds(
    push: Pushes, bazaar: Bazaar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_key(_values: object) -> bytes:
        raise DomainError("encryption_key_missing", "STOCKHUB_ENCRYPTION_KEYS is empty.")

    monkeypatch.setattr(storing, "encrypt", no_key)
    assert push(body=b"{").status_code == 200
    row = UnreadableWebhook.objects.get()
    assert (bytes(row.secrets), row.reason) == (b"", "The body is no JSON. What came was not kept: STOCKHUB_ENCRYPTION_KEYS is empty.")


def test_promise_10_a_connector_that_raises_is_a_400_noted_without_what_was_sent_and_stays_in_use(push: Pushes, bazaar: Bazaar) -> None:
    sync_states()

    def fails(body: bytes) -> object:
        raise KeyError(body.decode())

    bazaar.reads = fails
    for _time in range(5):
        answer = push(pushed_order(1))
        assert (answer.status_code, answer.json()) == (400, {"error": {"code": "unreadable", "message": "This cannot be read."}})
    row = Provider.objects.get(slug="bazaar")
    assert (row.failures, row.consecutive_failures, row.open_until) == (5, 0, None)
    assert row.last_error.startswith("raised: It raised KeyError at what somebody sent.")
    assert "13800138000" not in row.last_error
    assert refused() == {"unreadable": (400, 5)}
    bazaar.reads = Bazaar().reads
    assert push(pushed_order(1)).status_code == 200


@pytest.mark.parametrize("answer", [WebhookAnswer(500), WebhookAnswer(200, "text"), WebhookAnswer(200, b"", "a\r\nSet-Cookie: x")])  # type: ignore[arg-type]
def test_a_connector_cannot_answer_with_an_error_of_ours_or_a_header_of_its_own(
    push: Pushes, bazaar: Bazaar, answer: WebhookAnswer
) -> None:
    bazaar.answer = answer
    assert push(pushed_order(1)).status_code == 400
    assert ids() == []


def test_the_address_is_told_to_whoever_connects_the_account(push: Pushes, shop: Shop) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root", sees_all_accounts=True))
    shown = browser.get(reverse("admin:channels_account_connection", args=[shop.account.pk])).content.decode()
    assert f"http://testserver{ADDRESS}" in shown
    query = json.dumps({"query": '{ accountByCode(code: "dy-main") { webhookPath } }'})
    told = browser.post("/graphql/", query, content_type="application/json").json()
    assert told == {"data": {"accountByCode": {"webhookPath": ADDRESS}}}
    assert push(pushed_order(1), address=told["data"]["accountByCode"]["webhookPath"]).status_code == 200


def test_a_paused_accounts_messages_are_stored_and_wait(push: Pushes, shop: Shop) -> None:
    shop.account.is_active = False
    shop.account.save()
    assert push(pushed_order(1)).status_code == 200
    assert work_due("w") == Worked()
    shop.account.is_active = True
    shop.account.save()
    assert work_due("w") == Worked(done=1)


def test_an_account_whose_connection_is_not_set_up_asks_the_platform_to_push_again(push: Pushes, shop: Shop) -> None:
    shop.account.secrets = b"not a token"
    shop.account.save()
    answer = push(pushed_order(1))
    assert (answer.status_code, answer["Retry-After"], answer.json()["error"]["code"]) == (503, "5", "not_configured")
    assert refused() == {"not_configured": (503, 1)}
    assert "key" not in answer.content.decode()


def test_a_database_that_is_away_is_a_503_so_that_the_platform_pushes_again(push: Pushes, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_kwargs: object) -> int:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(receiving, "store_messages", away)
    answer = push(pushed_order(1))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    monkeypatch.undo()
    assert push(pushed_order(1)).status_code == 200
    assert ids() == ["9007199254740994"]
