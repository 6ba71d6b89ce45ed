"""What is changed on a platform. The host decides, has it approved, and calls; a connector makes one request of it and tells what came."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from stockhub.pluginapi.connectors.capability import Capability
from stockhub.pluginapi.connectors.context import ConnectorContext


class PushStatus(StrEnum):
    """What became of a row. ACCEPTED: taken, and done later, so that it has to be read back. UNKNOWN: no answer came, it may be done."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StockPush:
    """Units that a listing shall show for sale. `was` is what the platform showed when that was decided; None where nobody knows.

    With `was`, a connector sends the difference where its platform can take one: an order that comes in between is not undone.
    """

    code: str
    qty: int
    was: int | None = None
    warehouse: str = ""
    code_kind: str = "sku"


@dataclass(frozen=True, slots=True)
class PricePush:
    code: str
    price: Decimal
    currency: str
    code_kind: str = "sku"


@dataclass(frozen=True, slots=True)
class ShipTimePush:
    """When orders shall be promised to ship: `days` after payment, 0 the same day; as a presale until `presale_until`, or from stock."""

    code: str
    days: int
    presale_until: datetime | None = None
    warehouse: str = ""
    code_kind: str = "sku"


@dataclass(frozen=True, slots=True)
class InboundPlanLine:
    code: str
    qty: int
    expires_on: str = ""


@dataclass(frozen=True, slots=True)
class RemovalLine:
    """`disposition`: return, disposal or liquidation."""

    code: str
    sellable_qty: int
    unsellable_qty: int
    disposition: str


@dataclass(frozen=True, slots=True)
class PushResult:
    """For the row at `index`. `code` and `message` where it was refused or failed; `reference` is what the platform calls it."""

    index: int
    status: PushStatus
    code: str = ""
    message: str = ""
    reference: str = ""


class PushStock(Capability, ABC):
    """`most_rows` of one call. With `preview` nothing is changed: the platform's own dry run, or the connector's checks."""

    most_stock_rows: ClassVar[int] = 50

    @abstractmethod
    def push_stock(self, rows: Sequence[StockPush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        """One result a row. `key` is the same when it is called again for the same push: it must not be done twice."""


class PushPrices(Capability, ABC):
    most_price_rows: ClassVar[int] = 20

    @abstractmethod
    def push_prices(self, rows: Sequence[PricePush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]: ...


class PushShipTimes(Capability, ABC):
    most_ship_time_rows: ClassVar[int] = 20

    @abstractmethod
    def push_ship_times(
        self, rows: Sequence[ShipTimePush], key: str, context: ConnectorContext, *, preview: bool
    ) -> Sequence[PushResult]: ...


class DraftInboundPlans(Capability, ABC):
    """A draft that a person goes on with on the platform's own pages: nothing is confirmed here."""

    @abstractmethod
    def draft_inbound_plan(self, rows: Sequence[InboundPlanLine], key: str, context: ConnectorContext, *, preview: bool) -> PushResult: ...


class RequestRemovals(Capability, ABC):
    """Cannot be undone: the host calls it only with a person's own confirmation, and never a second time by itself."""

    #: Whether `follow_removal` tells what became of a removal; without it a person looks at the platform.
    follows_removals: ClassVar[bool] = False

    @abstractmethod
    def request_removal(
        self, rows: Sequence[RemovalLine], key: str, context: ConnectorContext, *, preview: bool
    ) -> Sequence[PushResult]: ...

    def follow_removal(self, rows: Sequence[RemovalLine], key: str, context: ConnectorContext) -> Sequence[PushResult]:
        """What became of the removal of these rows that went out under `key`; sends nothing. A row that is still unknown stays so.

        Called again and again, with pauses, until every row is applied, refused or failed.
        """
        raise NotImplementedError("This connector does not follow removals.")
