"""A small shop whose platform counts a warehouse of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from stockhub.catalog.models import PoolWarehouse, Warehouse
from stockhub.channels.inbox import Applied, accept_records, apply_due
from stockhub.channels.models import Quarantined
from stockhub.channels.payloads import AnyRecord
from stockhub.core import clock
from tests.channels.shop import LEDGER_START, Shop, small_shop

NOW = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(db: object) -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def shop(db: object) -> Shop:
    return small_shop()


@pytest.fixture
def fba(shop: Shop) -> Warehouse:
    house = Warehouse.objects.create(
        code="FBA-US", name="FBA", kind="fba", country="US", time_zone="America/Los_Angeles", authority="snapshot",
        ledger_starts_at=LEDGER_START,
    )  # fmt: skip
    PoolWarehouse.objects.create(pool=shop.pool, warehouse=house)
    return house


Send = Callable[..., Applied]


@pytest.fixture
def send(shop: Shop) -> Send:
    """Through the inbox, as a connector's records come."""

    def bring(kind: str, *records: AnyRecord) -> Applied:
        accept_records(account=shop.account, kind=kind, records=records, source="poll")
        return apply_due()

    return bring


def refused() -> dict[str, str]:
    """What is in quarantine: the cause by the record's id."""
    return dict(Quarantined.objects.filter(resolved_at=None).values_list("external_id", "code"))
