"""Telling what rivals do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.catalog.services import RowResult
from stockhub.channels.market import MarketRecord, record_market
from stockhub.graphql.mutations.payloads import INPUT, ManyWritten, Outcome, to_service, to_services, write_many
from stockhub.graphql.mutations.visibility import require_visible_accounts
from stockhub.graphql.permissions import root_field


@strawberry.input(description="A rival of a SKU, seen on a day. Null is unknown; at least one number is needed.")
class MarketObservationInput:
    account: str = strawberry.field(description="The code of the account whose market it is.")
    sku: str = strawberry.field(description="The code of the SKU that it rivals.")
    rival: str = strawberry.field(description="The rival's code on the marketplace.")
    observed_on: dt.date = strawberry.field(description="The day; today or earlier.")
    sales_rank: int | None = strawberry.field(description="Its sales rank; 1 is the best.", default=None)
    monthly_sales: Decimal | None = strawberry.field(description="Units that it sells a month, as estimated.", default=None)
    reviews: int | None = strawberry.field(description="Its reviews in all.", default=None)
    source: str = strawberry.field(description="The tool that says so.", default="")

    def to_service(self) -> MarketRecord:
        sales = None if self.monthly_sales is None else float(self.monthly_sales)
        return to_service(self, MarketRecord, monthly_sales=sales)


@strawberry.input(description="Many observations of rivals at once.")
class MarketObservationsRecordInput:
    rows: list[MarketObservationInput] = strawberry.field(description="At most 1,000; a bad row is refused alone.")


@strawberry.type(description="What became of one observation.")
class MarketObservationRecordResult(Outcome):
    pass


@strawberry.type(description="What became of the observations.")
class MarketObservationsRecordPayload(ManyWritten):
    results: list[MarketObservationRecordResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.type
class MarketMutation:
    @root_field(
        "channels.add_marketobservation",
        "Adds what rivals do. An observation that is there already, of the same day and source, stays: it is the same fact.",
    )
    def market_observations_record(
        self,
        info: Info,
        input: Annotated[MarketObservationsRecordInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> MarketObservationsRecordPayload:
        def work() -> list[RowResult]:
            require_visible_accounts(info, [row.account for row in input.rows], bulk=True)
            return record_market(to_services(input.rows))

        return write_many(MarketObservationsRecordPayload, MarketObservationRecordResult, work)
