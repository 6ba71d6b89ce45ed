"""Where the demo shop keeps its stock, whom it buys from and where it sells: the same in every size of the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The account whose presence tells a demo database from any other.
DOUYIN: Final = "demo-douyin"
AMAZON: Final = "demo-amazon-us"
CN: Final = "DEMO-CN"
FBA: Final = "DEMO-FBA-US"
US: Final = "DEMO-US-3PL"
CN_MAIN: Final = "CN-MAIN"
CN_LIVE: Final = "CN-LIVE"
US_3PL: Final = "US-3PL"
FBA_US: Final = "FBA-US"
#: The part of Amazon's orders that the shop ships itself, from its third-party warehouse.
MERCHANT_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Shop:
    """An account: `carrier` is who fulfils its orders unless the shop does."""

    code: str
    name: str
    marketplace: str
    site: str
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class House:
    """A warehouse. `capacity` is in units for a shop of scale 1."""

    code: str
    name: str
    kind: str
    authority: str
    country: str
    time_zone: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Pool:
    """A stock pool with its warehouses, the account that it serves and the share of that account's demand."""

    code: str
    name: str
    time_zone: str
    houses: tuple[str, ...]
    account: str
    share: float


@dataclass(frozen=True, slots=True)
class Leg:
    name: str
    days: float
    sd_days: float


@dataclass(frozen=True, slots=True)
class Vendor:
    """A supplier. `late_days`: by how much its open orders are overdue; 0 for one that keeps its word."""

    code: str
    name: str
    country: str
    currency: str
    is_local: bool
    legs: tuple[Leg, ...]
    late_days: int = 0

    @property
    def lead_time(self) -> float:
        return sum(leg.days for leg in self.legs)


SHOPS: Final = (
    Shop(DOUYIN, "Douyin flagship shop", "douyin", "cn", "Asia/Shanghai", "CNY"),
    Shop(AMAZON, "Amazon US", "amazon", "us", "America/Los_Angeles", "USD"),
)
HOUSES: Final = (
    House(CN_MAIN, "Main warehouse, Hangzhou", "own", "ledger", "CN", "Asia/Shanghai", 150_000),
    House(CN_LIVE, "Live-stream studio store, Hangzhou", "store", "ledger", "CN", "Asia/Shanghai", 50_000),
    House(US_3PL, "Third-party warehouse, New Jersey", "third_party", "ledger", "US", "America/New_York", 100_000),
    House(FBA_US, "Fulfilled by Amazon, US", "fba", "snapshot", "US", "America/Los_Angeles", 200_000),
)
POOLS: Final = (
    Pool(CN, "China stock", "Asia/Shanghai", (CN_MAIN, CN_LIVE), DOUYIN, 1.0),
    Pool(FBA, "FBA US stock", "America/Los_Angeles", (FBA_US,), AMAZON, 1.0 - MERCHANT_SHARE),
    Pool(US, "US merchant stock", "America/New_York", (US_3PL,), AMAZON, MERCHANT_SHARE),
)
VENDORS: Final = (
    Vendor(
        "SUP-HANGZHOU", "Hangzhou Local Goods", "CN", "CNY", is_local=True, legs=(Leg("production", 4, 0.8), Leg("truck", 1, 0.3)),
    ),
    Vendor(
        "SUP-GUANGZHOU", "Guangzhou Light Industry", "CN", "CNY", is_local=False, legs=(Leg("production", 7, 1.0), Leg("truck", 2, 0.5)),
    ),
    Vendor("SUP-NINGBO", "Ningbo Homeware", "CN", "CNY", is_local=False, legs=(Leg("production", 8, 1.2), Leg("truck", 2, 0.5))),
    Vendor(
        "SUP-SHANTOU", "Shantou Toys (often late)", "CN", "CNY", is_local=False, legs=(Leg("production", 14, 5.0), Leg("truck", 4, 2.0)),
        late_days=9,
    ),
    Vendor(
        "SUP-VIETNAM", "Hai Phong Textiles", "VN", "USD", is_local=False,
        legs=(Leg("production", 12, 2.0), Leg("sea", 6, 1.5), Leg("customs and receiving", 3, 1.0)),
    ),
)  # fmt: skip
LATE_VENDOR: Final = "SUP-SHANTOU"
#: What every vendor's goods need to get to America, after production; by the vendor with whom the US offer is made.
OVERSEAS_LEGS: Final = (Leg("production", 6, 1.0), Leg("air", 9, 1.5), Leg("receiving", 4, 1.0))


def pool(code: str) -> Pool:
    return next(p for p in POOLS if p.code == code)


def house(code: str) -> House:
    return next(h for h in HOUSES if h.code == code)


def shop(code: str) -> Shop:
    return next(s for s in SHOPS if s.code == code)


def vendor(code: str) -> Vendor:
    return next(v for v in VENDORS if v.code == code)
