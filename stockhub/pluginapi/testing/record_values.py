"""Whether a record holds what its class says: types, aware instants, exact money, text for ids, whole units that are not negative."""

from __future__ import annotations

import math
import types
from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from stockhub.pluginapi.connectors import FeedKind
from stockhub.pluginapi.platform_records import (
    FeeEstimateRecord,
    InboundRecord,
    MarketSignalRecord,
    ScoreRecord,
    SettlementRecord,
    StockAgeRecord,
    TrafficRecord,
)
from stockhub.pluginapi.records import ListingRecord, OrderRecord, ReturnRecord, StockCountRecord

RECORD_TYPES: Final[dict[FeedKind, type[Any]]] = {
    FeedKind.ORDERS: OrderRecord,
    FeedKind.RETURNS: ReturnRecord,
    FeedKind.STOCK: StockCountRecord,
    FeedKind.LISTINGS: ListingRecord,
    FeedKind.PRICES: ListingRecord,
    FeedKind.INBOUND: InboundRecord,
    FeedKind.AGES: StockAgeRecord,
    FeedKind.FEES: FeeEstimateRecord,
    FeedKind.SETTLEMENTS: SettlementRecord,
    FeedKind.TRAFFIC: TrafficRecord,
    FeedKind.SIGNALS: MarketSignalRecord,
    FeedKind.EXPERIENCE_SCORE: ScoreRecord,
}
#: Whole numbers that are never below zero. Settled units may be.
_UNITS: Final = frozenset(
    {"qty", "shipped_qty", "received_qty", "views", "visitors", "clicks", "carts", "version", "excess_qty", "stranded_qty"}
)
#: An order that says nothing of its lines is a legal record; one that has any has units in each.
_POSITIVE: Final = frozenset({"OrderLineRecord.qty", "ReturnRecord.qty"})
_NEEDED: Final = frozenset({"external_id", "code", "currency", "warehouse"})
_MAY_BE_EMPTY: Final = frozenset(
    {"ReturnRecord.warehouse", "OrderLineRecord.warehouse", "ListingRecord.currency", "SettlementRecord.code", "StockAgeRecord.currency",
     "TrafficRecord.currency", "MarketSignalRecord.currency", "WarehouseRecord.external_id", "StockCountRecord.warehouse"}
)  # fmt: skip


def problems_of(record: object, expected: type[Any]) -> list[str]:
    """What is wrong with a record, a line each; none where it is right."""
    if type(record) is not expected:
        return [f"{type(record).__name__} is no {expected.__name__}"]
    return list(_problems(record, expected.__name__))


def _problems(record: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any record
    kind: Any = type(record)
    hints = _hints(kind)
    for entry in fields(record):
        value, name = getattr(record, entry.name), f"{type(record).__name__}.{entry.name}"
        where = f"{path}.{entry.name}"
        if not _fits(value, hints[entry.name]):
            yield f"{where} is {value!r:.80}, which is no {_named(hints[entry.name])}"
        elif entry.name in _UNITS and isinstance(value, int) and name != "SettlementRecord.qty" and value < (name in _POSITIVE):
            yield f"{where} is {value}"
        elif entry.name in _NEEDED and value == "" and name not in _MAY_BE_EMPTY:
            yield f"{where} is empty"
        else:
            yield from _inside(value, where)


def _inside(value: object, where: str) -> Iterator[str]:
    if isinstance(value, tuple):
        for index, element in enumerate(value):
            if is_dataclass(element):
                yield from _problems(element, f"{where}[{index}]")
            elif where.endswith(("quantities", "brackets")) and isinstance(element, tuple) and element[-1] < 0:
                yield f"{where}[{index}] is {element}"
    elif isinstance(value, datetime) and value.tzinfo is None:
        yield f"{where} is {value}, which has no time zone"
    elif (isinstance(value, Decimal) and not value.is_finite()) or (isinstance(value, float) and not math.isfinite(value)):
        yield f"{where} is {value}"


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - any annotation
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in get_args(hint))
    if origin is tuple:
        return isinstance(value, tuple) and _fits_tuple(value, get_args(hint))
    if hint in (int, float):
        return isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool)
    if hint is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, hint)


def _fits_tuple(value: tuple[object, ...], parts: tuple[Any, ...]) -> bool:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return all(_fits(element, parts[0]) for element in value)
    return len(value) == len(parts) and all(_fits(element, part) for element, part in zip(value, parts, strict=True))


def _named(hint: Any) -> str:  # noqa: ANN401 - any annotation
    return hint.__name__ if isinstance(hint, type) else str(hint)


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)
