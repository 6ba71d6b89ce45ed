"""A shop on the bench platform, ready to write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models.functions import Now

from stockhub.access.models import User
from stockhub.channels.connecting.models import RateBucket
from stockhub.channels.models import Account, AccountMode
from stockhub.channels.pushes.approving import approve_push
from stockhub.channels.pushes.inputs import PushInput, PushRowInput
from stockhub.channels.pushes.models import Push, PushRow, PushSettings, StockRule
from stockhub.channels.pushes.proposing import propose_push
from stockhub.channels.pushes.sending import Sent, send_due_pushes
from stockhub.channels.services import ingest_stock
from stockhub.core import clock
from stockhub.core.actor import Actor
from stockhub.pluginapi.records import StockCountRecord
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from tests.channels.pushes.bench_connector import BenchConnector
from tests.channels.pushes.bench_platform import BenchPlatform, bench_platform
from tests.channels.shop import Shop, small_shop


@dataclass
class Bench:
    shop: Shop
    platform: BenchPlatform

    @property
    def account(self) -> Account:
        return self.shop.account

    def see(self, **shown: int) -> None:
        """The platform shows these numbers and tells them; `a_1` is a-1."""
        for name, qty in shown.items():
            self.platform.stock[name.replace("_", "-")] = qty
        told = [StockCountRecord(name.replace("_", "-"), "", (("available", qty),), clock.now()) for name, qty in shown.items()]
        ingest_stock(account=self.account, counts=told)

    def wanted(self, kind: str = "stock", *rows: PushRowInput, **changes: Any) -> PushInput:  # noqa: ANN401 - any field
        return PushInput(account=self.account.code, kind=kind, rows=rows or None, **changes)

    def set_stock(self, **qty: int) -> Push:
        return propose_push(self.wanted("stock", *(PushRowInput(code=name.replace("_", "-"), qty=n) for name, n in qty.items())))

    def approved(self, **qty: int) -> Push:
        return approve_push(push_id=self.set_stock(**qty).pk)

    def send(self) -> Sent:
        """What a worker does, as if all that waits were due now."""
        Push.objects.exclude(next_attempt_at=None).update(next_attempt_at=Now())
        RateBucket.objects.all().delete()
        return send_due_pushes("test")

    def now(self, push: Push) -> tuple[str, list[str]]:
        """A push's status, and those of its rows."""
        return (
            Push.objects.values_list("status", flat=True).get(pk=push.pk),
            list(PushRow.objects.filter(push=push).order_by("place").values_list("status", flat=True)),
        )


@pytest.fixture
def bench(db: object, settings: Any) -> Iterator[Bench]:  # noqa: ANN401 - pytest-django's
    settings.STOCKHUB_ALLOW_PRIVATE_URLS, settings.REDIS_URL = ["127.0.0.1"], ""
    registry.register_built_in(Kind.MARKETPLACE, BenchConnector())
    try:
        with bench_platform() as platform:
            shop = small_shop()
            Account.objects.filter(pk=shop.account.pk).update(
                marketplace="bench", config={"base_url": platform.url}, mode=AccountMode.WRITE
            )
            shop.account.refresh_from_db()
            StockRule.objects.create(account=shop.account)
            PushSettings.objects.create(
                account=shop.account, row_qty=50, row_pct=Decimal(300), push_qty=80, push_pct=Decimal(200), last_preview_at=clock.now()
            )
            yield Bench(shop, platform)
    finally:
        registry._built_in.pop((Kind.MARKETPLACE, "bench"), None)
        registry.reset()


@pytest.fixture
def person(db: object) -> Actor:
    user = User.objects.create_superuser("ana")
    return Actor("ana", user.pk)


def past(push: Push) -> None:
    """The lease of whoever held it is over."""
    Push.objects.filter(pk=push.pk).update(lease_until=Now() - timedelta(seconds=1), next_attempt_at=Now())
