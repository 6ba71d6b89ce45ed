"""Connecting accounts to their platforms. These mutations wait for the platform, for as long as a test of a connection may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info
from strawberry.scalars import JSON

from stockhub.access.models import User
from stockhub.catalog.models import Warehouse as WarehouseRow
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account, disconnect_account
from stockhub.channels.connecting.browser_authorization import start_authorization
from stockhub.channels.connecting.trying import Tried, try_account
from stockhub.channels.connecting.warehouses import adopt_warehouses
from stockhub.channels.models import Account as AccountRow
from stockhub.core.unset import UNSET as LEFT_ALONE
from stockhub.graphql.context import user_of
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.pagination import MAX_ROWS
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scoping import sees_everything
from stockhub.graphql.together import read_together
from stockhub.graphql.types.catalog import Warehouse
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.connections import ConnectionTest
from stockhub.values import DomainError

_PERMISSION = "channels.change_account"


@strawberry.input(description="An account to connect: made where there is none with its code, read-only. What is not sent stays.")
class AccountConnectInput:
    code: str = strawberry.field(description="The account's code, of 1 to 60 characters.")
    name: str | None = strawberry.field(description="Its name; the code where it is new and none is sent.", default=UNSET)
    marketplace: str | None = strawberry.field(description="The slug of its connector.", default=UNSET)
    site: str | None = strawberry.field(description="The marketplace's site, such as US.", default=UNSET)
    config: JSON | None = strawberry.field(
        description="What its connector needs, secrets among it, as an object of all public values. A secret that is left out or empty "
        "stays; none ever comes out.",
        default=UNSET,
    )
    authorization_code: str = strawberry.field(
        description="The code of a browser's authorisation that was made elsewhere; empty where the configuration suffices.", default=""
    )
    expected_version: int | None = strawberry.field(description="The version that the change was made from.", default=None)


@strawberry.input(description="An account.")
class AccountTestInput:
    account: str = strawberry.field(description="The account's code.")


@strawberry.input(description="An account that a person authorises in the browser.")
class AccountAuthorizeStartInput:
    account: str = strawberry.field(description="The account's code.")


@strawberry.input(description="An account that is read no more.")
class AccountDisconnectInput:
    account: str = strawberry.field(description="The account's code.")


@strawberry.input(description="Warehouses of the platform to make here.")
class AccountWarehousesAdoptInput:
    account: str = strawberry.field(description="The account's code.")
    codes: list[str] = strawberry.field(description="Codes as a test of the connection offers them, at most 1,000.")


@strawberry.type(description="The account as it is now with a test of its connection, or why nothing was done.")
class AccountConnectionPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="What is wrong with the input; nothing was done where there is anything.")
    connection: ConnectionTest | None = strawberry.field(description="What the platform answered. Null where there are errors.")

    @strawberry.field(description="The account; null where there are errors.")
    def account(self, info: Info) -> Account | None:
        return read_together(info, AccountRow, self.changed, [self.changed or 0])


@strawberry.type(description="Where a person authorises the account, or why nothing was begun.")
class AccountAuthorizeStartPayload:
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was begun where there are any.")
    url: str | None = strawberry.field(
        description="The address to open in the browser in which this user is signed in here. It holds for ten minutes and is taken once."
    )


@strawberry.type(description="The account as it is now, or why it was not disconnected.")
class AccountDisconnectPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The account; null where there are errors.")
    def account(self, info: Info) -> Account | None:
        return read_together(info, AccountRow, self.changed, [self.changed or 0])


@strawberry.type(description="The warehouses, or why none was made.")
class AccountWarehousesAdoptPayload:
    made: strawberry.Private[tuple[int, ...]]
    errors: list[UserError] = strawberry.field(description="Expected failures; none was made where there are any.")

    @strawberry.field(description="All that were named, those that were here before among them.")
    def warehouses(self, info: Info) -> list[Warehouse]:
        found = (read_together(info, WarehouseRow, pk, self.made) for pk in self.made)
        return [warehouse for warehouse in found if warehouse is not None]


def _connect(info: Info, given: AccountConnectInput) -> tuple[AccountRow, Tried]:
    if AccountRow.objects.filter(code=given.code).exists():
        named(info, AccountRow, "code", given.code)
    elif not sees_everything(user_of(info)):
        raise DomainError("not_found", _("There is no such account. A new one is made by somebody who sees all of them."), path=("code",))
    if given.config is not UNSET and not isinstance(given.config, dict):
        raise DomainError("invalid_configuration", _("The configuration is an object of names and values."), path=("config",))
    row = AccountInput(
        code=given.code, name=_given(given.name), marketplace=_given(given.marketplace), site=_given(given.site),
        config=_config(given.config), expected_version=given.expected_version,
    )  # fmt: skip
    return connect_account(row, code=given.authorization_code)


def _given(value: str | None) -> Any:  # noqa: ANN401 - the service's own mark for what is left alone
    return LEFT_ALONE if value is UNSET or value is None else value


def _config(value: Any) -> Mapping[str, Any] | Any:  # noqa: ANN401 - as above
    return LEFT_ALONE if value is UNSET else value


def _start(info: Info, given: AccountAuthorizeStartInput) -> str:
    account, user = named(info, AccountRow, "account", given.account), user_of(info)
    assert isinstance(user, User)  # noqa: S101 - the field's permission says so
    return start_authorization(account=account, user_id=user.pk, base_url=info.context.request.build_absolute_uri("/"))


def _test(info: Info, given: AccountTestInput) -> tuple[AccountRow, Tried]:
    account = named(info, AccountRow, "account", given.account)
    return account, try_account(account)


def _adopt(info: Info, given: AccountWarehousesAdoptInput) -> tuple[int, ...]:
    if len(given.codes) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Name at most %(most)s warehouses."), path=("codes",), params={"most": MAX_ROWS})
    return tuple(each.pk for each in adopt_warehouses(named(info, AccountRow, "account", given.account), given.codes))


def _payload(found: tuple[AccountRow, Tried] | None, errors: list[UserError]) -> AccountConnectionPayload:
    account, tried = found or (None, None)
    connection = None if tried is None else ConnectionTest(tried=tried)
    return AccountConnectionPayload(changed=account.pk if account else None, errors=errors, connection=connection)


@strawberry.type
class ConnectionsMutation:
    @root_field(_PERMISSION, "Makes or changes an account, obtains its tokens where its configuration suffices, and tests the connection.")
    def account_connect(self, info: Info, input: Annotated[AccountConnectInput, INPUT]) -> AccountConnectionPayload:  # noqa: A002 - its name in the graph
        return _payload(*attempt(lambda: _connect(info, input)))

    @root_field(_PERMISSION, "Tests the connection of an account. One that had been lost and works again is authorised from then on.")
    def account_test(self, info: Info, input: Annotated[AccountTestInput, INPUT]) -> AccountConnectionPayload:  # noqa: A002 - its name in the graph
        return _payload(*attempt(lambda: _test(info, input)))

    @root_field(_PERMISSION, "Begins an authorisation in the browser: gives the address at which this user goes on.")
    def account_authorize_start(
        self,
        info: Info,
        input: Annotated[AccountAuthorizeStartInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> AccountAuthorizeStartPayload:
        url, errors = attempt(lambda: _start(info, input))
        return AccountAuthorizeStartPayload(url=url, errors=errors)

    @root_field(_PERMISSION, "Forgets the tokens of an account: nothing is read or pushed until somebody connects it again.")
    def account_disconnect(self, info: Info, input: Annotated[AccountDisconnectInput, INPUT]) -> AccountDisconnectPayload:  # noqa: A002 - its name in the graph
        row, errors = attempt(lambda: disconnect_account(named(info, AccountRow, "account", input.account)))
        return AccountDisconnectPayload(changed=row.account_id if row else None, errors=errors)

    @root_field("catalog.change_warehouse", "Makes warehouses here that the platform has: observed where it counts their stock itself.")
    def account_warehouses_adopt(
        self,
        info: Info,
        input: Annotated[AccountWarehousesAdoptInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> AccountWarehousesAdoptPayload:
        made, errors = attempt(lambda: _adopt(info, input))
        return AccountWarehousesAdoptPayload(made=made or (), errors=errors)
