"""Messages over every channel to real servers, with their signatures checked by code of this test's own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from stockhub.core import clock
from stockhub.outbox.deliveries import deliver_due, due, queue_message, retry_delivery
from stockhub.outbox.endpoints import EndpointInput, delete_endpoint, save_endpoint, send_test
from stockhub.outbox.models import Delivery, DeliveryStatus, Endpoint, Event
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import Fact, Item, Message, Report
from stockhub.pluginhost.models import Provider
from stockhub.values import DomainError
from tests.outbox.receiver import Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SECRET = "SECf1e2d3c4b5a697887766554433221100"
OK = {
    "webhook": b"",
    "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
    "feishu": b'{"code":0,"msg":"success"}',
}


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    settings.STOCKHUB_NOTIFY_SECONDS = 1.0
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def event() -> Event:
    return emit_event("alerts.cycle_news.v1", entity="cycles.cycle", entity_id=1, payload={})


MESSAGE = Message(
    key="", language="zh-hans", subject="CAP-RED · 缺货: 120 件", text="", level=3,
    items=(Item("CAP-RED", "[3] CAP-RED 缺货", 3, (Fact("建议数量", "200 件"), Fact("截止", "2026-03-12"))),),
    link="https://stock.example.com/admin/", link_label="打开今日", report=Report("stock-report", ("SKU", "qty"), (("CAP-RED", 5),)),
)  # fmt: skip


def endpoint_to(receiver: Receiver, notifier: str, **options: Any) -> Endpoint:  # noqa: ANN401 - settings of an endpoint
    config = {"url": f"{receiver.url}/hook?token={KEY}", "secret": SECRET}
    if notifier != "webhook":
        config = {"webhook_url": f"{receiver.url}/send?key={KEY}"} | ({} if notifier == "wecom" else {"secret": SECRET})
    receiver.answer = OK[notifier]
    return save_endpoint(given=EndpointInput(name=f"room {notifier}", notifier=notifier, config=config, **options))


def queued(event: Event, endpoint: Endpoint, level: int = 3) -> Delivery:
    return queue_message(event=event, endpoint=endpoint, message=MESSAGE, level=level)


def state(delivery: Delivery) -> tuple[str, int, str]:
    delivery.refresh_from_db()
    return delivery.status, delivery.attempts, delivery.error


# --- each channel ---------------------------------------------------------------------------------------------------------------------


def test_h65_u20_a_webhook_arrives_once_and_signed(receiver: Receiver, event: Event) -> None:
    endpoint = endpoint_to(receiver, "webhook")
    delivery = queued(event, endpoint)
    assert queued(event, endpoint).pk == delivery.pk
    assert deliver_due("a").sent == 1
    [got] = receiver.received
    signed = got.headers["stockhub-timestamp"].encode() + b"." + got.body
    assert got.headers["stockhub-signature"] == "v1=" + hmac.new(SECRET.encode(), signed, "sha256").hexdigest()
    assert abs(int(got.headers["stockhub-timestamp"]) - time.time()) < 30
    assert got.headers["stockhub-delivery"] == f"{delivery.pk}-{event.pk}"
    document = got.json()
    assert (document["subject"], document["level"], document["key"]) == (MESSAGE.subject, 3, f"{delivery.pk}-{event.pk}")
    assert document["items"][0]["facts"] == [{"label": "建议数量", "value": "200 件"}, {"label": "截止", "value": "2026-03-12"}]
    assert document["report"]["rows"] == [["CAP-RED", 5]]
    assert state(delivery) == (DeliveryStatus.DELIVERED, 1, "")


def test_u20_a_wecom_card_arrives(receiver: Receiver, event: Event) -> None:
    queued(event, endpoint_to(receiver, "wecom"))
    assert deliver_due("a").sent == 1
    [got] = receiver.received
    assert (got.path, got.json()["msgtype"]) == (f"/send?key={KEY}", "template_card")
    card = got.json()["template_card"]
    assert card["main_title"] == {"title": "CAP-RED · 缺货: 120 件", "desc": "CAP-RED"}
    assert card["horizontal_content_list"] == [{"keyname": "建议数量", "value": "200 件"}, {"keyname": "截止", "value": "2026-03-12"}]
    assert card["card_action"] == {"type": 1, "url": "https://stock.example.com/admin/"}


def test_u20_a_dingtalk_card_arrives_signed(receiver: Receiver, event: Event) -> None:
    queued(event, endpoint_to(receiver, "dingtalk"))
    assert deliver_due("a").sent == 1
    [got] = receiver.received
    query = parse_qs(urlsplit(got.path).query)
    [timestamp], [sign] = query["timestamp"], query["sign"]
    digest = hmac.digest(SECRET.encode(), (timestamp + "\n" + SECRET).encode(), hashlib.sha256)
    assert (query["key"], sign) == ([KEY], base64.b64encode(digest).decode())
    assert abs(int(timestamp) / 1000 - time.time()) < 30
    card = got.json()["actionCard"]
    assert (card["singleTitle"], card["singleURL"]) == ("打开今日", "https://stock.example.com/admin/")
    assert card["text"] == "### CAP\\-RED · 缺货: 120 件\n\n**CAP\\-RED**\n- 建议数量: 200 件\n- 截止: 2026\\-03\\-12"


def test_u20_a_feishu_card_arrives_signed(receiver: Receiver, event: Event) -> None:
    queued(event, endpoint_to(receiver, "feishu"))
    assert deliver_due("a").sent == 1
    [got] = receiver.received
    document = got.json()
    key = (document["timestamp"] + "\n" + SECRET).encode()
    assert document["sign"] == base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
    assert (document["msg_type"], document["card"]["header"]["template"]) == ("interactive", "red")
    assert document["card"]["elements"][-1]["actions"][0]["url"] == "https://stock.example.com/admin/"


def test_h13_anything_that_apprise_reaches_is_an_endpoint_as_well(receiver: Receiver, event: Event) -> None:
    config = {"url": f"json://127.0.0.1:{receiver.port}/sms?-Token={KEY}"}
    endpoint = save_endpoint(given=EndpointInput(name="sms", notifier="apprise", config=config))
    queued(event, endpoint)
    assert deliver_due("a").sent == 1
    assert receiver.received[0].json()["title"] == MESSAGE.subject
    assert "[3] CAP-RED 缺货" in receiver.received[0].json()["message"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("json://10.0.0.7/x", "10.0.0.7 stands for an address that is not public."),
        ("syslog://", "acts on the server's own machine"),
        ("nonsense://x", "apprise knows no such URL"),
        ("mailto://user:passw0rd1@169.254.169.254", "169.254.169.254 stands for an address that is not public."),
    ],
)
def test_apprise_reaches_nothing_that_is_not_public(receiver: Receiver, event: Event, url: str, told: str) -> None:
    delivery = queued(event, save_endpoint(given=EndpointInput(name="sms", notifier="apprise", config={"url": url})))
    assert deliver_due("a").failed == 1
    status, attempts, error = state(delivery)
    assert (status, attempts) == (DeliveryStatus.DEAD, 1)
    assert told in error
    assert "passw0rd1" not in error


def test_apprise_that_hangs_is_left_at_the_deadline(receiver: Receiver, event: Event) -> None:
    receiver.hangs.set()
    config = {"url": f"json://127.0.0.1:{receiver.port}/?rto=30"}
    delivery = queued(event, save_endpoint(given=EndpointInput(name="sms", notifier="apprise", config=config)))
    started = time.monotonic()
    assert deliver_due("a").failed == 1
    assert time.monotonic() - started < 4
    assert state(delivery) == (DeliveryStatus.DUE, 1, "The service gave no whole answer in time.")


# --- faults (row 19) ------------------------------------------------------------------------------------------------------------------


def at_once() -> None:
    """The pauses are over."""
    Delivery.objects.filter(status=DeliveryStatus.DUE).update(next_attempt_at=Now() - timedelta(seconds=1))
    Endpoint.objects.update(next_attempt_at=None)


def test_f19_a_receiver_that_hangs_holds_a_message_for_the_timeout_only(receiver: Receiver, event: Event) -> None:
    receiver.hangs.set()
    delivery = queued(event, endpoint_to(receiver, "webhook"))
    started = time.monotonic()
    assert deliver_due("a").failed == 1
    assert time.monotonic() - started < 3
    assert state(delivery) == (DeliveryStatus.DUE, 1, "127.0.0.1 gave no whole answer within 1 s.")


def test_f19_what_fails_for_good_is_a_dead_letter_at_once_that_an_operator_can_retry(receiver: Receiver, event: Event) -> None:
    endpoint = endpoint_to(receiver, "dingtalk")
    receiver.answer = b'{"errcode":310000,"errmsg":"sign not match"}'
    delivery = queued(event, endpoint)
    assert deliver_due("a").failed == 1
    assert state(delivery) == (DeliveryStatus.DEAD, 1, "The robot refused it with code 310000: sign not match")
    at_once()
    assert deliver_due("a").failed == 0
    receiver.answer = OK["dingtalk"]
    retry_delivery(delivery_id=delivery.pk)
    at_once()
    assert deliver_due("a").sent == 1


def test_f19_a_receiver_that_stays_down_is_tried_eight_times_and_then_given_up(receiver: Receiver, event: Event) -> None:
    receiver.status = 503
    delivery = queued(event, endpoint_to(receiver, "webhook"))
    for _ in range(8):
        at_once()
        assert deliver_due("a").failed == 1
    assert state(delivery) == (DeliveryStatus.DEAD, 8, "The receiver answered with status 503.")
    # None of that was a fault of the notifier, so its circuit is closed for all others.
    assert not Provider.objects.filter(slug="webhook", failures__gt=0).exists()


def test_f19_an_endpoint_that_keeps_failing_is_left_alone_and_holds_up_no_other(receiver: Receiver) -> None:
    receiver.status = 503
    endpoint = endpoint_to(receiver, "webhook")
    for _ in range(10):
        queued(emit_event("x.y.v1", entity="x.y", entity_id=None, payload={}), endpoint)
    done = deliver_due("a")
    assert (done.sent, done.failed, len(receiver.received)) == (0, 3, 3)
    endpoint.refresh_from_db()
    assert (endpoint.consecutive_failures, endpoint.last_error) == (3, "The receiver answered with status 503.")
    assert endpoint.next_attempt_at is not None
    assert 50 < (endpoint.next_attempt_at - clock.wall()).total_seconds() < 70
    with receiving() as other:
        queued(emit_event("x.y.v1", entity="x.y", entity_id=None, payload={}), save_endpoint(
            given=EndpointInput(name="other", notifier="webhook", config={"url": other.url, "secret": SECRET})
        ))  # fmt: skip
        assert deliver_due("a").sent == 1
    receiver.status = 200
    at_once()
    assert deliver_due("a").sent == 10
    endpoint.refresh_from_db()
    assert (endpoint.consecutive_failures, endpoint.last_error) == (0, "")


def test_a_receiver_says_when_to_come_back(receiver: Receiver, event: Event) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "900"}
    delivery = queued(event, endpoint_to(receiver, "webhook"))
    assert deliver_due("a").failed == 1
    delivery.refresh_from_db()
    assert 880 < (delivery.next_attempt_at - clock.wall()).total_seconds() < 905


def test_a_robot_is_sent_no_more_than_it_bears_and_nobody_waits(receiver: Receiver) -> None:
    endpoint = endpoint_to(receiver, "wecom")
    for _ in range(12):
        queued(emit_event("x.y.v1", entity="x.y", entity_id=None, payload={}), endpoint)
    started = time.monotonic()
    done = deliver_due("a")
    assert (done.sent, done.failed, done.put_off) == (5, 0, 1)
    assert time.monotonic() - started < 3
    # All others wait with the one that was put off, without having cost an attempt.
    assert set(Delivery.objects.filter(status=DeliveryStatus.DUE).values_list("attempts", flat=True)) == {0}
    assert not due().exists()
    endpoint.refresh_from_db()
    assert endpoint.next_attempt_at is not None
    assert 2 < (endpoint.next_attempt_at - clock.wall()).total_seconds() < 4
    Delivery.objects.filter(status=DeliveryStatus.DUE).update(next_attempt_at=Now() - timedelta(seconds=1))
    Endpoint.objects.update(next_attempt_at=None, paced_until_at=None)
    assert deliver_due("a").sent == 5


# --- endpoints ------------------------------------------------------------------------------------------------------------------------


def test_i7_secrets_are_encrypted_and_stand_in_no_error_event_or_log(
    receiver: Receiver, event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    endpoint = endpoint_to(receiver, "dingtalk")
    receiver.answer = json.dumps({"errcode": 1, "errmsg": f"no robot {KEY} with {SECRET}"}).encode()
    delivery = queued(event, endpoint)
    assert deliver_due("a").failed == 1
    assert state(delivery)[2] == "The robot refused it with code 1: no robot [redacted] with [redacted]"
    endpoint.refresh_from_db()
    rows = [*Event.objects.values(), *Delivery.objects.values(), *Endpoint.objects.values(), caplog.text]
    for secret in (KEY, SECRET):
        assert secret not in repr(rows)
    assert endpoint.config == {}


def test_an_endpoint_keeps_the_secrets_that_are_not_given_again(receiver: Receiver) -> None:
    endpoint = endpoint_to(receiver, "dingtalk")
    before = bytes(endpoint.secrets)
    changed = save_endpoint(endpoint_id=endpoint.pk, given=EndpointInput(name="renamed", config={}), expected_version=1)
    assert (bytes(changed.secrets), changed.name, changed.version) == (before, "renamed", 2)
    with pytest.raises(DomainError) as failure:
        save_endpoint(endpoint_id=endpoint.pk, given=EndpointInput(name="again"), expected_version=1)
    assert failure.value.code == "stale_version"
    [changed_event] = Event.objects.filter(kind="outbox.endpoint_changed.v1", payload__created=False)
    assert changed_event.payload["changes"] == {"name": ["room dingtalk", "renamed"]}
    assert changed_event.payload["secrets_changed"] is False


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": ""}, "invalid_endpoint"),
        ({"notifier": "pigeon"}, "unknown_notifier"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone"),
        ({"digest_hour": 24}, "invalid_endpoint"),
        ({"urgent_level": 0}, "invalid_endpoint"),
        ({"config": {"url": "https://a.example", "secret": "short"}}, "invalid_configuration"),
        ({"config": {}}, "invalid_configuration"),
    ],
)
def test_what_is_wrong_with_an_endpoint_is_named_and_nothing_is_made(given: dict[str, Any], code: str) -> None:
    whole = {"name": "x", "notifier": "webhook", "config": {"url": "https://a.example", "secret": SECRET}, **given}
    with pytest.raises(DomainError) as failure:
        save_endpoint(given=EndpointInput(**whole))
    assert failure.value.code == code
    assert SECRET not in str(failure.value.params)
    assert not Endpoint.objects.exists()


def test_a_test_message_says_who_it_is_in_the_endpoints_language(receiver: Receiver) -> None:
    endpoint = endpoint_to(receiver, "webhook")
    delivery = send_test(endpoint_id=endpoint.pk)
    assert (delivery.subject, delivery.endpoint_id) == ("Test message of StockHub", endpoint.pk)
    assert deliver_due("a").sent == 1
    assert receiver.received[0].json()["text"] == "If you read this, warnings about your stock arrive here."


def test_an_endpoint_that_is_off_or_gone_gets_nothing(receiver: Receiver, event: Event) -> None:
    endpoint = endpoint_to(receiver, "webhook")
    delivery = queued(event, endpoint)
    delete_endpoint(endpoint_id=endpoint.pk)
    assert deliver_due("a").failed == 1
    assert state(delivery) == (DeliveryStatus.DEAD, 1, "The endpoint is switched off: switch it on, then try again.")
    assert receiver.received == []
    endpoint.refresh_from_db()
    assert (bytes(endpoint.secrets), endpoint.deleted_at is not None) == (b"", True)
    with pytest.raises(DomainError):
        send_test(endpoint_id=endpoint.pk)
