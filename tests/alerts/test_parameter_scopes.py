"""Parameters by scope: which value holds for which row, against a model that asks row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.alerts.models import ParameterScope, RuleParameter
from stockhub.alerts.parameter_models import TARGETS
from stockhub.alerts.parameters.effective import effective_parameters
from stockhub.alerts.parameters.resolution import Resolution
from stockhub.catalog.models import Category, Product, Sku, Stage, StockPool
from stockhub.channels.models import Account, PoolAccount
from tests.worlds import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)
#: A parameter of the rule, and another, so that both are resolved by themselves.
NAMES = ("horizon_days", "notice_days")


@dataclass(frozen=True)
class Shop:
    """Two trees of categories, two classes, stages, accounts and pools, and SKUs that are of them at random."""

    categories: list[Category]
    stages: list[Stage]
    accounts: list[Account]
    pools: list[StockPool]
    skus: list[Sku]
    served: dict[int, list[int]]


def make_shop(seed: int) -> Shop:
    rng = np.random.default_rng(seed)
    categories: list[Category] = []
    for number in range(7):
        parent = categories[(number - 1) // 2] if number > 0 and number != 4 else None
        categories.append(Category.objects.create(code=f"c{number}", name="c", parent=parent))
    stages = list(Stage.objects.order_by("position"))[:3]
    accounts = [Account.objects.create(code=f"a{number}", name="a", marketplace="file") for number in range(3)]
    pools = [StockPool.objects.create(code=f"p{number}", name="p") for number in range(3)]
    served: dict[int, list[int]] = {}
    for pool in pools[:2]:
        for account in accounts:
            if rng.random() < 0.6:
                PoolAccount.objects.create(pool=pool, account=account)
                served.setdefault(pool.pk, []).append(account.pk)
    PoolAccount.objects.create(pool=pools[2], account=accounts[0], valid_to=DAY - timedelta(days=1))
    products = [Product.objects.create(code="p-a", name="p", category=categories[3], attributes={"class": "B"})]
    skus = [
        Sku.objects.create(
            code=f"s{number}",
            product=products[0] if rng.random() < 0.4 else None,
            category=None if (pick := int(rng.integers(-2, 7))) < 0 else categories[pick],
            stage=None if (pick := int(rng.integers(-1, 3))) < 0 else stages[pick],
            attributes={} if (pick := int(rng.integers(0, 4))) == 0 else {"class": ("", "a", "A", "B")[pick]},
        )
        for number in range(12)
    ]
    return Shop(categories, stages, accounts, pools, skus, served)


def put(scope: ParameterScope, target: Any, value: float, **given: Any) -> RuleParameter:  # noqa: ANN401 - any object of a scope
    own = {} if scope is ParameterScope.GLOBAL else {TARGETS[scope]: target}
    made = {"rule": "shortage", "parameter": "horizon_days", "starts_at": NOW - HOUR, "set_at": NOW - HOUR, "reason": "x", "set_by": "x"}
    return RuleParameter.objects.create(**made | {"scope": scope, "value": value} | own | given)


def put_at_random(shop: Shop, rng: np.random.Generator, rows: int) -> None:
    choices: dict[ParameterScope, list[Any]] = {
        ParameterScope.GLOBAL: [None], ParameterScope.CATEGORY: shop.categories, ParameterScope.CLASS: ["A", "b"],
        ParameterScope.STAGE: shop.stages, ParameterScope.ACCOUNT: shop.accounts, ParameterScope.POOL: shop.pools,
        ParameterScope.SKU: shop.skus,
    }  # fmt: skip
    for _row in range(rows):
        scope = list(choices)[int(rng.integers(0, 7))]
        starts_at = NOW + int(rng.integers(-3, 2)) * HOUR
        until_at = starts_at + int(rng.integers(1, 5)) * HOUR if rng.random() < 0.4 else None
        ended_at = NOW + int(rng.integers(-2, 2)) * HOUR if rng.random() < 0.2 else None
        put(
            scope, choices[scope][int(rng.integers(0, len(choices[scope])))], float(rng.integers(1, 4)),
            parameter=NAMES[int(rng.integers(0, 2))], starts_at=starts_at, until_at=until_at, ended_at=ended_at,
            set_at=NOW - int(rng.integers(0, 3)) * HOUR,
        )  # fmt: skip


def rank(row: RuleParameter) -> tuple[int, datetime, datetime, int]:
    return (0 if row.until_at is None else 1, max(row.starts_at, row.set_at), row.set_at, row.pk)


def slow(shop: Shop, sku: Sku, pool: StockPool, parameter: str, at: datetime) -> RuleParameter | None:
    """The plain reading of the precedence: from the SKU outwards, the nearest category first; of equals as `rank` has them."""
    holding = [
        row
        for row in sorted(RuleParameter.objects.filter(rule="shortage", parameter=parameter), key=rank)
        if row.starts_at <= at and (row.until_at is None or row.until_at > at) and (row.ended_at is None or row.ended_at > at)
    ]
    line: list[int] = []
    category = sku.category or (sku.product.category if sku.product else None)
    while category is not None:
        line.append(category.pk)
        category = category.parent
    product_class = str(sku.product.attributes.get("class") or "") if sku.product else ""
    its_class = (str(sku.attributes.get("class") or "") or product_class).upper()
    levels: list[list[RuleParameter]] = [
        [row for row in holding if row.scope == "sku" and row.sku_id == sku.pk],
        [row for row in holding if row.scope == "pool" and row.pool_id == pool.pk],
        [row for row in holding if row.scope == "account" and row.account_id in shop.served.get(pool.pk, [])],
        [row for row in holding if row.scope == "stage" and row.stage_id == sku.stage_id],
        [row for row in holding if row.scope == "class" and row.sku_class.upper() == its_class],
        *([row for row in holding if row.scope == "category" and row.category_id == pk] for pk in line),
        [row for row in holding if row.scope == "global"],
    ]
    return next((level[-1] for level in levels if level), None)


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(6))
def test_h64_the_array_resolution_is_the_slow_one(seed: int) -> None:
    """Over random shops and random rows of every scope, begun, ended, to come and expired; and the page's winner is the rules' value."""
    shop, rng = make_shop(seed), np.random.default_rng(100 + seed)
    put_at_random(shop, rng, 24)
    pairs = [(sku, pool) for sku in shop.skus for pool in shop.pools]
    skus, pools = (np.array([each.pk for each in column], np.int64) for column in zip(*pairs, strict=True))
    for at in (NOW, NOW + HOUR):
        found = Resolution.at(skus, pools, at, DAY).of_rule("shortage")
        of_row = np.zeros(len(pairs), np.int64) if found.of_row is None else found.of_row
        expected = [{name: row.value for name in NAMES if (row := slow(shop, sku, pool, name, at)) is not None} for sku, pool in pairs]
        assert [dict(found.sets[place]) for place in of_row.tolist()] == expected
        for sku, pool in pairs[:: 5 + seed]:
            shown = {each.name: each.source for each in effective_parameters(rule="shortage", sku_id=sku.pk, pool_id=pool.pk, as_of=at)}
            assert [shown[name] for name in NAMES] == [slow(shop, sku, pool, name, at) for name in NAMES]


def test_rows_with_equal_values_share_a_set() -> None:
    shop = make_shop(1)
    put(ParameterScope.GLOBAL, None, 30.0)
    put(ParameterScope.SKU, shop.skus[0], 30.0)
    put(ParameterScope.SKU, shop.skus[1], 50.0)
    skus = np.array([sku.pk for sku in shop.skus], np.int64)
    found = Resolution.at(skus, np.full(len(skus), shop.pools[0].pk), NOW, DAY).of_rule("shortage")
    assert sorted(each["horizon_days"] for each in found.sets) == [30.0, 50.0]
    assert found.of_row is not None
    assert [found.sets[place]["horizon_days"] for place in found.of_row.tolist()] == [30.0, 50.0, *[30.0] * 10]


def test_what_is_for_all_costs_one_query_and_no_look_at_a_row() -> None:
    shop = make_shop(2)
    put(ParameterScope.GLOBAL, None, 30.0)
    skus = np.array([sku.pk for sku in shop.skus], np.int64)
    with CaptureQueriesContext(connection) as captured:
        found = Resolution.at(skus, np.full(len(skus), shop.pools[0].pk), NOW, DAY).of_rule("shortage")
    assert len(captured) == 1
    assert (list(found.sets), found.of_row) == ([{"horizon_days": 30.0}], None)


def test_a_number_of_queries_that_does_not_grow_with_skus_or_rows() -> None:
    shop, rng = make_shop(3), np.random.default_rng(3)
    put_at_random(shop, rng, 60)
    counts = []
    for skus in (shop.skus[:2], shop.skus):
        ids = np.array([sku.pk for sku in skus], np.int64)
        with CaptureQueriesContext(connection) as captured:
            resolution = Resolution.at(ids, np.full(len(ids), shop.pools[0].pk), NOW, DAY)
            for rule in ("shortage", "overstock"):
                resolution.of_rule(rule)
        counts.append(len(captured))
    # What holds; the SKUs' facts; the tree of categories; the accounts of pools.
    assert counts == [4, 4]


@pytest.mark.one_database
def test_no_rows_are_no_trouble() -> None:
    shop = make_shop(4)
    for scope, target in ((ParameterScope.SKU, shop.skus[0]), (ParameterScope.CATEGORY, shop.categories[0]), (ParameterScope.CLASS, "A")):
        put(scope, target, 5.0)
    put(ParameterScope.ACCOUNT, shop.accounts[0], 5.0)
    found = Resolution.at(np.zeros(0, np.int64), np.zeros(0, np.int64), NOW, DAY).of_rule("shortage")
    assert found.of_row is None or not len(found.of_row)
