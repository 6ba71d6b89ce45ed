"""Of what a new account came with nobody is told, and nothing is to be done, until it gets worse (H65, U2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stockhub.alerts import first_response
from stockhub.alerts.composing import compose_due
from stockhub.alerts.models import Alert, AlertEvent, Notice, ResponseStep, Subscription
from stockhub.channels.models import Account, PoolAccount
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.outbox.endpoints import EndpointInput, save_endpoint
from stockhub.outbox.models import Delivery
from tests.alerts.opened_alerts import opened, respond
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    """A shop of which one room is told of everything."""
    config = {"url": "https://erp.example/hook", "secret": "s" * 20}
    Subscription.objects.create(endpoint=save_endpoint(given=EndpointInput(name="room", notifier="webhook", config=config)))
    return make_world()


@pytest.mark.one_database
def test_baseline_alerts_are_neither_announced_nor_acted_on(world: World) -> None:
    opened(world, "A", level=3, is_baseline=True)
    respond()
    assert (Notice.objects.count(), ResponseStep.objects.count()) == (0, 0)


def worsened(alert: Alert, level: int, at: datetime) -> Cycle:
    """A later cycle that found the alert at a higher level."""
    later = Cycle.objects.create(name="warnings", slot_at=at, as_of=at, created_at=at)
    Alert.objects.filter(pk=alert.pk).update(level=level, level_since_at=at, changed_cycle=later)
    AlertEvent.objects.create(alert=alert, what="raised", level=level, actor="cycle:warnings", occurred_at=at)
    return later


def test_h65_what_a_new_account_came_with_is_told_and_acted_on_once_it_gets_worse(world: World) -> None:
    alert = opened(world, "A", level=1, is_baseline=True)
    opened(world, "B", level=3, is_baseline=True)
    respond()
    later = worsened(alert, 3, NOW + HOUR)
    with clock.at(NOW + HOUR):
        first_response.respond_to_cycle(later)
    with clock.at(NOW + HOUR):
        assert compose_due() == 1
    [delivery] = Delivery.objects.all()
    assert delivery.message is not None
    assert (delivery.message["data"]["count"], delivery.message["data"]["alerts"], delivery.level) == (1, [alert.pk], 3)
    steps = ResponseStep.objects.order_by("pk").values_list("alert_id", "step")
    assert list(steps) == [(alert.pk, step) for step in ("plan-transfer", "freeze-outbound", "tell-management")]


def test_h65_what_gets_worse_before_its_account_has_a_baseline_is_part_of_that(world: World) -> None:
    Account.objects.update(baseline_at=None)
    alert = opened(world, "A", level=1, is_baseline=True)
    with clock.at(NOW + HOUR):
        first_response.respond_to_cycle(worsened(alert, 3, NOW + HOUR))
    assert (Notice.objects.count(), ResponseStep.objects.count()) == (0, 0)
    # A pool of which one account is settled has no baseline any more.
    PoolAccount.objects.create(pool=world.pool, account=Account.objects.create(code="old", name="old", baseline_at=NOW))
    with clock.at(NOW + 2 * HOUR):
        first_response.respond_to_cycle(worsened(alert, 3, NOW + 2 * HOUR))
    assert (Notice.objects.count(), ResponseStep.objects.count()) == (1, 3)
