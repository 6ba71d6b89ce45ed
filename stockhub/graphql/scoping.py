"""Which rows a user sees: those of the accounts and warehouses that he has been granted, whatever a client filters by.

SKUs, products, categories and suppliers belong to the company and have no shop; their stock, listings, sales and alerts do. A pool is seen by
whoever sees all of its warehouses, because its numbers add them up.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids as account_ids
from stockhub.access.scopes import visible_warehouse_ids as warehouse_ids
from stockhub.catalog.models import StockPool
from stockhub.catalog.selectors import pools_visible_to

Rows = QuerySet[Any]
Viewer = User | AnonymousUser


def sees_everything(user: Viewer) -> bool:
    return account_ids(user) is None and warehouse_ids(user) is None


def by_account(rows: Rows, user: Viewer, path: str = "account_id", *, without_account: bool = False) -> Rows:
    """`without_account` keeps rows that belong to none."""
    ids = account_ids(user)
    if ids is None:
        return rows
    condition = Q(**{f"{path}__in": ids})
    return rows.filter(condition | Q(**{f"{path}__isnull": True})) if without_account else rows.filter(condition)


def by_warehouse(rows: Rows, user: Viewer, path: str = "warehouse_id") -> Rows:
    ids = warehouse_ids(user)
    return rows if ids is None else rows.filter(**{f"{path}__in": ids})


def pools(user: Viewer) -> QuerySet[StockPool] | None:
    """The pools that the user sees; None for all of them."""
    return None if warehouse_ids(user) is None else pools_visible_to(user)


def by_pool(rows: Rows, user: Viewer, path: str = "pool_id", *, without_pool: bool = False) -> Rows:
    """`without_pool` keeps rows that hold for every pool."""
    seen = pools(user)
    if seen is None:
        return rows
    condition = Q(**{f"{path}__in": seen.values("pk")})
    return rows.filter(condition | Q(**{f"{path}__isnull": True})) if without_pool else rows.filter(condition)


def alerts(rows: Rows, user: Viewer) -> Rows:
    """Alerts of pools and accounts that the user sees, and those that concern nobody's rows, such as a rule that failed."""
    return by_account(by_pool(rows, user, without_pool=True), user, without_account=True)


def visible(model: type[Model], rows: Rows, user: Viewer) -> Rows:
    """The rows of a model that the user sees. Models that belong to no shop are not limited here."""
    match model._meta.label_lower:
        case "channels.account":
            return by_account(rows, user, "pk")
        case "channels.listing" | "channels.feed" | "demand.salesseries":
            return by_account(rows, user)
        case "channels.listingcomponent":
            return by_account(rows, user, "listing__account_id")
        case "catalog.warehouse":
            return by_warehouse(rows, user, "pk")
        case "inventory.balance" | "inventory.movement" | "inventory.lot" | "inventory.allocation":
            return by_warehouse(rows, user)
        case "purchasing.purchaseorder" | "purchasing.shipment":
            return by_warehouse(rows, user)
        case "catalog.stockpool":
            return by_pool(rows, user, "pk")
        case "demand.forecast":
            return by_pool(rows, user)
        case "suppliers.offer":
            return by_pool(rows, user, without_pool=True)
        case "alerts.alert":
            return alerts(rows, user)
        case _:
            return rows
