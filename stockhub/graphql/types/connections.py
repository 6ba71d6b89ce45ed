"""What a test of an account's connection found."""

from __future__ import annotations

import strawberry

from stockhub.channels.connecting.trying import OfferedWarehouse as Offered
from stockhub.channels.connecting.trying import Tried


@strawberry.type(description="A warehouse as the platform knows it.")
class OfferedWarehouse:
    offered: strawberry.Private[Offered]

    @strawberry.field(description="Its code in this connector's records: the code that a warehouse here has to have.")
    def code(self) -> str:
        return self.offered.code

    @strawberry.field(description="Its name at the platform.")
    def name(self) -> str:
        return self.offered.name

    @strawberry.field(description="Whether the platform counts the stock there, so that it is observed; else we count it.")
    def is_platforms(self) -> bool:
        return self.offered.is_platforms

    @strawberry.field(description="Whether there is a warehouse with its code here.")
    def is_known(self) -> bool:
        return self.offered.is_known


@strawberry.type(description="What a test of the connection found. Where it did not succeed, `code` and `message` say why and what to do.")
class ConnectionTest:
    tried: strawberry.Private[Tried]

    @strawberry.field(description="Whether the platform answered for this account.")
    def ok(self) -> bool:
        return self.tried.ok

    @strawberry.field(description="What is wrong, as a word for programs; `authorise_in_browser`: begin with `accountAuthorizeStart`.")
    def code(self) -> str:
        return self.tried.code

    @strawberry.field(description="What is wrong and what to do, as a sentence; empty where nothing is.")
    def message(self) -> str:
        return self.tried.message

    @strawberry.field(description="The shop or seller that the platform answered for, as it calls it.")
    def subject(self) -> str:
        return self.tried.subject

    @strawberry.field(description="Its name at the platform.")
    def name(self) -> str:
        return self.tried.name

    @strawberry.field(description="What is allowed or missing, a line each.")
    def remarks(self) -> list[str]:
        return list(self.tried.remarks)

    @strawberry.field(description="The platform's warehouses, to make with `accountWarehousesAdopt`.")
    def warehouses(self) -> list[OfferedWarehouse]:
        return [OfferedWarehouse(offered=each) for each in self.tried.warehouses]
