"""Notifiers of plugins send from a process of their own; what they do wrong costs a message its attempt, and nobody else anything."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from stockhub.outbox.deliveries import deliver_due, queue_message
from stockhub.outbox.endpoints import EndpointInput, save_endpoint
from stockhub.outbox.models import Delivery
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import Message
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Provider
from stockhub.pluginhost.notifying import notify
from stockhub.pluginhost.registry import registry
from tests.outbox.receiver import Receiver, receiving
from tests.pluginhost.plugin_site import PluginSite

pytestmark = pytest.mark.django_db
MESSAGE = Message(key="1", language="en", subject="Short of caps")
TOKEN = "t0ken-s3cret"


@pytest.fixture
def receiver(settings: Settings, site: PluginSite) -> Iterator[Receiver]:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    site.install("misbehaving_notifiers")
    with receiving(answer=b"page-7") as receiver:
        yield receiver


def to(receiver: Receiver) -> dict[str, str]:
    return {"url": receiver.url, "token": TOKEN}


def test_a_notifier_of_a_plugin_sends_through_the_hosts_client(receiver: Receiver, settings: Settings) -> None:
    assert notify("pager", MESSAGE, to(receiver)).reference == "page-7"
    [got] = receiver.received
    assert (got.body, got.headers["user-agent"]) == (b"Short of caps", "StockHub")
    registered = registry().by_kind[Kind.NOTIFIER]["pager"]
    assert (registered.plugin_slug, registered.supervised) == ("misbehaving-notifiers", True)
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = []
    outcome = notify("pager", MESSAGE, to(receiver))
    assert outcome.is_final
    assert "127.0.0.1 stands for an address that is not public." in outcome.error


def test_what_the_receiver_refuses_is_no_fault_of_the_notifier(receiver: Receiver) -> None:
    receiver.status = 500
    first = notify("pager", MESSAGE, to(receiver))
    receiver.status = 410
    second = notify("pager", MESSAGE, to(receiver))
    assert [(o.error, o.is_final) for o in (first, second)] == [("no: [redacted]", False), ("no: [redacted]", True)]
    assert not Provider.objects.filter(slug="pager", failures__gt=0).exists()


@pytest.mark.parametrize(
    ("slug", "code", "told"),
    [
        ("raises", "raised", "It raised RuntimeError: oh no [redacted]"),
        ("exits", "exited", "Its process ended: it exited with status 3."),
        ("answers-with-a-number", "wrong_type", "send must return a text, not int."),
    ],
)
def test_f14_a_notifier_that_misbehaves_is_a_named_error(receiver: Receiver, slug: str, code: str, told: str) -> None:
    with pytest.raises(ProviderFailedError) as failure:
        notify(slug, MESSAGE, to(receiver))
    assert (failure.value.code, failure.value.message) == (code, told)
    row = Provider.objects.get(slug=slug)
    assert row.failures == 1
    assert TOKEN not in row.last_error
    assert notify("pager", MESSAGE, to(receiver)).error == ""


def test_f19_a_notifier_that_hangs_is_ended_and_its_message_tried_again(receiver: Receiver, settings: Settings) -> None:
    settings.STOCKHUB_NOTIFY_SECONDS = 0.2
    notify("pager", MESSAGE, to(receiver))  # its process runs by now
    endpoint = save_endpoint(given=EndpointInput(name="hanging", notifier="hangs", config=to(receiver)))
    event = emit_event("x.y.v1", entity="x.y", entity_id=None, payload={})
    queue_message(event=event, endpoint=endpoint, message=MESSAGE, level=3)
    started = time.monotonic()
    assert deliver_due("a").failed == 1
    assert time.monotonic() - started < 12
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == ("due", 1)
    assert delivery.error == "deadline_exceeded: It gave no answer within 5.2 s and was ended."


def test_a_circuit_that_is_open_costs_a_message_no_attempt(receiver: Receiver) -> None:
    for _ in range(3):
        with pytest.raises(ProviderFailedError):
            notify("raises", MESSAGE, to(receiver))
    endpoint = save_endpoint(given=EndpointInput(name="r", notifier="raises", config=to(receiver)))
    event = emit_event("x.y.v1", entity="x.y", entity_id=None, payload={})
    delivery = queue_message(event=event, endpoint=endpoint, message=MESSAGE, level=3)
    assert deliver_due("a").put_off == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("due", 0)
    assert "failed 3 times in a row" in delivery.error


def test_a_notifier_with_nonsense_for_limits_is_not_registered(receiver: Receiver) -> None:
    assert "without-limits" not in registry().notifiers
    [problem] = [p.reason for p in registry().plugins.values() if p.slug == "misbehaving-notifiers"]
    assert "limits must be of type NotifierLimits, not str." in problem
