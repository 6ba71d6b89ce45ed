"""More facts that a platform tells: what is under way to it, what it charges, what it sees of visitors and rivals.

As in `records`: instants are aware, money is `Decimal`, codes are the platform's own, and None is what it does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class InboundLineRecord:
    """Units of one code in a shipment; `received_qty` of them are in the platform's hands."""

    code: str
    shipped_qty: int
    received_qty: int = 0
    code_kind: str = "sku"


@dataclass(frozen=True, slots=True)
class InboundRecord:
    """A shipment into a warehouse of the platform. `status`: planned, in_transit, receiving, received, cancelled.

    All lines are named: one that is not there any more is not under way.
    """

    external_id: str
    warehouse: str
    status: str
    updated_at: datetime
    lines: tuple[InboundLineRecord, ...] = ()
    name: str = ""
    shipped_on: date | None = None
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class StockAgeRecord:
    """How old the units of a code are in a warehouse of the platform: (first day, last day or None, units) of each bracket, disjoint.

    `surcharge` is what the platform expects to charge for their age at its next snapshot, `storage` for their room a month.

    What the platform itself reckons of the code's stock may stand beside its ages: `supply_days_30` and `supply_days_90` are historical
    days of supply by the short and by the long view, `supply_days_ahead` the days that stock lasts by its forecast, `sell_through` units
    sold a unit held over 90 days, `excess_qty` its count of units too many, `low_fee_exempt` and `low_fee_applied` what it says of its
    low-inventory fee this week, `health` its word for the level of stock, `stranded_qty` its count of units that no active offer sells.
    None, or an empty text, is what it does not say.
    """

    code: str
    warehouse: str
    observed_at: datetime
    brackets: tuple[tuple[int, int | None, int], ...]
    surcharge: Decimal | None = None
    storage: Decimal | None = None
    currency: str = ""
    code_kind: str = "sku"
    supply_days_30: Decimal | None = None
    supply_days_90: Decimal | None = None
    supply_days_ahead: Decimal | None = None
    sell_through: Decimal | None = None
    excess_qty: int | None = None
    low_fee_exempt: bool | None = None
    low_fee_applied: bool | None = None
    health: str = ""
    stranded_qty: int | None = None


@dataclass(frozen=True, slots=True)
class FeeEstimateRecord:
    """What the platform expects to charge for a unit sold at `price`, by its own names of fees."""

    code: str
    observed_at: datetime
    price: Decimal
    currency: str
    fees: tuple[tuple[str, Decimal], ...]
    code_kind: str = "sku"


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """One charge or credit as the platform settled it. `amount` is what the seller pays; a credit is below 0.

    `fee` is a name of `stockhub.formulas.fees` where there is one, else the platform's own. `code` is empty for what concerns no code.
    """

    external_id: str
    fee: str
    amount: Decimal
    currency: str
    posted_at: datetime
    code: str = ""
    qty: int | None = None
    order_external_id: str = ""
    code_kind: str = "sku"


@dataclass(frozen=True, slots=True)
class TrafficRecord:
    """What visitors of an offer did on a business day of the site.

    `told_at` is as of when the platform says so: of two that tell of one day, the later one holds.
    """

    code: str
    day: date
    views: int | None = None
    visitors: int | None = None
    clicks: int | None = None
    carts: int | None = None
    ad_cost: Decimal | None = None
    currency: str = ""
    code_kind: str = "sku"
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MarketSignalRecord:
    """What the market shows of a code. `kind`: sales_rank, featured_price, lowest_price, reviews, rating.

    `subject` says of what: a category for a rank, a rival's code or name for what a rival does; empty where it is of the code itself.
    `rival` is the rival whose rank it is, since the subject of a rank is its category.
    """

    code: str
    kind: str
    value: Decimal
    observed_at: datetime
    subject: str = ""
    currency: str = ""
    code_kind: str = "sku"
    rival: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """The platform's score of the shop, from 0 to 100, and its parts by the platform's names."""

    score: float
    observed_at: datetime
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class WarehouseRecord:
    """A warehouse as the platform knows it. `code` is the one that records of this connector use.

    `is_platforms`: the platform keeps and counts the stock there, so that it is observed and never posted to from here.
    """

    code: str
    name: str
    external_id: str = ""
    is_platforms: bool = False
    #: own, store, fba, platform_cloud or third_party; empty says no more than `is_platforms`.
    kind: str = ""
