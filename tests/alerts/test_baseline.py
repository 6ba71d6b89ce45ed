"""What a new account comes with: when that is, who is told of it, and what is done about it (U2, H65)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stockhub.alerts.models import Alert
from stockhub.catalog.models import PoolWarehouse, StockPolicy, StockPool, Warehouse
from stockhub.channels.models import Account, PoolAccount
from stockhub.outbox.models import Event
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
