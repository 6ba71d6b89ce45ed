from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from stockhub.outbox.attempts import MAX_ATTEMPTS
from stockhub.outbox.deliveries import deliver_due, queue_mail, retry_delivery
from stockhub.outbox.models import Delivery, DeliveryStatus, Event
from stockhub.outbox.services import emit_event
from stockhub.values import DomainError
from tests.outbox.smtp_sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 0.5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "StockHub <stockhub@example.com>"
    yield sink
    sink.stop()


@pytest.fixture
def event() -> Event:
    return emit_event("alerts.cycle_news.v1", entity="cycles.cycle", entity_id=1, payload={})


def queued(event: Event, recipient: str = "ana@example.com") -> Delivery:
    return queue_mail(event=event, recipient=recipient, subject="断货\nin 5 days", body="SKU A runs out on day 20.")


def at_once() -> None:
    """The pause is over."""
    Delivery.objects.filter(status=DeliveryStatus.DUE).update(next_attempt_at=Now() - timedelta(seconds=1))


def test_h13_a_mail_reaches_its_recipient_once(sink: Sink, event: Event) -> None:
    delivery = queued(event)
    assert deliver_due("a").sent == 1
    assert deliver_due("a").sent == 0
    (mail,) = sink.received
    assert (mail["To"], mail["From"], mail["Message-ID"]) == (
        "ana@example.com",
        "StockHub <stockhub@example.com>",
        f"<delivery-{delivery.pk}-{event.pk}@example.com>",
    )
    assert str(mail.get_payload()).strip() == "SKU A runs out on day 20."
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.subject, delivery.error) == (DeliveryStatus.DELIVERED, 1, "断货 in 5 days", "")
    assert delivery.delivered_at is not None


def test_i3_a_mail_queued_twice_for_one_event_is_one(event: Event) -> None:
    assert queued(event).pk == queued(event).pk
    assert queued(event, "bo@example.com").pk != queued(event).pk
    assert Delivery.objects.count() == 2


def test_f19_a_server_that_is_down_costs_attempts_and_the_mail_arrives_when_it_is_back(sink: Sink, event: Event) -> None:
    sink.stop()
    delivery = queued(event)
    assert deliver_due("a").failed == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.DUE, 1)
    assert "ConnectionRefusedError" in delivery.error
    # Not before the pause is over.
    assert deliver_due("a").failed == 0
    sink.start()
    at_once()
    assert deliver_due("a").sent == 1
    assert len(sink.received) == 1


def test_f19_a_server_that_hangs_holds_a_delivery_for_the_timeout_only(sink: Sink, event: Event) -> None:
    sink.hangs.set()
    queued(event)
    started = time.monotonic()
    assert deliver_due("a").failed == 1
    assert time.monotonic() - started < 3
    assert "timed out" in Delivery.objects.get().error


def test_f19_a_delivery_that_always_fails_is_given_up_shown_and_can_be_tried_again(sink: Sink, event: Event) -> None:
    sink.refuses = "gone@example.com"
    delivery = queued(event, "gone@example.com")
    for _ in range(MAX_ATTEMPTS):
        at_once()
        assert deliver_due("a").failed == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.DEAD, 8)
    assert "no such mailbox" in delivery.error
    at_once()
    assert deliver_due("a").failed == 0

    sink.refuses = Sink.NOBODY
    assert retry_delivery(delivery_id=delivery.pk).status == DeliveryStatus.DUE
    at_once()
    assert deliver_due("a").sent == 1


def test_only_a_dead_delivery_can_be_tried_again(event: Event) -> None:
    delivery = queued(event)
    with pytest.raises(DomainError) as caught:
        retry_delivery(delivery_id=delivery.pk)
    assert caught.value.code == "delivery_not_dead"
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.DUE, 0)


def test_f19_a_failing_recipient_does_not_hold_up_the_others(sink: Sink, event: Event) -> None:
    sink.refuses = "gone@example.com"
    for recipient in ("gone@example.com", "ana@example.com", "bo@example.com"):
        queued(event, recipient)
    done = deliver_due("a")
    assert (done.sent, done.failed) == (2, 1)


def test_f1_a_delivery_whose_worker_died_is_sent_by_another_after_the_lease(sink: Sink, event: Event) -> None:
    delivery = queued(event)
    held = {"status": DeliveryStatus.LEASED, "leased_by": "dead", "attempts": 1}
    Delivery.objects.update(**held, lease_until=Now() + timedelta(seconds=30))
    assert deliver_due("b").sent == 0
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert deliver_due("b").sent == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.DELIVERED, 2)


def test_f6_a_delivery_that_kills_its_workers_is_given_up(sink: Sink, event: Event) -> None:
    queued(event)
    Delivery.objects.update(status=DeliveryStatus.LEASED, leased_by="dead", attempts=8, lease_until=Now() - timedelta(seconds=1))
    assert deliver_due("b").failed == 1
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.error) == (DeliveryStatus.DEAD, "Its worker died in each of eight attempts.")
    assert sink.received == []


def test_a_channel_that_nobody_serves_is_an_error_that_says_what_to_do(event: Event) -> None:
    Delivery.objects.create(event=event, channel="pager", recipient="room", subject="s", body="b", next_attempt_at=Now())
    assert deliver_due("a").failed == 1
    assert "enable the plugin" in Delivery.objects.get().error
