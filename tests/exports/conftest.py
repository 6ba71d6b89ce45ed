"""Two shops with something in every export, and a way to fetch a file as one of their users."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.http import HttpResponseBase
from django.test import Client

from stockhub.access.models import User
from stockhub.alerts.models import Alert, Side
from stockhub.channels.models import Quarantined
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.demand.champion_models import Backtest, ModelAccuracy
from stockhub.demand.turnover_models import StockFigures
from stockhub.inventory.models import Allocation, Lot, LotCost
from stockhub.overview.figures import FIGURES, WHOLE
from tests.graphql.shop import NOW, Shop, World, make_world
from tests.made_once import made_once, own

Fetch = Callable[..., HttpResponseBase]


def _fill(world: World, shop: Shop, donor: Shop) -> None:
    """What the two shops of the API's tests do not have."""
    name = shop.warehouse.code
    Allocation.objects.create(
        reference=f"line:{name}", sku=world.sku, warehouse=shop.warehouse, account_id=shop.account.pk, wanted_qty=5, reserved_qty=2,
        shipped_qty=1, paid_amount=Decimal("99.5"), currency="CNY", ordered_at=NOW, ship_by_at=NOW + dt.timedelta(days=1),
    )  # fmt: skip
    LotCost.objects.create(
        lot=Lot.objects.get(warehouse=shop.warehouse), kind="purchase", unit_amount=Decimal("2.5"), currency="USD", rate_on=NOW.date(),
        recorded_at=NOW,
    )  # fmt: skip
    run = Cycle.objects.create(
        name="warnings", slot_at=NOW + dt.timedelta(minutes=shop.pool.pk), as_of=NOW, requested_by="test", status="done"
    )
    StockFigures.objects.create(cycle=run, day=NOW.date(), chunk=WHOLE, pool=shop.pool, figures=np.ones(len(FIGURES)))
    before = Cycle.objects.create(
        name="warnings", slot_at=NOW - dt.timedelta(days=30, minutes=-shop.pool.pk), as_of=NOW, requested_by="test", status="done"
    )
    earlier = np.arange(1.0, len(FIGURES) + 1)
    StockFigures.objects.create(cycle=before, day=NOW.date() - dt.timedelta(days=30), chunk=WHOLE, pool=shop.pool, figures=earlier)
    Quarantined.objects.create(account=shop.account, kind="order", external_id=f"Q-{name}", code="bad_qty", message="Quantity is NaN.")
    Alert.objects.create(
        kind="imbalance", subject=f"{world.sku.pk}:{shop.pool.pk}", sku=world.sku, pool=shop.pool, side=Side.SHORTAGE, level=2, value=210.0,
        unit="unit", money_amount=Decimal(6500), suggested_qty=210, opened_at=NOW, evaluated_at=NOW,
        inputs={
            "available": 20.0, "daily_demand": 10.0, "inbound_in_lead_time": 0.0, "lead_time": 15.0, "safety_stock": 10.0,
            "donor_pool": float(donor.pool.pk), "donor": donor.pool.code, "donor_available": 3000.0, "donor_daily_demand": 10.0,
            "donor_cover_days": 300.0, "donor_spare": 2770.0,
        },
    )  # fmt: skip


def _make() -> World:
    """An imbalance within each shop (a pool that gives to itself, so that one user sees it) beside everything else."""
    made = make_world()
    for shop in (made.mine, made.theirs):
        _fill(made, shop, shop)
    cycle = Cycle.objects.create(name="backtest", slot_at=NOW, as_of=NOW, requested_by="test", status="done")
    backtest = Backtest.objects.create(cycle=cycle, last_on=NOW.date(), horizon_days=28, windows=4)
    ModelAccuracy.objects.create(backtest=backtest, kind="smooth", model="naive", series_windows=8, rmsse=0.9)
    return made


shared_world = made_once(_make)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    return own(shared_world)


@pytest.fixture
def fetch(world: World) -> Fetch:
    """Fetches a path as one of the world's users; `None` is nobody."""

    def fetching(user: User | None, path: str, method: str = "get", **headers: str) -> HttpResponseBase:
        client = Client()
        if user:
            client.force_login(user)
        with clock.at(NOW + dt.timedelta(hours=1)):
            response: HttpResponseBase = getattr(client, method)(path, headers=headers)
        return response

    return fetching


def content(response: Any) -> bytes:  # noqa: ANN401 - any response
    """All of a response, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(response: Any) -> list[dict[str, str]]:  # noqa: ANN401 - any response
    """The rows of a CSV by the names of its columns."""
    assert response.status_code == 200, content(response)
    return list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"), newline="")))
