"""The planning report: age, surcharge, storage, rank and prices of every SKU that Amazon holds stock of. 99 columns, some of them used.

It drops SKUs at random and leaves out those that are sold out: what it does not name is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from stockhub.pluginapi.connectors import UnreadableAnswerError
from stockhub.pluginapi.platform_records import MarketSignalRecord, StockAgeRecord
from stockhub_amazon.fields import MOST, FieldError, amount_or_none, day, decimal_of, text_or_empty, whole_or_none
from stockhub_amazon.reports.tables import Column, Row, Table, unquoted

_T = TypeVar("_T")
_Bracket = tuple[int, int | None, int]
_Health = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None, int | None, bool | None, bool | None, str]
_MOST_KEPT: Final = 50_000
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
_OPTIONAL: Final = ("Inventory age snapshot date", "currency", "estimated-storage-cost-next-month")
#: What Amazon reckons of the stock itself. It has no stranded units, which another report tells, and no score of any kind.
_SHORT, _LONG, _DECIDING = (
    "Short term historical days of supply", "Long term historical days of supply", "historical-days-of-supply",
)  # fmt: skip
_AHEAD: Final = "days-of-supply"
_EXEMPT, _APPLIED = "Exempted from Low-Inventory-Level fee?", "Low-Inventory-Level fee applied in current week?"
_HEALTH: Final = (
    Column(_SHORT, required=False),
    Column(_LONG, required=False),
    Column(_DECIDING, required=False),
    Column(_AHEAD, required=False),
    Column("sell-through", required=False),
    Column("estimated-excess-quantity", required=False),
    Column(_EXEMPT, ("Exempted from Low-Inventory cost coverage fee?",), required=False),
    Column(_APPLIED, ("Low-Inventory cost coverage fee applied in current week?",), required=False),
    Column("fba-inventory-level-health-status", required=False),
)
_NOTHING: Final[_Health] = (None, None, None, None, None, None, None, "")
_FLAGS: Final = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}
_A_DAY: Final = timedelta(days=1)
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
        *_HEALTH,
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
        self._amounts = _Kept(partial(decimal_of, "estimated-ais, estimated-storage-cost"))

    def ages(
        self, names: tuple[str, ...], stranded: Callable[[str], int | None] = lambda _sku: None
    ) -> Callable[[tuple[str, ...]], StockAgeRecord]:
        """What makes an age of a row with these columns. Places are looked up once, since reports have a million rows.

        `stranded` tells a SKU's units without an active offer, of which this report says nothing; None where they are not known.
        """
        cells = _cells(names)
        charged = tuple(names.index(name) for name in _SURCHARGES if name in names)
        place = {name: names.index(name) for name in ("sku", "snapshot-date", *_OPTIONAL) if name in names}
        sku, snapshot = place["sku"], place["snapshot-date"]
        aged, currency, stored = (place.get(name) for name in _OPTIONAL)
        amount, health = self._amounts.__getitem__, _health_of(names)

        def make(values: tuple[str, ...]) -> StockAgeRecord:
            at = (aged is not None and self._observed_at(values[aged], names[aged])) or self._observed_at(values[snapshot], names[snapshot])
            if not at:
                raise FieldError("snapshot-date", "snapshot-date is missing.")
            said = [values[p] for p in charged]
            if not all(said):
                said = [each for each in said if each]
            code = sku_of(values[sku])
            return StockAgeRecord(
                code,
                self._warehouse,
                at,
                tuple([cell[values[p]] for p, cell in cells]),
                sum(map(amount, said), _ZERO) if said else None,
                amount(values[stored]) if stored is not None and values[stored] else None,
                (currency is not None and values[currency]) or self._currency,
                "sku",
                *health(values),
                stranded(code),
            )

        return make

    def signals(self, row: Row) -> list[MarketSignalRecord]:
        """The rank in the product group, the featured offer's price and the lowest one. What the report leaves empty is not told."""
        code, at, currency = sku_of(row["sku"]), self._snapshot_at(row), row.get("currency") or self._currency
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
        at = self._observed_at(row["snapshot-date"], "snapshot-date")
        if at is None:
            raise FieldError("snapshot-date", "snapshot-date is missing.")
        return at

    def _observed_at(self, said: str, name: str) -> datetime | None:
        if not said:
            return None
        at = self._instants.get(said)
        if at is None:
            at = datetime.combine(day({name: said}, name), time(), self._zone)
            if at > self._now + _A_DAY:
                raise FieldError(name, f"{name} lies in the future: {said[:40]}.")
            # In another zone the day may have begun already.
            at = self._instants[said] = min(at, self._now)
        return at


class _Kept(dict[str, _T]):
    """What a text means, made once: reports repeat the same few. It ends to keep where there are too many."""

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, said: str) -> _T:
        made = self._make(said)
        if len(self) < _MOST_KEPT:
            self[said] = made
        return made


def _health_of(names: tuple[str, ...]) -> Callable[[tuple[str, ...]], _Health]:
    """What makes of a row's fields what Amazon reckons. Where it tells the deciding days of supply alone, both views are it."""
    places = [names.index(column.name) if column.name in names else None for column in _HEALTH]
    if not any(place is not None for place in places):
        return lambda _values: _NOTHING
    figures = [_Kept(partial(_figure, column.name)) for column in _HEALTH[:6]]

    def make(values: tuple[str, ...]) -> _Health:
        said = [values[place] if place is not None else "" for place in places]
        short, long, deciding, ahead, sold_through, excess = [
            kept[text] if text else None for kept, text in zip(figures, said, strict=False)
        ]
        if short is None and long is None:
            short = long = deciding
        exempt, applied, level = said[6:]
        return (
            short, long, ahead, sold_through, None if excess is None else int(excess), _FLAGS.get(exempt.lower()),
            _FLAGS.get(applied.lower()), unquoted(level)[:60],
        )  # fmt: skip

    return make


def _figure(name: str, said: str) -> Decimal | None:
    """A number from 0 on. A text that is no number, such as a dash, says nothing; what cannot be, such as NaN, is an error."""
    try:
        number = Decimal(said)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= MOST:
        raise FieldError(name, f"{name} is no number that can be: {said[:40]}.")
    return number


def _cells(names: tuple[str, ...]) -> list[tuple[int, _Kept[_Bracket]]]:
    """The place of each bracket, and what its texts mean. One family of columns, with the oldest bracket of whichever kind there is."""
    found = [each for each in _BRACKETS if each[0] in names]
    if "inv-age-456-plus-days" not in names:
        if _OLDEST not in names:
            raise UnreadableAnswerError(
                f"{PLANNING} has no column 'inv-age-456-plus-days' or {_OLDEST!r}: the oldest units would be left out. Nothing is used.",
                code="missing_column",
            )
        found = [*(each for each in found if each[1] < 366), (_OLDEST, 366, None)]
    return [(names.index(name), _Kept(partial(_bracket, name, first, last))) for name, first, last in found]


def _bracket(name: str, first: int, last: int | None, said: str) -> _Bracket:
    units = whole_or_none({name: said}, name)
    if units is None:
        raise FieldError(name, f"{name} is empty: how many units are so old is not known.")
    return first, last, units


def sku_of(said: str) -> str:
    sku = unquoted(said).strip()
    if not sku or "\0" in sku:
        raise FieldError("sku", "sku is missing.")
    return sku[:120]


_ZERO: Final = Decimal(0)
