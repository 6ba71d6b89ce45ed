"""What a substitute sells while the original is out of stock is not its own demand, and is expected of it while the original stays out."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client

from stockhub.access.models import User
from stockhub.catalog.models import Sku, SkuRelation
from stockhub.demand.frames import rows_of
from stockhub.demand.models import EventLift, Forecast, ForecastBasis, ForecastSettings, StockoutSeries
from stockhub.demand.plans.stand_ins import EVENT_TYPE, LONGEST_DAYS, STAYS_OUT_DAYS, stand_in_events
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
DAYS = 120
FIRST = YESTERDAY - timedelta(days=DAYS - 1)


@pytest.fixture
def world() -> World:
    return make_world()


def day(column: int) -> date:
    return FIRST + timedelta(days=column)


def pair(world: World, *outages: slice, lift: float = 1.5, name: str = "MUG") -> tuple[Sku, Sku]:
    """An original that sells 10 a day unless it is out, and a substitute that sells 20, and so much more while it is."""
    original, stand_in = world.sku(f"{name}-RED"), world.sku(f"{name}-BLUE")
    sold, more, in_stock = np.full(DAYS, 10.0), np.full(DAYS, 20.0), np.full(DAYS, 100, np.uint8)
    for outage in outages:
        sold[outage], more[outage], in_stock[outage] = 0.0, 20.0 * lift, 0
    world.sold(original, sold.tolist(), last_on=YESTERDAY)
    world.sold(stand_in, more.tolist(), last_on=YESTERDAY)
    StockoutSeries.objects.create(sku=original, pool=world.pool, first_on=FIRST, in_stock=in_stock)
    SkuRelation.objects.create(sku=stand_in, other=original, kind="substitute_of", valid_from=FIRST)
    return original, stand_in


def of(sku: Sku) -> Forecast:
    return Forecast.objects.get(sku=sku)


def reasons_of(sku: Sku) -> list[dict[str, object]]:
    basis = ForecastBasis.objects.filter(forecast__sku=sku).first()
    return [] if basis is None else [reason for reason in basis.reasons if reason["code"] == EVENT_TYPE]


def test_u9_what_a_substitute_sold_in_place_of_another_is_not_its_own_demand(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=28, cut_outliers=False)
    original, stand_in = pair(world, slice(60, 68), slice(100, 112))
    run_cycle("forecast")
    assert of(stand_in).mean[:28].tolist() == pytest.approx([20.0] * 28, rel=0.01)
    assert of(original).mean[:28].tolist() == pytest.approx([10.0] * 28, rel=0.01)
    SkuRelation.objects.all().delete()
    run_cycle("forecast", NOW + timedelta(minutes=1))
    # Nobody says that it stands in: then what it sold of late is its own.
    assert of(stand_in).mean.tolist() == pytest.approx([20.0 + 12 * 10.0 / 28] * 28)


def test_u9_while_the_original_stays_out_the_substitute_is_expected_to_sell_what_it_did_then(world: World) -> None:
    _original, stand_in = pair(world, slice(40, 48), slice(60, 68), slice(115, DAYS))
    run_cycle("forecast")
    [unknown] = reasons_of(stand_in)
    assert (unknown["factor"], unknown["origin"]) == (None, "unknown")
    lift = EventLift.objects.get(event_type=EVENT_TYPE)
    assert lift.sku_events == 2
    assert lift.observed_lift == pytest.approx(1.5, rel=0.05)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    [known] = reasons_of(stand_in)
    assert known["origin"] == "learned"
    assert known["label"] == {"en": "Stands in for MUG-RED, which is out of stock", "zh": "MUG-RED 缺货，由本品替代"}
    assert known["last_on"] == (YESTERDAY + timedelta(days=STAYS_OUT_DAYS)).isoformat()
    mean = of(stand_in).mean
    assert mean[:STAYS_OUT_DAYS].tolist() == pytest.approx([20.0 * float(str(known["factor"]))] * STAYS_OUT_DAYS, rel=0.02)
    assert 1.35 < float(str(known["factor"])) < 1.55
    assert float(mean[30]) == pytest.approx(20.0, rel=0.02)


def test_u9_the_substitute_stands_in_until_the_original_is_expected(world: World) -> None:
    original, stand_in = pair(world, slice(110, DAYS))
    expected = YESTERDAY + timedelta(days=9)
    order = PurchaseOrder.objects.create(
        code="PO-1", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=YESTERDAY, promised_on=expected
    )
    PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=original, ordered_qty=50, posted_qty=50)
    [event] = stand_in_events(rows_of([stand_in.pk]), first_on=FIRST, last_on=YESTERDAY)
    assert (event.first_on, event.last_on) == (day(110), expected - timedelta(days=1))
    assert (event.sku_id, event.pool_id) == (stand_in.pk, world.pool.pk)
    assert stand_in_events(rows_of([original.pk]), first_on=FIRST, last_on=YESTERDAY) == []


def test_u9_a_tie_counts_on_its_days_and_an_original_that_is_gone_for_good_does_not_stay_out_for_ever(world: World) -> None:
    _original, stand_in = pair(world, slice(20, 30), slice(40, DAYS))
    SkuRelation.objects.update(valid_from=day(25))
    first, second = stand_in_events(rows_of([stand_in.pk]), first_on=FIRST, last_on=YESTERDAY)
    assert (first.first_on, first.last_on) == (day(25), day(29))
    assert (second.first_on, second.last_on) == (day(40), day(40 + LONGEST_DAYS - 1))
    SkuRelation.objects.update(valid_to=day(27))
    [only] = stand_in_events(rows_of([stand_in.pk]), first_on=FIRST, last_on=YESTERDAY)
    assert (only.first_on, only.last_on) == (day(25), day(27))
    SkuRelation.objects.update(kind="supersedes")
    assert stand_in_events(rows_of([stand_in.pk]), first_on=FIRST, last_on=YESTERDAY) == []


def test_u9_an_original_that_never_sold_takes_nothing_from_its_substitute(world: World) -> None:
    original, stand_in = pair(world, slice(100, 112))
    original.sales.update(last_sold_at=None)
    assert stand_in_events(rows_of([stand_in.pk]), first_on=FIRST, last_on=YESTERDAY) == []


def test_u9_the_forecast_page_draws_the_days_on_which_it_stands_in(world: World) -> None:
    original, stand_in = pair(world, slice(60, 68), slice(115, DAYS))
    run_cycle("forecast")
    browser = Client()
    browser.force_login(User.objects.create_superuser("root", password="correct horse", sees_all_accounts=True, sees_all_warehouses=True))

    def page_of(sku: Sku) -> str:
        return browser.get(f"/admin/demand/forecast/{of(sku).pk}/change/").content.decode()

    page = page_of(stand_in)
    # Both outages, the second of which goes on into the forecast.
    assert page.count('<rect class="sh-stand-in"') == 2
    assert "<title>Stands in for MUG-RED, which is out of stock</title>" in page
    assert '<span class="sh-key sh-key-stand-in">sells in place of another</span>' in page
    assert '<rect class="sh-stand-in"' not in page_of(original)
    assert "sh-key-stand-in" not in page_of(original)
