"""Which pools of a SKU can supply each other: their country, and the units that they share."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.core import clock
from stockhub.demand.frames import Rows
from stockhub.snapshot.positions import place_columns

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def pool(code: str, *warehouses: Warehouse) -> int:
    made = StockPool.objects.create(code=code, name=code)
    for warehouse in warehouses:
        PoolWarehouse.objects.create(pool=made, warehouse=warehouse)
    return made.pk


def house(code: str, country: str = "") -> Warehouse:
    return Warehouse.objects.create(code=code, name=code, country=country)


def columns(*pool_ids: int) -> tuple[list[float], list[float]]:
    found = place_columns(Rows(np.ones(len(pool_ids), np.int64), np.array(pool_ids, np.int64)))
    return found["region"].tolist(), found["shared_stock"].tolist()


def test_h4_a_region_is_the_one_country_of_all_warehouses() -> None:
    chinese, nowhere = pool("a", house("cn1", "CN"), house("cn2", "cn")), pool("b", house("x"))
    both, empty = pool("c", house("cn3", "CN"), house("us", "US")), pool("d")
    regions, _groups = columns(chinese, nowhere, both, empty)
    assert regions[:2] == [256.0 * ord("C") + ord("N"), 0.0]
    assert np.isnan(regions[2:]).all()


def test_h4_pools_with_a_common_warehouse_are_one_group_whatever_is_between_them() -> None:
    one, two, three, alone = house("w1"), house("w2"), house("w3"), house("w4")
    first, far, between, apart = pool("a", one), pool("b", three), pool("c", one, two, three), pool("d", alone)
    _regions, groups = columns(first, far, between, apart)
    assert groups == [first, first, first, apart]


def test_h4_a_pool_that_is_no_more_ties_nothing_together() -> None:
    one, two = house("w1"), house("w2")
    first, second = pool("a", one), pool("b", two)
    StockPool.objects.filter(pk=pool("gone", one, two)).update(deleted_at=clock.now())
    assert columns(first, second)[1] == [first, second]
