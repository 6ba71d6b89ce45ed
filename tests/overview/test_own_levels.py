"""Minimum and maximum of many SKUs at once from what they sold (U10), what is made of them, and the page that asks first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Category, Sku, StockPolicy
from stockhub.core import clock
from stockhub.demand.models import StockoutSeries
from stockhub.editing.models import ChangeSet
from stockhub.editing.undo import undo_change_set
from stockhub.overview.own_levels import LevelRequest, OwnLevels, keep_levels, proposed_levels
from stockhub.snapshot.builder import build
from stockhub.values import DomainError
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
PAGE = reverse("cockpit:levels_from_sales")
#: 8 and 12 by turns: a mean of 10, a deviation of 2.0112 over 90 days, 7.789 over a lead time of 15; 1.6449 of that is 12.81.
EVEN = [8.0, 12.0] * 60
MINIMUM, MAXIMUM = 163, 463


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def proposed(world: World, *skus: Sku) -> list[OwnLevels]:
    return proposed_levels([sku.pk for sku in skus], LevelRequest(world.pool.pk))


def test_u10_levels_are_demand_over_the_lead_time_safety_stock_and_an_order(world: World) -> None:
    even = world.sku("EVEN")
    world.sold(even, EVEN, last_on=YESTERDAY)
    [level] = proposed(world, even)
    assert (level.sku, level.known_days, level.lead_time, level.daily_mean) == ("EVEN", 90, 15.0, 10.0)
    assert level.daily_sd == pytest.approx(2.0112, abs=1e-4)
    assert (level.minimum, level.maximum, level.minimum_before, level.maximum_before) == (MINIMUM, MAXIMUM, None, None)


def test_u10_days_out_of_stock_say_nothing_and_one_wholesale_order_next_to_nothing(world: World) -> None:
    out, whole = world.sku("OUT"), world.sku("WHOLE")
    world.sold(out, [*EVEN[:90], *[0.0] * 30], last_on=YESTERDAY)
    in_stock = np.array([100] * 90 + [0] * 30, np.uint8)
    StockoutSeries.objects.create(sku=out, pool=world.pool, first_on=YESTERDAY - timedelta(days=119), in_stock=in_stock)
    world.sold(whole, [*EVEN[:100], 5000.0, *EVEN[101:]], last_on=YESTERDAY)
    first, second = proposed(world, out, whole)
    assert (first.known_days, first.daily_mean) == (60, 10.0)
    assert first.minimum == MINIMUM
    assert second.minimum is not None
    assert MINIMUM <= second.minimum <= MINIMUM + 5


def test_u10_who_has_hardly_sold_is_named_and_left_alone(world: World) -> None:
    young, dead = world.sku("YOUNG"), world.sku("DEAD")
    world.sold(young, [5.0] * 20, last_on=YESTERDAY)
    world.sold(dead, [0.0] * 120, last_on=YESTERDAY)
    found = proposed(world, young, dead)
    assert [(each.sku, each.reason, each.minimum) for each in found] == [("DEAD", "NO_SALES", None), ("YOUNG", "FEW_DAYS", None)]
    assert keep_levels(found, pool="cn") == 0
    assert not StockPolicy.objects.exists()


def test_u10_levels_are_kept_in_bulk_leave_the_rest_of_a_policy_and_are_undone_at_once(world: World) -> None:
    skus = [world.sku(f"S{number}") for number in range(3)]
    for sku in skus:
        world.sold(sku, EVEN, last_on=YESTERDAY)
    StockPolicy.objects.create(sku=skus[0], pool=world.pool, alert_threshold_qty=7, service_level=0.9)
    found = proposed(world, *skus)
    assert [each.minimum_before for each in found] == [7, None, None]
    assert keep_levels(found, pool="cn") == 3
    kept = StockPolicy.objects.order_by("sku__code").values_list("alert_threshold_qty", "maximum_qty", "service_level")
    assert list(kept) == [(MINIMUM, MAXIMUM, 0.9), (MINIMUM, MAXIMUM, None), (MINIMUM, MAXIMUM, None)]
    # What stands there already changes nothing.
    assert keep_levels(proposed(world, *skus), pool="cn") == 0
    undo_change_set(ChangeSet.objects.get())
    again = StockPolicy.objects.filter(deleted_at=None).values_list("sku__code", "alert_threshold_qty", "maximum_qty")
    assert list(again) == [("S0", 7, None)]


@pytest.mark.parametrize(
    ("given", "path"), [({"days": 27}, "days"), ({"service_level": 1.0}, "service_level"), ({"order_days": 0}, "order_days")]
)
def test_u10_a_request_without_sense_is_refused(world: World, given: dict[str, float], path: str) -> None:
    with pytest.raises(DomainError) as refused:
        proposed_levels([1], LevelRequest(world.pool.pk, **given))  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.path) == ("invalid_levels", (path,))


def test_u10_below_the_minimum_the_warning_asks_for_what_is_missing_to_the_maximum(world: World) -> None:
    sku = world.selling("TEA", stock=80, rate=10.0)
    before = build([sku.pk], NOW)["order_up_to"][0]
    StockPolicy.objects.create(sku=sku, pool=world.pool, alert_threshold_qty=100, maximum_qty=503)
    after = build([sku.pk], NOW)
    assert (after["stock_maximum"][0], after["order_up_to"][0]) == (503.0, 503.0)
    assert before != 503.0
    run_cycle("warnings")
    for kind in ("below-threshold", "order-due"):
        alert = Alert.objects.get(kind=kind)
        assert (kind, alert.suggested_qty) == (kind, 423.0)


def test_u10_without_a_maximum_the_line_warns_and_asks_for_nothing(world: World) -> None:
    sku = world.selling("TEA", stock=80, rate=10.0)
    StockPolicy.objects.create(sku=sku, pool=world.pool, alert_threshold_qty=100)
    run_cycle("warnings")
    assert Alert.objects.get(kind="below-threshold").suggested_qty is None


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", sees_all_accounts=True, sees_all_warehouses=True))
    return client


def test_u10_the_page_shows_first_and_keeps_what_it_showed(world: World, browser: Client) -> None:
    top = Category.objects.create(code="drinks", name="Drinks")
    tea = Category.objects.create(code="tea", name="Tea", parent=top)
    for code, category in (("GREEN", tea), ("CUP", None)):
        sku = world.sku(code)
        Sku.objects.filter(pk=sku.pk).update(category=category)
        world.sold(sku, EVEN, last_on=YESTERDAY)
    assert browser.get(PAGE).context["rows"] is None
    asked = {"pool": "cn", "category": "drinks", "skus": "", "days": "90", "service_level": "0.95", "order_days": "30"}
    shown = browser.get(PAGE, asked)
    assert [(row.sku, row.minimum, row.maximum) for row in shown.context["rows"]] == [("GREEN", MINIMUM, MAXIMUM)]
    assert not StockPolicy.objects.exists()
    hidden = dict(shown.context["asked"])
    assert hidden == asked
    assert browser.post(PAGE, hidden).status_code == 302
    assert list(StockPolicy.objects.values_list("sku__code", "pool__code", "maximum_qty")) == [("GREEN", "cn", MAXIMUM)]


def test_u10_the_page_names_codes_that_it_does_not_know_and_is_for_those_who_may_change_policies(world: World, browser: Client) -> None:
    world.sku("CUP")
    wrong = browser.get(PAGE, {"pool": "cn", "skus": "CUP\nMOON", "days": "90", "service_level": "0.95", "order_days": "30"})
    assert wrong.context["form"].errors["skus"] == ["There is no SKU with this code: MOON"]
    stranger = Client()
    stranger.force_login(User.objects.create_user("nobody", is_staff=True))
    assert stranger.get(PAGE).status_code == 403
