"""This server, and who is asking it."""

from __future__ import annotations

import strawberry
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.pluginapi.version import API_VERSION


@strawberry.type(description="This server.")
class Service:
    name: str = strawberry.field(description="Always stockhub.")
    plugin_api_version: str = strawberry.field(description="The version of the plugin interface.")
    base_currency: str = strawberry.field(description="The currency in which money at stake is compared, ISO 4217.")
    time_zone: str = strawberry.field(description="IANA zone of business days that belong to no account or warehouse.")


@strawberry.type(description="The asking user.")
class Viewer:
    username: str = strawberry.field(description="His name at login.")
    name: str = strawberry.field(description="His full name, or the name at login where there is none.")
    language: str = strawberry.field(description="The language that he has chosen.")
    time_zone: str = strawberry.field(description="IANA zone that he has chosen.")
    permissions: list[str] = strawberry.field(description="What he may do, such as catalog.view_sku.")
    sees_all_accounts: bool = strawberry.field(description="Whether he sees every account.")
    sees_all_warehouses: bool = strawberry.field(description="Whether he sees every warehouse.")


def service() -> Service:
    return Service(
        name="stockhub",
        plugin_api_version=str(API_VERSION),
        base_currency=settings.STOCKHUB_BASE_CURRENCY,
        time_zone=settings.STOCKHUB_TIME_ZONE,
    )


def viewer(user: User | AnonymousUser) -> Viewer | None:
    if not isinstance(user, User):
        return None
    return Viewer(
        username=user.username,
        name=user.get_full_name() or user.username,
        language=user.language,
        time_zone=user.time_zone,
        permissions=sorted(user.get_all_permissions()),
        sees_all_accounts=visible_account_ids(user) is None,
        sees_all_warehouses=visible_warehouse_ids(user) is None,
    )
