"""What is read from a platform: feeds of pages, each with a cursor that the host stores with the page's records, in one transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from stockhub.pluginapi.connectors.capability import Capability
from stockhub.pluginapi.connectors.context import ConnectorContext
from stockhub.pluginapi.platform_records import (
    FeeEstimateRecord,
    InboundRecord,
    MarketSignalRecord,
    ScoreRecord,
    SettlementRecord,
    StockAgeRecord,
    TrafficRecord,
    WarehouseRecord,
)
from stockhub.pluginapi.records import ListingRecord, OrderRecord, ReturnRecord, StockCountRecord

R = TypeVar("R")


class FeedKind(StrEnum):
    """What a feed tells of."""

    ORDERS = "orders"
    RETURNS = "returns"
    STOCK = "stock"
    LISTINGS = "listings"
    PRICES = "prices"
    INBOUND = "inbound"
    AGES = "ages"
    FEES = "fees"
    SETTLEMENTS = "settlements"
    TRAFFIC = "traffic"
    SIGNALS = "signals"
    EXPERIENCE_SCORE = "experience_score"


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """How often a feed is read unless the account says otherwise, and what its first reading reaches back for.

    `backfill` of None: there is no past to read. `is_snapshot`: each reading is the whole of it, so that it begins anew when it is done;
    otherwise the cursor goes on. `stale_after` is when an operator is told that it has stopped.
    """

    every: timedelta
    backfill: timedelta | None = None
    is_snapshot: bool = False
    stale_after: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """`cursor` is that of the last page that the host has stored; empty at the beginning of a feed, or of a snapshot.

    At the beginning, `since` is how far back to reach. `codes`: these alone, where the caller wants to see a few at once; no cursor then.
    """

    cursor: str = ""
    since: datetime | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of an answer that is no record: it is set apart with the reason, and the others go in.

    `payload` is what of it may be kept: no personal data.
    """

    external_id: str
    code: str
    message: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Records that belong together, and where to go on after them.

    `cursor` is at most 4,000 characters; one that came before in the same reading is a loop, which ends it. `data_until`: all that happened
    until then is told with this page. `again_after`: nothing more is to be had before so many seconds; the platform prepares a report, say.
    `is_last`: the reading is done, and the next one begins when the feed's plan says. `done` and `total` are counted as the platform
    counts, for the progress of a long reading; None where it does not.
    """

    records: Sequence[R]
    cursor: str
    data_until: datetime | None = None
    rejected: Sequence[Rejected] = ()
    again_after: float | None = None
    is_last: bool = False
    done: int | None = None
    total: int | None = None


class ReadOrders(Capability, ABC):
    @abstractmethod
    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        """Orders by the time of their last change, with an overlap: what comes twice has one effect."""


class ReadReturns(Capability, ABC):
    @abstractmethod
    def read_returns(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ReturnRecord]]: ...


class ReadStock(Capability, ABC):
    """What the platform counts itself, or shows as for sale. Asked with `codes` it tells of these alone, such as after a push."""

    @abstractmethod
    def read_stock(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]: ...


class ReadListings(Capability, ABC):
    @abstractmethod
    def read_listings(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]: ...


class ReadPrices(Capability, ABC):
    @abstractmethod
    def read_prices(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
        """Prices as the shop shows them, where listings do not tell."""


class Inbound(Capability, ABC):
    @abstractmethod
    def read_inbound(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[InboundRecord]]:
        """Units on their way into the platform's warehouses."""


class ReadAges(Capability, ABC):
    @abstractmethod
    def read_ages(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockAgeRecord]]:
        """How old the stock in the platform's warehouses is, and what that will cost."""


class ReadFees(Capability, ABC):
    @abstractmethod
    def read_fees(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[FeeEstimateRecord]]: ...


class ReadSettlements(Capability, ABC):
    @abstractmethod
    def read_settlements(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[SettlementRecord]]: ...


class ReadTraffic(Capability, ABC):
    @abstractmethod
    def read_traffic(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[TrafficRecord]]: ...


class ReadMarketSignals(Capability, ABC):
    @abstractmethod
    def read_market_signals(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[MarketSignalRecord]]: ...


class ReadExperienceScore(Capability, ABC):
    @abstractmethod
    def read_experience_score(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ScoreRecord]]: ...


class ReadWarehouses(Capability, ABC):
    """No feed: asked when an account is connected or tried out."""

    @abstractmethod
    def read_warehouses(self, context: ConnectorContext) -> Sequence[WarehouseRecord]: ...


#: Which capability brings a feed, and the name of its method.
FEED_CAPABILITIES: Final[Mapping[FeedKind, tuple[type[Capability], str]]] = {
    FeedKind.ORDERS: (ReadOrders, "read_orders"),
    FeedKind.RETURNS: (ReadReturns, "read_returns"),
    FeedKind.STOCK: (ReadStock, "read_stock"),
    FeedKind.LISTINGS: (ReadListings, "read_listings"),
    FeedKind.PRICES: (ReadPrices, "read_prices"),
    FeedKind.INBOUND: (Inbound, "read_inbound"),
    FeedKind.AGES: (ReadAges, "read_ages"),
    FeedKind.FEES: (ReadFees, "read_fees"),
    FeedKind.SETTLEMENTS: (ReadSettlements, "read_settlements"),
    FeedKind.TRAFFIC: (ReadTraffic, "read_traffic"),
    FeedKind.SIGNALS: (ReadMarketSignals, "read_market_signals"),
    FeedKind.EXPERIENCE_SCORE: (ReadExperienceScore, "read_experience_score"),
}
