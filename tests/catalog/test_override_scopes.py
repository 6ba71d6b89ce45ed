"""Overrides of lines by scope: the narrowest counts, of equals the one that began last; against a reading row by row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import Category, Product, Sku, Stage, StockPolicy, StockPool
from stockhub.catalog.override_models import OVERRIDE_TARGETS, Line, OverrideScope, StockOverride
from stockhub.catalog.overrides import OverrideTarget, set_override
from stockhub.channels.models import Account, PoolAccount
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.demand.frames import Rows
from stockhub.outbox.models import Event
from stockhub.snapshot.effective_lines import effective_lines
from stockhub.snapshot.lines import lines
from stockhub.values import DomainError
from tests.worlds import DAY, NOW, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)
NAN = float("nan")


class Shop:
    """Two trees of categories, classes, stages, accounts, pools, and SKUs that are of them at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.categories: list[Category] = []
        for number in range(6):
            parent = self.categories[(number - 1) // 2] if number not in (0, 4) else None
            self.categories.append(Category.objects.create(code=f"c{number}", name="c", parent=parent))
        self.stages = list(Stage.objects.order_by("position"))[:3]
        self.accounts = [Account.objects.create(code=f"a{number}", name="a", marketplace="file") for number in range(3)]
        self.pools = [StockPool.objects.create(code=f"p{number}", name="p") for number in range(3)]
        self.served = {(pool.pk, account.pk) for pool in self.pools[:2] for account in self.accounts if rng.random() < 0.5}
        for pool, account in self.served:
            PoolAccount.objects.create(pool_id=pool, account_id=account)
        # Served until yesterday: no longer.
        PoolAccount.objects.create(pool=self.pools[2], account=self.accounts[0], valid_to=DAY - timedelta(days=1))
        product = Product.objects.create(code="p-a", name="p", category=self.categories[3], attributes={"class": "B"})
        self.skus = [
            Sku.objects.create(
                code=f"s{number}", product=product if rng.random() < 0.4 else None,
                category=None if (pick := int(rng.integers(-2, 6))) < 0 else self.categories[pick],
                stage=None if (pick := int(rng.integers(-1, 3))) < 0 else self.stages[pick],
                attributes={} if (pick := int(rng.integers(0, 4))) == 0 else {"class": ("", "a", "A", "B")[pick]},
            )
            for number in range(8)
        ]  # fmt: skip

    def put(self, rng: np.random.Generator) -> None:
        choices: dict[OverrideScope, list[Any]] = {
            OverrideScope.CATEGORY: self.categories, OverrideScope.CLASS: ["A", "b"], OverrideScope.STAGE: self.stages,
            OverrideScope.ACCOUNT: self.accounts, OverrideScope.POOL: self.pools, OverrideScope.SKU: self.skus,
        }  # fmt: skip
        # Few for a whole pool, which would hide all that is wider.
        scope = list(choices)[int(rng.choice(6, p=(0.3, 0.2, 0.2, 0.1, 0.05, 0.15)))]
        own = {OVERRIDE_TARGETS[scope]: choices[scope][int(rng.integers(0, len(choices[scope])))]}
        if scope is OverrideScope.SKU and rng.random() < 0.5:
            own["pool"] = self.pools[int(rng.integers(0, 3))]
        starts_at = NOW + int(rng.integers(-3, 2)) * HOUR
        number = int(rng.integers(1, 200))
        StockOverride.objects.create(
            scope=scope, **own, line=Line.values[int(rng.integers(0, 2))], starts_at=starts_at,
            until_at=starts_at + int(rng.integers(1, 6)) * HOUR, ended_at=NOW if rng.random() < 0.1 else None,
            set_at=NOW - int(rng.integers(0, 3)) * HOUR, reason="x", set_by="x",
            **({"qty": number} if rng.random() < 0.5 else {"factor": number / 100}),
        )  # fmt: skip


def plain(shop: Shop, sku: Sku, pool: StockPool, line: str) -> int:
    """The id of the override that counts, 0 for none: from the SKU outwards, nearest category first, of equals the one that began last."""
    holding = [
        row
        for row in sorted(StockOverride.objects.filter(line=line), key=lambda row: (max(row.starts_at, row.set_at), row.set_at, row.pk))
        if row.starts_at <= NOW < row.until_at and (row.ended_at is None or row.ended_at > NOW)
    ]
    ancestry: list[int] = []
    category = sku.category or (sku.product.category if sku.product else None)
    while category is not None:
        ancestry.append(category.pk)
        category = category.parent
    of_product = str(sku.product.attributes.get("class") or "") if sku.product else ""
    its_class = (str(sku.attributes.get("class") or "") or of_product).upper()
    levels = [
        [row for row in holding if row.sku_id == sku.pk and row.pool_id == pool.pk],
        [row for row in holding if row.sku_id == sku.pk and row.pool_id is None],
        [row for row in holding if row.scope == "pool" and row.pool_id == pool.pk],
        [row for row in holding if (pool.pk, row.account_id) in shop.served],
        [row for row in holding if row.stage_id is not None and row.stage_id == sku.stage_id],
        [row for row in holding if row.scope == "class" and row.sku_class.upper() == its_class],
        *[[row for row in holding if row.category_id == each] for each in ancestry],
    ]
    return next((level[-1].pk for level in levels if level), 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_h64_of_all_scopes_the_narrowest_counts_as_plain_reasoning_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shop = Shop(rng)
    for _each in range(45):
        shop.put(rng)
    pairs = sorted((sku.pk, pool.pk) for sku in shop.skus for pool in shop.pools)
    rows = Rows(np.array([pair[0] for pair in pairs], np.int64), np.array([pair[1] for pair in pairs], np.int64))
    base = np.arange(10.0, 10.0 + len(pairs))
    base[::5] = NAN
    columns = {"alert_threshold": base, "safety_stock": base, "daily_mean": np.full(len(pairs), NAN)}
    found = lines(rows, NOW, columns)
    skus, pools = {sku.pk: sku for sku in shop.skus}, {pool.pk: pool for pool in shop.pools}
    kept = StockOverride.objects.in_bulk()
    counted = set()
    for line, column in found.items():
        expected = [plain(shop, skus[sku], pools[pool], line.value) for sku, pool in pairs]
        assert column.override.tolist() == expected
        counted |= {kept[each].scope for each in expected if each}
        for at, each in enumerate(expected):
            if not each:
                value = base[at]
            elif (qty := kept[each].qty) is not None:
                value = float(qty)
            else:
                value = base[at] * kept[each].factor
                value = np.ceil(np.round(value, 6)) if line is Line.ALERT_THRESHOLD else value
            np.testing.assert_array_equal(column.value[at], value)
    assert len(counted) >= 3


def test_h64_a_plan_for_a_category_in_one_override_and_its_exception() -> None:
    world = make_world()
    tea, cup = world.selling("TEA", stock=500, rate=10.0), world.selling("CUP", stock=500, rate=10.0)
    drinks = Category.objects.create(code="drinks", name="drinks")
    Sku.objects.filter(pk=tea.pk).update(category=Category.objects.create(code="green", name="green", parent=drinks))
    for sku in (tea, cup):
        StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)

    def shown(sku: Sku) -> tuple[float | None, str, str | None]:
        line = effective_lines(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)[0]
        return line.value, line.source, line.override.scope if line.override else None

    with CaptureQueriesContext(connection) as before:
        assert shown(tea) == (100.0, "policy", None)
    with clock.at(NOW), acting_as(Actor("user:ana")):
        set_override(OverrideTarget(category_id=drinks.pk), factor=2.0, until_at=NOW + HOUR, reason="festival")
        assert (shown(tea), shown(cup)) == ((200.0, "factor", "category"), (100.0, "policy", None))
        with CaptureQueriesContext(connection) as after:
            shown(tea)
        # What the SKUs are and the tree of categories: for the snapshot, and for the lines.
        assert len(after) == len(before) + 4
        set_override(OverrideTarget(pool_id=world.pool.pk), qty=70, until_at=NOW + HOUR, reason="moving house")
        assert (shown(tea), shown(cup)) == ((70.0, "override", "pool"), (70.0, "override", "pool"))
        set_override(OverrideTarget(sku_id=tea.pk), qty=90, until_at=NOW + HOUR, reason="show")
        assert (shown(tea), shown(cup)) == ((90.0, "override", "sku"), (70.0, "override", "pool"))
    payload = Event.objects.filter(kind="catalog.override_set.v1").order_by("id")[0].payload
    assert (payload["scope"], payload["category"], payload["sku"], payload["factor"]) == ("category", drinks.pk, None, 2.0)


def test_h64_an_override_is_for_one_thing_that_there_is() -> None:
    world = make_world()
    sku = world.selling("TEA", stock=500, rate=10.0)
    refusals = [
        (OverrideTarget(), "invalid_scope"),
        (OverrideTarget(sku_class="  "), "invalid_scope"),
        (OverrideTarget(sku_id=sku.pk, sku_class="A"), "invalid_scope"),
        (OverrideTarget(pool_id=world.pool.pk, category_id=1), "invalid_scope"),
        (OverrideTarget(category_id=10**9), "not_found"),
        (OverrideTarget(stage_id=10**9), "not_found"),
        (OverrideTarget(account_id=10**9), "not_found"),
    ]
    for target, code in refusals:
        with clock.at(NOW), acting_as(Actor("user:ana")), pytest.raises(DomainError) as refused:
            set_override(target, qty=1, until_at=NOW + HOUR, reason="x")
        assert refused.value.code == code
    assert not StockOverride.objects.exists()
    assert not Event.objects.filter(kind__startswith="catalog.override").exists()
    common = {"qty": 1, "starts_at": NOW, "until_at": NOW + HOUR, "reason": "x", "set_by": "x"}
    for given in ({"scope": "pool"}, {"scope": "class", "sku_class": "A", "pool": world.pool}, {"scope": "sku", "pool": world.pool}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockOverride.objects.create(**common | given)


def test_i4_what_reaches_beyond_ones_pools_is_refused() -> None:
    world = make_world()
    user = User.objects.create_superuser("ana", password=None)
    User.objects.filter(pk=user.pk).update(is_superuser=False, sees_all_accounts=False, sees_all_warehouses=False)
    user.refresh_from_db()
    user.user_permissions.add(Permission.objects.get(codename="add_stockoverride"))
    for target in (OverrideTarget(sku_class="A"), OverrideTarget(pool_id=world.pool.pk)):
        with clock.at(NOW), acting_as(Actor("ana", user_id=user.pk)), pytest.raises(NotAllowedError):
            set_override(target, qty=1, until_at=NOW + HOUR, reason="x")
    assert not StockOverride.objects.exists()
