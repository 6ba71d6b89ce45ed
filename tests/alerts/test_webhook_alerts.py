"""I6, U24: webhooks that are given up, unreadable or refused are alerts that say what to do, and close when that is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage
from tests.worlds import NOW, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = timedelta(minutes=15)


def shown(kind: str) -> list[tuple[str, int, str]]:
    with translation.override("en"):
        return [
            (alert.inputs["account"], alert.level, headline(alert))
            for alert in Alert.objects.filter(kind=kind).exclude(status="resolved").order_by("account_id")
        ]


def test_u24_messages_that_were_given_up_and_pushes_that_nobody_could_read_are_one_alert() -> None:
    world = make_world()
    parked = [WebhookMessage(account=world.account, message_id=str(n), status="parked", received_at=NOW) for n in range(2)]
    WebhookMessage.objects.bulk_create([*parked, WebhookMessage(account=world.account, message_id="due", received_at=NOW)])
    UnreadableWebhook.objects.create(account=world.account, digest="1", reason="No JSON.", size=3)
    UnreadableWebhook.objects.create(account=world.account, digest="2", reason="No JSON.", size=3, resolved_at=NOW)
    run_cycle("warnings")
    told = (
        "dy · Webhooks that wait for a person · 3 webhooks were given up or could not be read: see why, mend it, then try them again or "
        "dismiss them."
    )
    assert shown("webhooks-waiting") == [("dy", 2, told)]
    WebhookMessage.objects.filter(status="parked").update(status="due")
    run_cycle("warnings", NOW + LATER)
    [(_account, _level, told)] = shown("webhooks-waiting")
    assert told.startswith("dy · Webhooks that wait for a person · 1 webhook was given up or could not be read")
    UnreadableWebhook.objects.update(resolved_at=NOW)
    run_cycle("warnings", NOW + 2 * LATER)
    assert shown("webhooks-waiting") == []


def test_u24_an_account_whose_pushes_are_all_refused_is_an_alert_until_one_is_taken() -> None:
    world = make_world()
    refused = {"account": world.account, "status": 401, "first_at": NOW - timedelta(days=3)}
    RefusedWebhook.objects.create(code="too_large", message="It is too large.", last_at=NOW - timedelta(days=2), **refused)
    run_cycle("warnings")
    assert shown("webhooks-refused") == [], "whoever sent it has stopped"
    signature = RefusedWebhook.objects.create(code="wrong_signature", message="It is not this app's.", times=7, last_at=NOW, **refused)
    run_cycle("warnings", NOW + LATER)
    told = (
        "dy · Webhooks are refused · What is pushed to its address is refused, 7 times for this cause: It is not this app's. "
        "See that the secret and the address are the platform's; until then orders come by polling alone."
    )
    assert shown("webhooks-refused") == [("dy", 2, told)]
    WebhookMessage.objects.create(account=world.account, message_id="1", received_at=NOW + LATER)
    run_cycle("warnings", NOW + 2 * LATER)
    assert shown("webhooks-refused") == []
    # One who knocks now and then at an address that works: the next push that is taken ends it.
    RefusedWebhook.objects.filter(pk=signature.pk).update(last_at=NOW + 2 * LATER)
    run_cycle("warnings", NOW + 3 * LATER)
    assert len(shown("webhooks-refused")) == 1
    world.account.is_active = False
    world.account.save()
    run_cycle("warnings", NOW + 4 * LATER)
    assert shown("webhooks-refused") == []
