"""Which alerts are read to see what hangs together: the start page of a large shop may not read all of them (N7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockhub.agenda import dependencies as reading
from stockhub.agenda.dependencies import dependencies
from stockhub.agenda.pool_places import PoolPlaces
from stockhub.alerts.models import Alert
from stockhub.catalog.models import StockPool
from tests.alerts.opened_alerts import opened
from tests.worlds import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_n7_of_skus_whose_lines_hang_together_those_that_save_most_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of three SKUs is short in two pools of one warehouse, which want one order; a fourth is short in one."""
    world, east = make_world(), StockPool.objects.create(code="east", name="East")
    places = PoolPlaces.of([(world.pool.pk, 1, "CN"), (east.pk, 1, "CN")])
    alerts = {}
    for code, saving in (("LEAST", 10), ("MOST", 30), ("MORE", 20)):
        for pool, saved in ((world.pool, saving), (east, saving - 5)):
            alerts[code, pool.code] = opened(world, code, pool=pool, saving_amount=Decimal(saved), suggested_qty=7)
    opened(world, "ALONE", saving_amount=Decimal(99), suggested_qty=7)
    lines = {code: {(alerts[code, pool].subject, "shortage") for pool in (world.pool.code, "east")} for code in ("LEAST", "MOST", "MORE")}
    found = dependencies(Alert.objects.all(), places, None)
    assert set(found.ties) == lines["LEAST"] | lines["MOST"] | lines["MORE"]
    assert found.counted_twice == {"shortage": Decimal(5 + 25 + 15)}
    monkeypatch.setattr(reading, "CONSIDERED", 2)
    found = dependencies(Alert.objects.all(), places, None)
    assert set(found.ties) == lines["MOST"] | lines["MORE"]
    assert found.counted_twice == {"shortage": Decimal(25 + 15)}
