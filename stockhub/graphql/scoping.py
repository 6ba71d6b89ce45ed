"""Which rows a user sees: those of the accounts and warehouses that he has been granted, whatever a client filters by.

SKUs, products, categories and suppliers belong to the company and have no shop; their stock, listings, sales and alerts do. A pool is seen
by whoever sees all of its warehouses, because its numbers add them up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.alerts.incidents.selectors import incidents_visible_to
from stockhub.alerts.parameters.reach import visible_parameters
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.subscriptions import MANAGES_PEOPLE
from stockhub.catalog.models import StockPool
from stockhub.catalog.selectors import pools_visible_to

Rows = QuerySet[Any]
Viewer = User | AnonymousUser


def sees_everything(user: Viewer) -> bool:
    return visible_account_ids(user) is None and visible_warehouse_ids(user) is None


def by_account(rows: Rows, user: Viewer, path: str = "account_id") -> Rows:
    ids = visible_account_ids(user)
    return rows if ids is None else rows.filter(**{f"{path}__in": ids})


def by_warehouse(rows: Rows, user: Viewer, path: str = "warehouse_id") -> Rows:
    ids = visible_warehouse_ids(user)
    return rows if ids is None else rows.filter(**{f"{path}__in": ids})


def pools(user: Viewer) -> QuerySet[StockPool] | None:
    """The pools that the user sees; None for all of them."""
    return None if visible_warehouse_ids(user) is None else pools_visible_to(user)


def by_pool(rows: Rows, user: Viewer, path: str = "pool_id", *, without_pool: bool = False) -> Rows:
    """`without_pool` keeps rows that hold for every pool."""
    seen = pools(user)
    if seen is None:
        return rows
    condition = Q(**{f"{path}__in": seen.values("pk")})
    return rows.filter(condition | Q(**{f"{path}__isnull": True})) if without_pool else rows.filter(condition)


def by_account_or_all(rows: Rows, user: Viewer, path: str = "account_id") -> Rows:
    """Those of the user's accounts, and those of no account in particular."""
    ids = visible_account_ids(user)
    return rows if ids is None else rows.filter(Q(**{f"{path}__in": ids}) | Q(**{f"{path}__isnull": True}))


def dated_plans(rows: Rows, user: Viewer) -> Rows:
    """Plans and overrides for everybody, and those for accounts and pools that the user sees."""
    return by_pool(by_account_or_all(rows, user), user, without_pool=True)


def transfers(rows: Rows, user: Viewer) -> Rows:
    """Those that leave or reach a warehouse that the user sees: both ends have to do with them."""
    ids = visible_warehouse_ids(user)
    return rows if ids is None else rows.filter(Q(from_warehouse_id__in=ids) | Q(to_warehouse_id__in=ids))


def alerts(rows: Rows, user: Viewer) -> Rows:
    """Alerts of pools and accounts that the user sees, and those that concern nobody's rows, such as a rule that failed."""
    return rows if sees_everything(user) else rows.filter(pk__in=alerts_visible_to(user).values("pk"))


def incidents(rows: Rows, user: Viewer) -> Rows:
    """Incidents all of whose alerts the user sees."""
    return rows if sees_everything(user) else rows.filter(pk__in=incidents_visible_to(user).values("pk"))


def change_sets(rows: Rows, user: Viewer) -> Rows:
    """One's own, because their objects may be anybody's; everybody's for those who see everything."""
    return rows if sees_everything(user) else rows.filter(made_by_id=user.pk)


def of_the_company(rows: Rows, user: Viewer, path: str = "user_id") -> Rows:
    """One's own; everybody's and the company's for those who see everything."""
    return rows if sees_everything(user) else rows.filter(**{path: user.pk})


def subscriptions(rows: Rows, user: Viewer) -> Rows:
    """One's own; everybody's for those who manage people."""
    return rows if user.has_perm(MANAGES_PEOPLE) else rows.filter(user_id=user.pk)


def response_steps(rows: Rows, user: Viewer) -> Rows:
    """Those of alerts that the user sees."""
    return rows if sees_everything(user) else rows.filter(alert__in=alerts_visible_to(user).values("pk"))


def stock_differences(rows: Rows, user: Viewer) -> Rows:
    """Those of listings by their account, those of shelves by their warehouse."""
    if sees_everything(user):
        return rows
    shelves = by_warehouse(rows.model._default_manager.filter(account=None), user)
    return rows.filter(
        Q(pk__in=by_account(rows.model._default_manager.exclude(account=None), user).values("pk")) | Q(pk__in=shelves.values("pk"))
    )


#: How the rows of a model are cut to what a user sees, by the model's label. Models that belong to no shop are not here.
_RULES: dict[str, Callable[[Rows, Viewer], Rows]] = {
    "alerts.alert": alerts,
    "alerts.ruleparameter": visible_parameters,
    "alerts.incident": incidents,
    "alerts.stockoutevent": by_pool,
    "alerts.responsestep": response_steps,
    "alerts.subscription": subscriptions,
    "catalog.stockpool": partial(by_pool, path="pk"),
    "catalog.stockoverride": dated_plans,
    "catalog.thresholdadjustment": by_pool,
    "catalog.warehouse": partial(by_warehouse, path="pk"),
    "channels.account": partial(by_account, path="pk"),
    "channels.experiencescore": by_account,
    "channels.feed": by_account,
    "channels.accountauthorization": by_account,
    "channels.feeestimate": by_account,
    "channels.listing": by_account,
    "channels.listingcomponent": partial(by_account, path="listing__account_id"),
    "channels.listingsignal": partial(by_account, path="listing__account_id"),
    "channels.marketobservation": by_account,
    "channels.markettrend": by_account,
    "channels.platformshipment": by_account,
    "channels.quarantined": by_account,
    "channels.receivedrecord": by_account,
    "channels.webhookmessage": by_account,
    "channels.push": by_account,
    "channels.pushsettings": by_account,
    "channels.stockdifference": stock_differences,
    "channels.stockrule": by_account,
    "channels.settlement": by_account,
    "channels.stockage": by_account,
    "demand.contingencyplan": by_account_or_all,
    "demand.daymark": dated_plans,
    "demand.eventlift": partial(by_account_or_all, path="account_id"),
    "demand.forecast": by_pool,
    "demand.forecastadjustment": dated_plans,
    "demand.marketsignal": dated_plans,
    "demand.plannedevent": dated_plans,
    "demand.forecasttrack": by_pool,
    "demand.stockfigures": by_pool,
    "demand.turnoverhistory": by_pool,
    "demand.salesseries": by_account,
    "editing.changeset": change_sets,
    "inventory.balance": by_warehouse,
    "inventory.lot": by_warehouse,
    "inventory.movement": by_warehouse,
    "inventory.stockdispute": by_warehouse,
    "inventory.stockvariance": by_warehouse,
    "inventory.transfer": transfers,
    "outbox.delivery": partial(of_the_company, path="endpoint__user_id"),
    "outbox.endpoint": of_the_company,
    "suppliers.offer": partial(by_pool, without_pool=True),
}


def visible(model: type[Model], rows: Rows, user: Viewer) -> Rows:
    """The rows of a model that the user sees."""
    rule = _RULES.get(model._meta.label_lower)
    return rule(rows, user) if rule else rows
