"""Records as they are kept: an allow-list of fields as JSON, without personal data, and back again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from stockhub.channels.order_intake import WRONG_TYPE, RefusedError, buyer_hash
from stockhub.core.kept_texts import storable
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import (
    FeeEstimateRecord,
    InboundLineRecord,
    InboundRecord,
    MarketSignalRecord,
    ScoreRecord,
    SettlementRecord,
    StockAgeRecord,
    TrafficRecord,
)
from stockhub.pluginapi.records import ListingRecord, OrderLineRecord, OrderRecord, ReturnRecord, StockCountRecord


class RecordKind(StrEnum):
    """What a source tells of."""

    ORDER = "order"
    RETURN = "return"
    STOCK = "stock"
    LISTING = "listing"
    INBOUND = "inbound"
    AGE = "age"
    FEE_ESTIMATE = "fee_estimate"
    SETTLEMENT = "settlement"
    TRAFFIC = "traffic"
    SIGNAL = "signal"
    SCORE = "score"


AnyRecord = (
    OrderRecord | ReturnRecord | ListingRecord | StockCountRecord | InboundRecord | StockAgeRecord | FeeEstimateRecord | SettlementRecord
    | TrafficRecord | MarketSignalRecord | ScoreRecord
)  # fmt: skip
AnyLine = OrderLineRecord | InboundLineRecord
RECORD_TYPES: Final[dict[str, type[AnyRecord]]] = {
    "order": OrderRecord,
    "return": ReturnRecord,
    "listing": ListingRecord,
    "stock": StockCountRecord,
    "inbound": InboundRecord,
    "age": StockAgeRecord,
    "fee_estimate": FeeEstimateRecord,
    "settlement": SettlementRecord,
    "traffic": TrafficRecord,
    "signal": MarketSignalRecord,
    "score": ScoreRecord,
}
#: The kind of the records that each feed brings. Prices come as listings.
RECORD_KINDS: Final[dict[FeedKind, RecordKind]] = {
    FeedKind.ORDERS: RecordKind.ORDER,
    FeedKind.RETURNS: RecordKind.RETURN,
    FeedKind.STOCK: RecordKind.STOCK,
    FeedKind.LISTINGS: RecordKind.LISTING,
    FeedKind.PRICES: RecordKind.LISTING,
    FeedKind.INBOUND: RecordKind.INBOUND,
    FeedKind.AGES: RecordKind.AGE,
    FeedKind.FEES: RecordKind.FEE_ESTIMATE,
    FeedKind.SETTLEMENTS: RecordKind.SETTLEMENT,
    FeedKind.TRAFFIC: RecordKind.TRAFFIC,
    FeedKind.SIGNALS: RecordKind.SIGNAL,
    FeedKind.EXPERIENCE_SCORE: RecordKind.SCORE,
}
#: The records that have lines, and of what type these are.
_LINES: Final[dict[str, type[AnyLine]]] = {"order": OrderLineRecord, "inbound": InboundLineRecord}
#: A record of this many bytes as JSON is no record of a shop; an order of a thousand lines has a third of it.
PAYLOAD_BYTES: Final = 512 * 1024
#: Longer texts are cut, which the marker below tells. Every limit of a column lies beneath it.
_TEXT: Final = 1_000
#: In a payload whose texts or types could not be kept as they came: it is shown, and is never taken for the record itself.
ALTERED: Final = "is_altered"
_INSTANTS = frozenset(
    (
        "ordered_at", "paid_at", "ship_by_at", "shipped_at", "cancelled_at", "returned_at", "observed_at", "updated_at", "posted_at",
        "told_at",
    )
)  # fmt: skip
_DAYS = frozenset(("shipped_on", "expected_on", "day"))
_AMOUNTS = frozenset(
    (
        "unit_price", "list_price", "effective_price", "surcharge", "storage", "price", "amount", "ad_cost", "value",
        "supply_days_30", "supply_days_90", "supply_days_ahead", "sell_through",
    )
)  # fmt: skip
#: Fields whose values become text in JSON.
_WRITTEN = _INSTANTS | _DAYS | _AMOUNTS
#: Numbers with a fraction that are no amounts.
_MEASURES = frozenset(("score",))
#: Tuples of tuples of what JSON holds as it is.
_TUPLES = frozenset(("quantities", "brackets", "other_codes"))
_READERS: Final[tuple[tuple[frozenset[str], Callable[[str], object]], ...]] = (
    (_INSTANTS, datetime.fromisoformat),
    (_DAYS, date.fromisoformat),
    (_AMOUNTS, Decimal),
)
#: Pairs, and the fields that their two sides are like.
_PAIRS: Final = {"fees": ("name", "amount"), "parts": ("name", "score")}


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is kept. `digest` is of everything in it: an exact repetition has the same one."""

    external_id: str
    payload: dict[str, Any]
    text: str
    digest: str

    @property
    def is_altered(self) -> bool:
        return is_altered(self.payload)


def kept(kind: str, record: AnyRecord, account_id: int) -> Kept:
    """What is kept of a record. RefusedError `malformed` or `too_large` where nothing of it can be."""
    if not isinstance(record, RECORD_TYPES[kind]):
        raise RefusedError("malformed", _("A record of kind %(kind)s is wanted. Have the connector checked."), kind=kind)
    try:
        payload = reduced(record, account_id)
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except (TypeError, ValueError, RecursionError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error
    if len(text.encode()) > PAYLOAD_BYTES:
        too_large = _("The record has more than %(most)d KiB. Send its lines in several records.")
        raise RefusedError("too_large", too_large, most=PAYLOAD_BYTES // 1024)
    digest = hashlib.blake2b(f"{account_id}\x1f{kind}\x1f{text}".encode(), digest_size=16).hexdigest()
    return Kept(external_id_of(kind, record), payload, text, digest)


def external_id_of(kind: str, record: AnyRecord) -> str:
    """By what the source knows the record: also the id under which it is refused."""
    return clean(str(_known_by(kind, record))[:200])


def _known_by(kind: str, record: AnyRecord) -> object:
    if isinstance(record, StockCountRecord | StockAgeRecord):
        return f"{record.warehouse}/{record.code}"
    if isinstance(record, TrafficRecord):
        return f"{record.day}/{record.code}"
    if isinstance(record, MarketSignalRecord):
        return f"{record.kind}/{record.code}/{record.rival}/{record.subject}"
    if isinstance(record, ScoreRecord):
        return f"score/{record.observed_at}"
    return getattr(record, "code" if kind in ("listing", "fee_estimate") else "external_id", "")


def reduced(record: AnyRecord, account_id: int) -> dict[str, Any]:
    """The record as JSON. Only fields that a record type declares can get here, and the buyer only as a hash."""
    altered: list[str] = []
    payload = _reduced(record, account_id, altered)
    return payload | {ALTERED: True} if altered else payload


def is_altered(payload: dict[str, Any]) -> bool:
    """Whether the record had something that cannot be kept, such as a NUL."""
    return bool(payload.get(ALTERED))


def restored(kind: str, payload: dict[str, Any]) -> tuple[AnyRecord, str]:
    """The record again, and the hash of its buyer. RefusedError `malformed` where it cannot be had again."""
    if is_altered(payload):
        text = _("The record held something that cannot be stored, such as a NUL. Have the source send it again.")
        raise RefusedError("malformed", text)
    try:
        values = {name: _typed(name, value) for name, value in payload.items() if name not in ("buyer_hash", "lines")}
        if (of := _LINES.get(kind)) is not None:
            lines = payload.get("lines", [])
            values["lines"] = tuple(of(**{name: _typed(name, value) for name, value in line.items()}) for line in lines)
        return RECORD_TYPES[kind](**values), payload.get("buyer_hash", "")
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error


def clean(text: object) -> str:
    """Text that both databases can store."""
    return storable(text)


def _reduced(record: AnyRecord | AnyLine, account_id: int, altered: list[str]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if each.name == "buyer":
            payload["buyer_hash"] = buyer_hash(account_id, clean(value)) if isinstance(value, str) else ""
        elif each.name == "lines":
            payload["lines"] = _lines(record, value, account_id, altered)
        elif each.name in _PAIRS:
            payload[each.name] = _pairs(each.name, value, altered)
        else:
            payload[each.name] = _plain(each.name, value, altered)
    return payload


def _lines(record: AnyRecord | AnyLine, lines: object, account_id: int, altered: list[str]) -> list[dict[str, Any]]:
    of = InboundLineRecord if isinstance(record, InboundRecord) else OrderLineRecord
    if not isinstance(lines, tuple) or not all(isinstance(line, of) for line in lines):
        altered.append("lines")
        return []
    return [_reduced(line, account_id, altered) for line in lines]


def _pairs(name: str, pairs: object, altered: list[str]) -> list[list[object]]:
    if not isinstance(pairs, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        altered.append(name)
        return []
    left, right = _PAIRS[name]
    return [[_plain(left, first, altered), _plain(right, second, altered)] for first, second in pairs]


def _plain(name: str, value: object, altered: list[str]) -> object:
    if isinstance(value, datetime) or (isinstance(value, date) and name in _DAYS):
        return value.isoformat()
    if _is_json(name, value):
        return value
    if isinstance(value, tuple):
        return [_plain(name, item, altered) for item in value]
    if not isinstance(value, str | Decimal) or isinstance(value, str) == (name in _WRITTEN | _MEASURES):
        # Restored, a date or an amount that came as text would be one: what was wrong must stay wrong.
        altered.append(name)
        # A number of thousands of digits cannot even be written down.
        return type(value).__name__ if isinstance(value, int) else clean(str(value)[:_TEXT])
    text = clean(value)
    if (isinstance(value, str) and text != value) or len(text) > _TEXT:
        altered.append(name)
    return text[:_TEXT]


def _is_json(name: str, value: object) -> bool:
    """Whether JSON holds the value as it is, in every reader."""
    if isinstance(value, int):
        return isinstance(value, bool) or -(2**63) <= value < 2**63
    return value is None or (isinstance(value, float) and name in _MEASURES and isfinite(value))


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON's own types
    if name in _TUPLES:
        return tuple(tuple(part) for part in value)
    if name in _PAIRS:
        right = _PAIRS[name][1]
        return tuple((first, _typed(right, second)) for first, second in value)
    read = next((reader for names, reader in _READERS if name in names), None) if isinstance(value, str) else None
    return value if read is None else read(value)
