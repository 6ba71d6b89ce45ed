"""One late supplier, through a real full cycle: every SKU has its alerts, people have one thing to deal with (row 20 of the faults).

`make soak` runs it with a thousand SKUs.
"""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.access.models import User
from stockhub.alerts.composing import compose_due
from stockhub.alerts.incidents.models import Incident
from stockhub.alerts.models import Alert, AlertEvent, Notice, Subscription
from stockhub.catalog.models import Sku
from stockhub.cycles.models import CycleStatus
from stockhub.demand.models import Forecast, SalesSeries
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Delivery, Event
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from stockhub.suppliers.models import Offer, Supplier
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SKUS = int(os.environ.get("STOCKHUB_STORM_SKUS", "80"))


def short(world: World, supplier: Supplier, code: str, count: int) -> list[Sku]:
    """SKUs that sell ten a day, have stock for five days, and are bought from that supplier in fifteen."""
    skus = Sku.objects.bulk_create(
        Sku(code=f"{code}{n:04}", price_amount=Decimal(100), price_currency="CNY", unit_cost_amount=Decimal(40), unit_cost_currency="CNY")
        for n in range(count)
    )
    Offer.objects.bulk_create(
        Offer(supplier=supplier, sku=sku, currency="CNY", unit_price_amount=Decimal(40), lead_time_days=15, lead_time_sd_days=0.001)
        for sku in skus
    )
    Balance.objects.bulk_create(Balance(sku=sku, warehouse=world.warehouse, bucket_id="available", qty=50) for sku in skus)
    SalesSeries.objects.bulk_create(
        SalesSeries(
            sku=sku, account=world.account, first_on=DAY - timedelta(days=59), daily=np.full(60, 10.0, np.float32),
            hourly=np.zeros(0, np.float32), last_sold_at=NOW,
        )
        for sku in skus
    )  # fmt: skip
    Forecast.objects.bulk_create(
        Forecast(
            sku=sku, pool=world.pool, first_on=DAY, horizon_days=90, model_used="test", mean=np.full(90, 10.0, np.float32),
            quantile_levels=np.array([0.5], np.float32), quantiles=np.full(90, 10.0, np.float32), error_sd=0.0, history_days=100,
            created_at=NOW,
        )
        for sku in skus
    )  # fmt: skip
    return skus


def late_order(world: World, supplier: Supplier, skus: list[Sku]) -> None:
    """One order of all of them that should have come five days ago."""
    order = PurchaseOrder.objects.create(
        code=f"PO-{supplier.code}", supplier=supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY - timedelta(days=40),
        promised_on=DAY - timedelta(days=5),
    )  # fmt: skip
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(purchase_order=order, line_no=number, sku=sku, ordered_qty=100) for number, sku in enumerate(skus, 1)
    )


def test_f20_n14_a_late_supplier_of_a_whole_catalogue_is_one_incident_one_message_each_and_nothing_is_lost() -> None:
    world = make_world()
    other = Supplier.objects.create(code="other", name="Punctual")
    late, punctual = short(world, world.supplier, "L", SKUS), short(world, other, "P", 3)
    late_order(world, world.supplier, late)
    for name in ("ana", "bo"):
        user = User.objects.create(username=name, email=f"{name}@example.com", is_superuser=True)
        Subscription.objects.create(user=user, kinds=["late-inbound"])
    cycle = run_cycle("warnings")
    assert (cycle.status, cycle.message) == (CycleStatus.DONE, "")
    # Each SKU has its own alert, step and event, and none of the punctual supplier's.
    alerts = Alert.objects.filter(kind="late-inbound")
    assert set(alerts.values_list("sku_id", flat=True)) == {sku.pk for sku in late}
    assert AlertEvent.objects.filter(alert__in=alerts, what="opened").count() == SKUS
    assert Event.objects.filter(kind="alerts.alert_opened.v1", payload__kind="late-inbound").count() == SKUS
    # All that is short of these SKUs is one incident: the supplier.
    [incident] = Incident.objects.filter(cause="late_supplier")
    its = Alert.objects.filter(incident=incident)
    assert (incident.key, incident.open_count, its.count()) == (f"supplier:{world.supplier.pk}", its.count(), incident.alert_count)
    assert set(its.filter(kind="late-inbound").values_list("sku_id", flat=True)) == {sku.pk for sku in late}
    assert not Alert.objects.filter(sku__in=punctual, incident=incident).exists()
    # One message to each subscriber, which counts all of them; the next cycle has nothing to say.
    assert compose_due() == 2
    subjects = list(Delivery.objects.order_by("recipient").values_list("recipient", "subject"))
    assert [recipient for recipient, _subject in subjects] == ["ana@example.com", "bo@example.com"]
    assert all(str(SKUS) in subject for _recipient, subject in subjects), subjects
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert (compose_due(), Notice.objects.count(), Delivery.objects.count()) == (0, 0, 2)
    assert (alerts.count(), Incident.objects.filter(cause="late_supplier").count()) == (SKUS, 1)
