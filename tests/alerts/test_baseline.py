"""What a new account comes with: when that is, who is told of it, and what is done about it (U2, H65)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Max, Sum
from django.test import Client
from pytest_django.fixtures import Settings

from stockhub.access.models import User
from stockhub.alerts.life.clocks import settle_clocks
from stockhub.alerts.models import Alert, AlertEvent, Notice, ResponseStep, ServiceLevel, Subscription
from stockhub.catalog.models import PoolWarehouse, StockPolicy, StockPool, Warehouse
from stockhub.channels.baselines import BaselineSummary
from stockhub.channels.models import Account, PoolAccount
from stockhub.outbox.models import Delivery, Event
from tests.graphql.shop import post
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)


def new_shop() -> World:
    """A shop of its own warehouse beside whatever there is, of which nothing is known yet."""
    warehouse = Warehouse.objects.create(code="us-main", name="US", ledger_starts_at=NOW - timedelta(days=60))
    pool = StockPool.objects.create(code="us", name="US")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(code="new", name="New shop", marketplace="file")
    PoolAccount.objects.create(pool=pool, account=account)
    return World(account, pool, warehouse, make_world().supplier)


def baselines() -> list[tuple[str, int]]:
    return list(Event.objects.filter(kind="alerts.baseline_set.v1").order_by("pk").values_list("payload__account", "payload__total"))


def test_u2_an_account_has_no_baseline_before_there_is_anything_of_it() -> None:
    """The rows of other shops are not its own; nor is a policy that somebody wrote down in advance."""
    shop = new_shop()
    other = Account.objects.get(code="dy")
    World(other, StockPool.objects.get(code="cn"), Warehouse.objects.get(code="cn-main"), shop.supplier).selling("OLD", stock=500, rate=1.0)
    planned = shop.sku("PLANNED")
    StockPolicy.objects.create(sku=planned, pool=shop.pool)
    cycle = run_cycle("warnings")
    assert cycle.counts["rows"] == 2
    shop.account.refresh_from_db()
    assert (shop.account.baseline_at, baselines()) == (None, [])
    shop.selling("MUCH", stock=1000, rate=1.0)
    cycle = run_cycle("warnings", NOW + HOUR)
    assert cycle.counts[f"new_pool.{shop.pool.pk}"] == 1
    shop.account.refresh_from_db()
    assert shop.account.baseline_at == NOW + HOUR
    assert list(Alert.objects.filter(pool=shop.pool).values_list("kind", "is_baseline")) == [("overstock", True)]
    assert baselines() == [("new", 1)]


def test_u2_an_account_of_a_pool_that_others_have_is_new_to_nobody() -> None:
    """The stock is known already, and what was wrong with it was told: its baseline is empty."""
    world = make_world()
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    account = Account.objects.create(code="new", name="New shop", marketplace="file")
    PoolAccount.objects.create(pool=world.pool, account=account)
    run_cycle("warnings", NOW + HOUR)
    account.refresh_from_db()
    assert (account.baseline_at, baselines()) == (NOW + HOUR, [("new", 0)])


# --- what is told of it ---------------------------------------------------------------------------------------------------------------


def person(name: str, *roles: str, language: str = "en", **columns: Any) -> User:  # noqa: ANN401 - columns of a user
    sees = {"sees_all_accounts": True, "sees_all_warehouses": True} | columns
    user = User.objects.create(username=name, email=f"{name}@example.com", language=language, **sees)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def roles() -> None:
    """A test of transactions empties the tables behind it, and what the migration wrote with them."""
    if not Subscription.objects.exists():
        import_module("stockhub.alerts.migrations.0008_told_roles").tell_purchasing_and_sales(apps, None)


@pytest.fixture
def shop() -> World:
    """A new shop with one SKU that will have run out long before more can come, and two of which there is too much."""
    world = make_world(baseline=False)
    Account.objects.update(name="Red hats")
    world.selling("SHORT", stock=10, rate=10.0)
    for code in ("MUCH1", "MUCH2"):
        world.selling(code, stock=1000, rate=1.0)
    return world


def money_of(**which: Any) -> Decimal:  # noqa: ANN401 - a filter
    return sum((each.money_amount or Decimal(0) for each in Alert.objects.filter(**which)), Decimal(0))


def shown(amount: Decimal) -> str:
    return f"{amount:,.2f} CNY at stake"


@pytest.mark.usefixtures("roles")
def test_h65_u2_both_roles_get_one_message_of_all_that_a_new_account_came_with(shop: World, settings: Settings) -> None:
    settings.STOCKHUB_PUBLIC_URL = "https://stock.example.com"
    person("buyer", "purchasing")
    person("seller", "sales", language="zh-hans")
    person("blind", "sales", sees_all_warehouses=False, sees_all_accounts=False)
    person("clerk")
    run_cycle("warnings")
    run_cycle("warnings", NOW + HOUR)
    told = {each.recipient: each for each in Delivery.objects.all()}
    assert set(told) == {"buyer@example.com", "seller@example.com"}
    its = Alert.objects.filter(is_baseline=True)
    by_level = [(level, its.filter(level=level).count()) for level in (3, 2, 1)]
    levels = " · ".join(f"{count} of level {level}" for level, count in by_level if count)
    worst = its.order_by().values("subject").annotate(worst=Max("money_amount")).aggregate(money=Sum("worst"))["money"]
    english, chinese = told["buyer@example.com"], told["seller@example.com"]
    assert english.subject == f"Red hats is new: {its.count()} stock alerts"
    first, *rest = english.body.splitlines()
    assert first == (
        f"This was there when the account was new: {levels} · {shown(worst)}. It is told once, as a sum. "
        "What gets worse and what is found from now on is told by itself."
    )
    [overstock] = [line for line in rest if line.startswith("Overstock")]
    of_level = its.get(kind="overstock", sku__code="MUCH1").level
    assert overstock == f"Overstock: 2 · 2 of level {of_level} · {shown(money_of(kind='overstock'))}"
    assert len(rest) == its.values("kind").distinct().count()
    assert english.message is not None
    assert english.message["link"] == "https://stock.example.com/admin/alerts/alert/?account=dy&is_baseline__exact=1"
    assert english.message["data"]["count"] == its.count()
    assert (english.level, english.event.kind) == (1, "alerts.baseline_told.v1")
    assert "Red hats" in chinese.subject
    assert any(line.startswith(("库存积压", "积压")) for line in chinese.body.splitlines())
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("roles")
def test_u2_whoever_asks_for_a_part_is_told_of_that_part(shop: World) -> None:
    Subscription.objects.create(user=person("ana"), kinds=["overstock"])
    Subscription.objects.create(user=person("ben"), kinds=["burn-rate"])
    run_cycle("warnings")
    [told] = Delivery.objects.all()
    assert told.message is not None
    assert (told.recipient, told.message["data"]["count"], told.message["data"]["kinds"]) == ("ana@example.com", 2, ["overstock"])


def test_u2_two_new_accounts_of_one_pool_are_told_once(shop: World) -> None:
    Subscription.objects.create(user=person("ana"))
    twin = Account.objects.create(code="twin", name="Twin", marketplace="file")
    PoolAccount.objects.create(pool=shop.pool, account=twin)
    run_cycle("warnings")
    assert Delivery.objects.count() == 1
    first, second = Account.objects.order_by("pk")
    assert first.baseline_summary == second.baseline_summary
    assert BaselineSummary.from_json(first.baseline_summary or {}).pools == (shop.pool.pk,)


# --- what is done about it ------------------------------------------------------------------------------------------------------------


def test_h65_h69_what_is_grave_has_steps_and_the_time_of_the_mildest_level_to_be_settled(shop: World) -> None:
    User.objects.create(username="boss", email="boss@example.com", is_superuser=True)
    ServiceLevel.objects.update_or_create(rule="", level=1, defaults={"acknowledge_hours": 10, "resolve_hours": 100, "counted": "clock"})
    run_cycle("warnings")
    run_cycle("escalation", NOW + HOUR)
    its = Alert.objects.filter(is_baseline=True)
    grave, rest = its.filter(level=3), its.exclude(level=3)
    assert grave.filter(kind="shortage").exists()
    assert rest.filter(kind="overstock").count() == 2
    assert set(grave.values_list("acknowledge_by_at", "resolve_by_at", "escalation_due_at", "clock_level")) == {
        (None, NOW + 100 * HOUR, NOW + 100 * HOUR, 3)
    }
    assert set(rest.values_list("resolve_by_at", "escalation_due_at")) == {(None, None)}
    assert set(ResponseStep.objects.values_list("alert_id", flat=True)) == set(grave.values_list("pk", flat=True))
    shortage = grave.get(kind="shortage")
    assert list(shortage.response_steps.order_by("pk").values_list("step", flat=True)) == [
        "plan-transfer", "freeze-outbound", "tell-management",
    ]  # fmt: skip
    run_cycle("escalation", NOW + 99 * HOUR)
    assert not AlertEvent.objects.filter(what="escalated").exists()
    run_cycle("escalation", NOW + 100 * HOUR)
    escalated = AlertEvent.objects.filter(what="escalated").values_list("alert_id", flat=True)
    assert set(escalated) == set(grave.values_list("pk", flat=True))
    # All of it is one message.
    assert Delivery.objects.filter(event__kind="alerts.overdue_told.v1").count() == 1


def test_h69_what_a_new_account_came_with_and_gets_milder_has_no_clock(shop: World) -> None:
    run_cycle("warnings")
    settle_clocks()
    alert = Alert.objects.get(kind="shortage")
    assert alert.resolve_by_at is not None
    Alert.objects.filter(pk=alert.pk).update(level=2, level_since_at=NOW + HOUR)
    settle_clocks()
    alert.refresh_from_db()
    clocks = Alert.objects.filter(pk=alert.pk).values_list("acknowledge_by_at", "resolve_by_at", "escalation_due_at", "clock_level")
    assert list(clocks) == [(None, None, None, 2)]
    # Worse again, it is news like any other.
    Alert.objects.filter(pk=alert.pk).update(level=3, level_since_at=NOW + 2 * HOUR)
    settle_clocks()
    alert.refresh_from_db()
    assert (alert.acknowledge_by_at, alert.resolve_by_at) == (NOW + 6 * HOUR, NOW + 26 * HOUR)


# --- where it is shown ----------------------------------------------------------------------------------------------------------------


@pytest.mark.one_database
def test_u2_the_accounts_page_shows_what_it_came_with_to_whoever_sees_its_stock(shop: World, client: Client) -> None:
    run_cycle("warnings")
    page = f"/admin/channels/account/{shop.account.pk}/change/"
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    found = client.get(page).content.decode()
    assert f"Overstock: 2 · 2 of level 2 · {shown(money_of(kind='overstock'))}" in found
    assert "/admin/alerts/alert/?account=dy&amp;is_baseline__exact=1" in found
    listed = client.get("/admin/alerts/alert/?account=dy&is_baseline__exact=1")
    assert {each.pk for each in listed.context["cl"].result_list} == set(
        Alert.objects.filter(is_baseline=True).values_list("pk", flat=True)
    )
    clerk = person("clerk", sees_all_warehouses=False, is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=("view_account", "view_alert")))
    client.force_login(clerk)
    hidden = client.get(page)
    assert hidden.status_code == 200
    assert "Overstock: 2" not in hidden.content.decode()


def told_to(user: User, query: str) -> dict[str, Any]:
    client = Client()
    client.force_login(user)
    return post(client, query).data


@pytest.mark.one_database
def test_u2_graphql_tells_what_an_account_came_with(shop: World) -> None:
    query = """{ accounts(first: 5) { edges { node { code baseline {
        totalCount inboxPath money { amount currency } levels { level count }
        kinds { kind { slug label severity } count levels { level count } money { amount } } } } } } }"""
    root = User.objects.create_superuser("root", "root@example.com", "x")
    assert told_to(root, query)["accounts"]["edges"][0]["node"] == {"code": "dy", "baseline": None}
    run_cycle("warnings")
    told = told_to(root, query)["accounts"]["edges"][0]["node"]["baseline"]
    its = Alert.objects.filter(is_baseline=True)
    assert told["totalCount"] == its.count()
    assert told["inboxPath"] == "/admin/alerts/alert/?account=dy&is_baseline__exact=1"
    assert [each["count"] for each in told["levels"]] == [n for level in (3, 2, 1) if (n := its.filter(level=level).count())]
    [overstock] = [each for each in told["kinds"] if each["kind"]["slug"] == "overstock"]
    assert overstock["kind"] == {"slug": "overstock", "label": "Overstock", "severity": 2}
    assert (overstock["count"], overstock["levels"]) == (2, [{"level": 2, "count": 2}])
    assert Decimal(overstock["money"]["amount"]) == money_of(kind="overstock")
    clerk = person("clerk", sees_all_warehouses=False)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=("view_account", "view_alert")))
    assert told_to(clerk, query)["accounts"]["edges"][0]["node"] == {"code": "dy", "baseline": None}
