"""Incidents: alerts with one cause are one thing to deal with (N14, row 20)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.incidents import services as incident_services
from stockhub.alerts.incidents.grouping import group_alerts
from stockhub.alerts.incidents.models import Incident
from stockhub.alerts.incidents.selectors import incidents_visible_to, news_by_incident
from stockhub.alerts.incidents.wording import incident_headline
from stockhub.alerts.models import Alert, Side
from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.channels.models import Feed, Responsibility
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.demand.models import PlannedEvent
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from stockhub.values import DomainError
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def ordered(world: World, skus: list[Sku], *, promised_on: date) -> PurchaseOrder:
    order = PurchaseOrder.objects.create(
        code=f"PO-{PurchaseOrder.objects.count() + 1}", supplier=world.supplier, warehouse=world.warehouse, currency="CNY",
        ordered_on=DAY - timedelta(days=40), promised_on=promised_on,
    )  # fmt: skip
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(purchase_order=order, line_no=number, sku=sku, ordered_qty=1) for number, sku in enumerate(skus, 1)
    )
    return order


def alerts_of(world: World, count: int, *, side: Side = Side.SHORTAGE, kind: str = "shortage", money: int | None = 10) -> list[Alert]:
    """Open alerts as a cycle leaves them, each of a SKU of its own."""
    first = Sku.objects.count()
    skus = Sku.objects.bulk_create(Sku(code=f"S{first + number}") for number in range(count))
    return Alert.objects.bulk_create(
        Alert(
            kind=kind, subject=f"{sku.pk}:{world.pool.pk}", sku=sku, pool=world.pool, side=side, level=2, opened_at=NOW,
            money_amount=None if money is None else Decimal(money),
        )
        for sku in skus
    )  # fmt: skip


def skus_of(alerts: list[Alert]) -> list[Sku]:
    return [alert.sku for alert in alerts if alert.sku]


def timeline(incident: Incident) -> list[tuple[str, int]]:
    return list(incident.events.order_by("id").values_list("what", "count"))


def test_n14_one_late_supplier_with_forty_skus_is_one_incident(world: World) -> None:
    buyer = User.objects.create(username="buyer")
    Responsibility.objects.create(buyer=buyer)
    skus = [world.selling(f"SHORT{number}", stock=50, rate=10.0) for number in range(40)]
    other = world.selling("OTHER", stock=50, rate=10.0)
    ordered(world, skus, promised_on=DAY - timedelta(days=1))
    ordered(world, [other], promised_on=DAY + timedelta(days=1))
    run_cycle("warnings")
    [incident] = Incident.objects.all()
    assert (incident.cause, incident.key, incident.inputs["code"]) == ("late_supplier", f"supplier:{world.supplier.pk}", "sup")
    its = Alert.objects.filter(incident=incident)
    assert set(its.values_list("sku_id", flat=True)) == {sku.pk for sku in skus}
    assert not Alert.objects.filter(sku=other, incident__isnull=False).exists()
    assert (incident.alert_count, incident.open_count, incident.owner) == (its.count(), its.count(), buyer)
    # Shortage and order due of one SKU speak of the same money.
    worst: dict[int | None, Decimal] = {}
    for alert in its:
        worst[alert.sku_id] = max(worst.get(alert.sku_id, Decimal(0)), alert.money_amount or Decimal(0))
    assert incident.money_amount == sum(worst.values())
    assert timeline(incident) == [("opened", 0), ("joined", its.count())]
    assert incident_headline(incident).startswith(f"Supplier delivers late · {its.count()} alerts · ")


def test_n14_it_is_joined_and_left_and_ends_with_its_last_alert_and_opens_again_instead_of_doubling(world: World) -> None:
    alerts = alerts_of(world, 3)
    ordered(world, skus_of(alerts), promised_on=DAY - timedelta(days=5))
    assert group_alerts(NOW) == 3
    [late] = alerts_of(world, 1, money=90)
    ordered(world, skus_of([late]), promised_on=DAY - timedelta(days=2))
    assert group_alerts(NOW + timedelta(minutes=5)) == 1
    [incident] = Incident.objects.all()
    assert (incident.alert_count, incident.open_count, incident.money_amount) == (4, 4, Decimal(120))
    with clock.at(NOW + timedelta(hours=1)):
        services.resolve(alert_ids=[alerts[0].pk], resolution="flown in")
        assert group_alerts(clock.now()) == 0
    incident.refresh_from_db()
    assert (incident.open_count, incident.money_amount, incident.status) == (3, Decimal(110), "open")
    with clock.at(NOW + timedelta(hours=2)):
        services.resolve(alert_ids=[alert.pk for alert in [*alerts[1:], late]], resolution="arrived")
        group_alerts(clock.now())
    incident.refresh_from_db()
    assert (incident.status, incident.resolved_at, incident.open_count, incident.alert_count) == (
        "resolved", NOW + timedelta(hours=2), 0, 4,
    )  # fmt: skip
    again = alerts_of(world, 2)
    ordered(world, skus_of(again), promised_on=DAY)
    with clock.at(NOW + timedelta(days=3)):
        assert group_alerts(clock.now()) == 2
    [incident] = Incident.objects.all()
    assert (incident.status, incident.resolved_at, incident.open_count, incident.alert_count) == ("open", None, 2, 6)
    assert timeline(incident) == [
        ("opened", 0), ("joined", 3), ("joined", 1), ("left", 1), ("resolved", 3), ("reopened", 0), ("joined", 2),
    ]  # fmt: skip


def test_one_late_sku_is_no_incident_and_a_cause_of_long_ago_is_a_new_one(world: World) -> None:
    [alone] = alerts_of(world, 1)
    ordered(world, skus_of([alone]), promised_on=DAY - timedelta(days=5))
    assert (group_alerts(NOW), Incident.objects.count()) == (0, 0)
    Incident.objects.create(
        cause="late_supplier", key=f"supplier:{world.supplier.pk}", status="resolved", resolved_at=NOW - timedelta(days=8)
    )  # fmt: skip
    more = alerts_of(world, 1)
    ordered(world, skus_of(more), promised_on=DAY - timedelta(days=5))
    assert (group_alerts(NOW), Incident.objects.count()) == (2, 2)


def test_row_20_a_storm_of_a_thousand_skus_is_one_incident_and_nothing_is_lost(world: World) -> None:
    alerts = alerts_of(world, 1_000)
    ordered(world, skus_of(alerts), promised_on=DAY - timedelta(days=5))
    with CaptureQueriesContext(connection) as queries:
        assert group_alerts(NOW) == 1_000
    assert len(queries) <= 40
    [incident] = Incident.objects.all()
    assert (incident.open_count, incident.money_amount) == (1_000, Decimal(10_000))
    assert Alert.objects.filter(incident=incident, events__what="joined").count() == 1_000
    [news] = news_by_incident([alert.pk for alert in alerts])
    assert (news.incident, len(news.alert_ids)) == (incident, 1_000)
    with CaptureQueriesContext(connection) as queries:
        assert group_alerts(NOW + timedelta(minutes=5)) == 0
    assert len(queries) <= 16
    assert not [q for q in queries if q["sql"].startswith(("UPDATE", "INSERT"))]


def test_row_20_a_storm_without_a_culprit_is_one_incident_of_its_pool(world: World) -> None:
    alerts_of(world, 19)
    assert group_alerts(NOW) == 0
    alerts_of(world, 1)
    assert group_alerts(NOW) == 20
    [incident] = Incident.objects.all()
    assert (incident.cause, incident.key) == ("pool", f"pool:{world.pool.pk}:shortage")
    assert incident_headline(incident) == "Many shortages at once in China · 20 alerts · 200.00 CNY at stake"


def test_a_flood_of_news_is_left_to_escalation_and_not_lost(world: World) -> None:
    alerts = alerts_of(world, 40)
    assert group_alerts(NOW, most=39) == 0
    cycle = run_cycle("escalation", NOW + timedelta(minutes=5))
    assert cycle.counts["joined_incidents"] == 40
    assert Alert.objects.filter(incident__cause="pool", pk__in=[alert.pk for alert in alerts]).count() == 40


def test_what_a_new_account_came_with_is_a_summary_and_no_incident(world: World) -> None:
    alerts_of(world, 50)
    Alert.objects.update(is_baseline=True)
    assert (group_alerts(NOW), Incident.objects.count()) == (0, 0)


def test_a_campaign_explains_the_shortages_of_what_it_sells(world: World) -> None:
    caps = Category.objects.create(code="caps", name="Caps")
    wool = Category.objects.create(code="wool", name="Wool caps", parent=caps)
    alerts = alerts_of(world, 3)
    Sku.objects.filter(pk__in=[alert.sku_id for alert in alerts[:2]]).update(category=wool)
    plan = {
        "kind": "promotion",
        "event_type": "618",
        "name": "618",
        "starts_on": DAY + timedelta(days=7),
        "ends_on": DAY + timedelta(days=9),
    }
    PlannedEvent.objects.create(code="ALL", **plan)
    PlannedEvent.objects.create(code="CAPS", category=caps, **plan)
    assert group_alerts(NOW) == 2
    [incident] = Incident.objects.all()
    assert (incident.cause, incident.inputs) == ("campaign", {"code": "CAPS", "name": "618"})
    assert set(incident.alerts.values_list("id", flat=True)) == {alert.pk for alert in alerts[:2]}


def test_what_was_found_since_a_feed_stands_still_is_one_incident(world: World) -> None:
    before, after = alerts_of(world, 2), alerts_of(world, 3)
    Alert.objects.filter(pk__in=[alert.pk for alert in before]).update(opened_at=NOW - timedelta(days=2))
    Feed.objects.update(data_until_at=NOW - timedelta(hours=30))
    assert group_alerts(NOW) == 3
    [incident] = Incident.objects.all()
    assert (incident.cause, incident.inputs["account"], incident.inputs["feed"]) == ("stale_feed", "dy", "orders")
    assert set(incident.alerts.values_list("id", flat=True)) == {alert.pk for alert in after}
    assert "The feed orders of dy stands still since" in incident_headline(incident)


def test_a_category_that_piles_up_is_one_incident(world: World) -> None:
    caps = Category.objects.create(code="caps", name="Caps")
    alerts = alerts_of(world, 5, side=Side.EXCESS, kind="overstock")
    Sku.objects.filter(pk__in=[alert.sku_id for alert in alerts]).update(category=caps)
    Sku.objects.bulk_create(Sku(code=f"FINE{number}", category=caps) for number in range(12))
    assert group_alerts(NOW) == 0  # five of seventeen
    Sku.objects.filter(code="FINE0").update(deleted_at=NOW)
    assert group_alerts(NOW) == 5
    [incident] = Incident.objects.all()
    assert (incident.cause, incident.open_count) == ("category", 5)


def test_n14_a_step_with_an_incident_is_taken_with_its_alerts(world: World) -> None:
    alerts = alerts_of(world, 3)
    ordered(world, skus_of(alerts), promised_on=DAY - timedelta(days=5))
    group_alerts(NOW)
    [incident] = Incident.objects.all()
    ana = User.objects.create(username="ana")
    with actor.acting_as(Actor("ana", ana.pk)), clock.at(NOW + timedelta(hours=1)):
        services.start(alert_ids=[alerts[0].pk])
        taken = incident_services.take(incident_id=incident.pk, step=services.acknowledging(), expected_version=incident.version)
        # The one that somebody is at work on already stays so.
        assert (taken.changed, [row.error.code for row in taken.rows if row.error]) == (2, ["alert_transition_refused"])
        assert (taken.incident.status, taken.incident.acknowledged_by) == ("acknowledged", "ana")
        with pytest.raises(DomainError) as refused:
            incident_services.take(incident_id=incident.pk, step=services.starting(), expected_version=incident.version)
        assert refused.value.code == "stale_version"
        assigned = incident_services.take(incident_id=incident.pk, step=services.assigning(ana), owner_id=ana.pk)
        assert (assigned.incident.owner, assigned.changed) == (ana, 3)
        snoozing = services.snoozing(NOW + timedelta(days=2), "the ship is due on Friday")
        assert incident_services.take(incident_id=incident.pk, step=snoozing).changed == 3
        done = incident_services.take(incident_id=incident.pk, step=services.resolving("arrived"))
        assert (done.incident.status, done.incident.resolved_at, done.changed) == ("resolved", NOW + timedelta(hours=1), 3)
        with pytest.raises(DomainError) as refused:
            incident_services.take(incident_id=incident.pk, step=services.starting())
        assert refused.value.code == "incident_resolved"
    assert set(Alert.objects.values_list("status", "owner")) == {("resolved", ana.pk)}
    assert timeline(incident)[2:] == [("acknowledged", 2), ("assigned", 3), ("snoozed", 3), ("resolved", 3)]


def test_h70_an_incident_whose_owner_left_is_whoever_has_most_of_its_alerts(world: World) -> None:
    ana, ben = User.objects.create(username="ana"), User.objects.create(username="ben")
    alerts = alerts_of(world, 3)
    ordered(world, skus_of(alerts), promised_on=DAY - timedelta(days=5))
    Alert.objects.filter(pk=alerts[0].pk).update(owner=ben)
    group_alerts(NOW)
    assert Incident.objects.get().owner == ben
    User.objects.filter(pk=ben.pk).update(is_active=False)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts[1:]]).update(owner=ana)
    group_alerts(NOW + timedelta(minutes=5))
    assert Incident.objects.get().owner == ana


def test_i4_an_incident_is_seen_by_whoever_sees_all_of_its_alerts(world: World) -> None:
    alerts = alerts_of(world, 3)
    ordered(world, skus_of(alerts), promised_on=DAY - timedelta(days=5))
    group_alerts(NOW)
    root, nobody = User.objects.create(username="root", is_superuser=True), User.objects.create(username="nobody")
    assert incidents_visible_to(root).count() == 1
    assert incidents_visible_to(nobody).count() == 0
    assert StockPool.objects.count() == 1
