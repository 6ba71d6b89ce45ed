"""What a seller sets up by hand before the first import: accounts, warehouses, pools, exchange rates; and, afterwards, lines and people."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import Group
from django.db import transaction

from stockhub.access import roles
from stockhub.access.models import ApiToken, User
from stockhub.access.services import create_token, revoke_token
from stockhub.catalog.exchange_rates import record_rates
from stockhub.catalog.models import PoolWarehouse, Sku, StockPolicy, StockPool, Warehouse
from stockhub.channels.models import Account, ExperienceScore, PoolAccount, Responsibility
from stockhub.core import clock
from stockhub.demo import ownership, places
from stockhub.demo.catalogue import USD_A_YUAN
from stockhub.demo.facts import threshold_of
from stockhub.demo.ownership import Recipe
from stockhub.demo.shop import DemoShop
from stockhub.demo.supply import ledger_start

USER: Final = "demo"
#: The line that the shop drew for its experience score, and what the platform says.
SCORE_FLOOR: Final = 75.0
SCORES: Final = ((14, 78.2), (7, 76.0), (1, 72.5))


def settle(demo: DemoShop, scale: int) -> None:
    """Makes the places where they are missing, what is there stays; and marks the database as the demo's in the same transaction."""
    with transaction.atomic():
        _make_accounts()
        ownership.remember(Recipe(demo.now, len(demo.items), demo.history_days, demo.seed))
        _make_warehouses(demo, scale)
        _make_pools()
        record_rates(_rates(demo), origin="demo")


def _make_accounts() -> None:
    for shop in places.SHOPS:
        Account.objects.get_or_create(
            code=shop.code,
            defaults={
                "name": shop.name, "marketplace": shop.marketplace, "site": shop.site, "time_zone": shop.time_zone,
                "currency": shop.currency, "experience_score_floor": SCORE_FLOOR if shop.code == places.DOUYIN else None,
            },
        )  # fmt: skip


def _make_warehouses(demo: DemoShop, scale: int) -> None:
    for house in places.HOUSES:
        # The platform's figures are known from its own reports, so its ledger starts with today's observation.
        start = ledger_start(house.code, demo.now)
        if house.authority == "snapshot":
            start = clock.start_of_day(clock.business_day(demo.now, house.time_zone), house.time_zone)
        Warehouse.objects.get_or_create(
            code=house.code,
            defaults={
                "name": house.name, "kind": house.kind, "authority": house.authority, "country": house.country,
                "time_zone": house.time_zone, "capacity_units": house.capacity * scale, "ledger_starts_at": start,
            },
        )  # fmt: skip


def _make_pools() -> None:
    for pool in places.POOLS:
        row, _made = StockPool.objects.get_or_create(code=pool.code, defaults={"name": pool.name, "time_zone": pool.time_zone})
        for priority, code in enumerate(pool.houses, 1):
            PoolWarehouse.objects.get_or_create(pool=row, warehouse=Warehouse.objects.get(code=code), defaults={"priority": priority})
        account = Account.objects.get(code=pool.account)
        PoolAccount.objects.get_or_create(pool=row, account=account, valid_from=None, defaults={"share": pool.share})


def _rates(demo: DemoShop) -> list[tuple[date, str, str, Decimal | str]]:
    """A rate a week, wandering a little."""
    yuan = Decimal(1) / USD_A_YUAN
    days = range(0, demo.history_days, 7)
    return [
        (demo.today - timedelta(days=d), "USD", "CNY", (yuan * (1 + Decimal(d % 5 - 2) / 200)).quantize(Decimal("0.0001"))) for d in days
    ]


def draw_lines_of_the_user(demo: DemoShop) -> int:
    """The stock below which the seller wants to be warned, for those SKUs that have such a line; returns how many."""
    skus = dict(Sku.objects.values_list("code", "id"))
    pools = dict(StockPool.objects.values_list("code", "id"))
    lines = [(trade, threshold_of(demo, position)) for position, trade in enumerate(demo.trades)]
    drawn = [(trade, line) for trade, line in lines if line]
    for trade, line in drawn:
        StockPolicy.objects.get_or_create(sku_id=skus[trade.item.code], pool_id=pools[trade.pool], defaults={"alert_threshold_qty": line})
    return len(drawn)


def observe_scores(demo: DemoShop) -> None:
    """The Douyin shop's experience score, which has been falling."""
    account = Account.objects.get(code=places.DOUYIN)
    if not ExperienceScore.objects.filter(account=account).exists():
        ExperienceScore.objects.bulk_create(
            ExperienceScore(account=account, score=score, occurred_at=demo.now - timedelta(days=days)) for days, score in SCORES
        )


def invite_user() -> tuple[str, str]:
    """The demo's user with every permission, a new password and a new token in the place of earlier ones: both are kept nowhere else."""
    password = secrets.token_urlsafe(9)
    user, _made = User.objects.get_or_create(
        username=USER, defaults={"email": "demo@localhost", "sees_all_accounts": True, "sees_all_warehouses": True}
    )
    user.is_staff = user.is_superuser = user.is_active = True
    user.set_password(password)
    user.save()
    user.groups.add(*Group.objects.filter(name=roles.ADMIN))
    Responsibility.objects.get_or_create(account=None, sku=None, category=None, brand="", defaults={"owner": user, "buyer": user})
    for old in ApiToken.objects.filter(user=user, name=USER, revoked_at=None):
        revoke_token(token=old)
    _token, plaintext = create_token(user=user, name=USER)
    return password, plaintext


@contextmanager
def passing_token() -> Iterator[str]:
    """A token of the demo's user for as long as the demo itself asks for something."""
    user = User.objects.filter(username=USER).first()
    if user is None:
        invite_user()
        user = User.objects.get(username=USER)
    token, plaintext = create_token(user=user, name=f"{USER}-passing")
    try:
        yield plaintext
    finally:
        revoke_token(token=token)
