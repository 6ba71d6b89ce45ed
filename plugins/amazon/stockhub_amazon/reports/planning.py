"""The planning report: age, surcharge, storage, rank and prices of every SKU that Amazon holds stock of. 99 columns, some of them used.

It drops SKUs at random and leaves out those that are sold out: what it does not name is unknown.
"""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from stockhub.pluginapi.platform_records import MarketSignalRecord, StockAgeRecord
from stockhub_amazon.fields import FieldError, amount_or_none, day, decimal_of, text_or_empty, whole_or_none
from stockhub_amazon.reports.tables import Column, Row, Table, unquoted

PLANNING: Final = "GET_FBA_INVENTORY_PLANNING_DATA"

#: One family of brackets. The report has two more, which overlap it: adding them up would count units twice.
_BRACKETS: Final = (
    ("inv-age-0-to-90-days", 0, 90),
    ("inv-age-91-to-180-days", 91, 180),
    ("inv-age-181-to-270-days", 181, 270),
    ("inv-age-271-to-365-days", 271, 365),
    ("inv-age-366-to-455-days", 366, 455),
    ("inv-age-456-plus-days", 456, None),
)
_OLDEST: Final = "inv-age-365-plus-days"
_SURCHARGE_SPANS: Final = ("181-210", "211-240", "241-270", "271-300", "301-330", "331-365", "366-455", "456-plus", "365-plus")
_SURCHARGES: Final = tuple(f"estimated-ais-{span}-days" for span in _SURCHARGE_SPANS)
#: Localised headers as other programs have met them: not verified against a report.
_LOCALISED: Final = {
    "inv-age-0-to-90-days": ("库存龄 0-90 天",),
    "inv-age-91-to-180-days": ("库存龄 91-180 天", "库存龄 90-180 天"),
    "inv-age-181-to-270-days": ("库存龄 181-270 天",),
    "inv-age-271-to-365-days": ("库存龄 271-365 天",),
}

AGES_TABLE: Final = Table(
    PLANNING,
    (
        Column("sku", ("merchant-sku", "seller-sku")),
        Column("snapshot-date", ("快照日期",)),
        Column("Inventory age snapshot date", required=False),
        Column("currency", ("货币",), required=False),
        *(Column(name, _LOCALISED.get(name, ())) for name, first, _last in _BRACKETS if first < 366),
        *(Column(name, required=False) for name, first, _last in _BRACKETS if first >= 366),
        Column(_OLDEST, ("库存龄 365 天以上",), required=False),
        *(Column(name, required=False) for name in _SURCHARGES),
        Column("estimated-storage-cost-next-month", required=False),
    ),
)
SIGNALS_TABLE: Final = Table(
    PLANNING,
    (
        Column("sku", ("merchant-sku", "seller-sku")),
        Column("snapshot-date", ("快照日期",)),
        Column("currency", ("货币",), required=False),
        Column("product-group", required=False),
        Column("sales-rank"),
        Column("featuredoffer-price", required=False),
        Column("lowest-price-new-plus-shipping", required=False),
    ),
)


class PlanningRows:
    """Makes records of rows for one warehouse. A day begins at midnight of the site."""

    def __init__(self, warehouse: str, time_zone: str, now: datetime, currency: str) -> None:
        self._warehouse = warehouse
        self._zone = ZoneInfo(time_zone)
        self._now = now
        self._currency = currency
        self._instants: dict[str, datetime] = {}

    def age(self, row: Row) -> StockAgeRecord:
        brackets = [(first, last, _units(row, name)) for name, first, last in _BRACKETS if name in row]
        if _OLDEST in row and "inv-age-456-plus-days" not in row:
            brackets = [*(each for each in brackets if each[0] < 366), (366, None, _units(row, _OLDEST))]
        elif "inv-age-456-plus-days" not in row:
            raise FieldError("inv-age-456-plus-days", "The oldest bracket is missing: the oldest units would be left out.")
        return StockAgeRecord(
            code=_sku(row),
            warehouse=self._warehouse,
            observed_at=self._observed_at(row, "Inventory age snapshot date") or self._snapshot_at(row),
            brackets=tuple(brackets),
            surcharge=_sum(row, _SURCHARGES),
            storage=amount_or_none(row, "estimated-storage-cost-next-month"),
            currency=row.get("currency") or self._currency,
        )

    def signals(self, row: Row) -> list[MarketSignalRecord]:
        """The rank in the product group, the featured offer's price and the lowest one. What the report leaves empty is not told."""
        code, at, currency = _sku(row), self._snapshot_at(row), row.get("currency") or self._currency
        rank = whole_or_none(row, "sales-rank")
        found = []
        if rank:
            found.append(MarketSignalRecord(code, "sales_rank", Decimal(rank), at, subject=text_or_empty(row, "product-group")))
        for column, kind in (("featuredoffer-price", "featured_price"), ("lowest-price-new-plus-shipping", "lowest_price")):
            price = amount_or_none(row, column)
            if price is not None and price > 0:
                found.append(MarketSignalRecord(code, kind, price, at, currency=currency))
        return found

    def _snapshot_at(self, row: Row) -> datetime:
        at = self._observed_at(row, "snapshot-date")
        if at is None:
            raise FieldError("snapshot-date", "snapshot-date is missing.")
        return at

    def _observed_at(self, row: Row, name: str) -> datetime | None:
        said = row.get(name)
        if not said:
            return None
        at = self._instants.get(said)
        if at is None:
            at = datetime.combine(day(row, name), time(), self._zone)
            if at > self._now:
                raise FieldError(name, f"{name} lies in the future: {said[:40]}.")
            self._instants[said] = at
        return at


def _sku(row: Row) -> str:
    sku = unquoted(row["sku"]).strip()
    if not sku or "\0" in sku:
        raise FieldError("sku", "sku is missing.")
    return sku[:120]


def _units(row: Row, name: str) -> int:
    """Whole units, fast: this is done for every bracket of every SKU."""
    said = row[name]
    if said.isascii() and said.isdigit() and len(said) < 10:
        return int(said)
    units = whole_or_none(row, name)
    if units is None:
        raise FieldError(name, f"{name} is empty: how many units are so old is not known.")
    return units


def _sum(row: Row, names: tuple[str, ...]) -> Decimal | None:
    """None where no column says anything."""
    total: Decimal | None = None
    for name in names:
        said = row.get(name)
        if said:
            amount = _ZERO if said in _ZEROS else decimal_of(name, said)
            total = amount if total is None else total + amount
    return total


_ZERO: Final = Decimal(0)
_ZEROS: Final = frozenset(("0", "0.0", "0.00"))
