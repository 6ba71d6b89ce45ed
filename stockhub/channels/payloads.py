"""Records as they are kept: an allow-list of fields as JSON, without personal data, and back again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from stockhub.channels.order_intake import RefusedError, buyer_hash
from stockhub.pluginapi.records import ListingRecord, OrderLineRecord, OrderRecord, ReturnRecord, StockCountRecord


class RecordKind(StrEnum):
    """What a source tells of."""

    ORDER = "order"
    RETURN = "return"
    STOCK = "stock"
    LISTING = "listing"


AnyRecord = OrderRecord | ReturnRecord | ListingRecord | StockCountRecord
RECORD_TYPES: Final[dict[str, type[AnyRecord]]] = {
    "order": OrderRecord,
    "return": ReturnRecord,
    "listing": ListingRecord,
    "stock": StockCountRecord,
}
#: A record of this many bytes as JSON is no record of a shop; an order of a thousand lines has a third of it.
PAYLOAD_BYTES: Final = 512 * 1024
#: Longer texts are cut, which the marker below tells. Every limit of a column lies beneath it.
_TEXT: Final = 1_000
#: In a payload whose texts or types could not be kept as they came: it is shown, and is never taken for the record itself.
ALTERED: Final = "is_altered"
_INSTANTS = frozenset(("ordered_at", "paid_at", "ship_by_at", "shipped_at", "cancelled_at", "returned_at", "observed_at"))
_AMOUNTS = frozenset(("unit_price", "list_price", "effective_price"))
#: Fields whose values become text in JSON.
_WRITTEN = _INSTANTS | _AMOUNTS


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
        raise RefusedError("malformed", f"A record of kind {kind} is wanted. Have the connector checked.")
    try:
        payload = reduced(record, account_id)
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except (TypeError, ValueError, RecursionError) as error:
        raise RefusedError("malformed", f"A field has the wrong type: {type(error).__name__}. Have the connector checked.") from error
    if len(text.encode()) > PAYLOAD_BYTES:
        raise RefusedError("too_large", f"The record has more than {PAYLOAD_BYTES // 1024} KiB. Send its lines in several records.")
    digest = hashlib.blake2b(f"{account_id}\x1f{kind}\x1f{text}".encode(), digest_size=16).hexdigest()
    return Kept(external_id_of(kind, record), payload, text, digest)


def external_id_of(kind: str, record: AnyRecord) -> str:
    """By what the source knows the record: also the id under which it is refused."""
    if isinstance(record, StockCountRecord):
        return clean(f"{record.warehouse}/{record.code}"[:200])
    return clean(str(getattr(record, "code" if kind == "listing" else "external_id", ""))[:200])


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
        raise RefusedError("malformed", "The record held something that cannot be stored, such as a NUL. Have the source send it again.")
    try:
        values = {name: _typed(name, value) for name, value in payload.items() if name not in ("buyer_hash", "lines")}
        if kind == "order":
            values["lines"] = tuple(
                OrderLineRecord(**{name: _typed(name, value) for name, value in line.items()}) for line in payload.get("lines", [])
            )
        return RECORD_TYPES[kind](**values), payload.get("buyer_hash", "")
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise RefusedError("malformed", f"A field has the wrong type: {type(error).__name__}. Have the connector checked.") from error


def clean(text: object) -> str:
    """Text that both databases can store."""
    return str(text).replace("\x00", "�").encode("utf-8", "replace").decode()


def _reduced(record: AnyRecord | OrderLineRecord, account_id: int, altered: list[str]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if each.name == "buyer":
            payload["buyer_hash"] = buyer_hash(account_id, clean(value)) if isinstance(value, str) else ""
        elif each.name == "lines":
            payload["lines"] = _lines(value, account_id, altered)
        else:
            payload[each.name] = _plain(each.name, value, altered)
    return payload


def _lines(lines: object, account_id: int, altered: list[str]) -> list[dict[str, Any]]:
    if not isinstance(lines, tuple) or not all(isinstance(line, OrderLineRecord) for line in lines):
        altered.append("lines")
        return []
    return [_reduced(line, account_id, altered) for line in lines]


def _plain(name: str, value: object, altered: list[str]) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, tuple):
        return [_plain(name, item, altered) for item in value]
    if not isinstance(value, str | Decimal) or isinstance(value, str) == (name in _WRITTEN):
        # Restored, a date or an amount that came as text would be one: what was wrong must stay wrong.
        altered.append(name)
        # A number of thousands of digits cannot even be written down.
        return type(value).__name__ if isinstance(value, int) else clean(str(value)[:_TEXT])
    text = clean(value)
    if (isinstance(value, str) and text != value) or len(text) > _TEXT:
        altered.append(name)
    return text[:_TEXT]


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON's own types
    if name == "quantities":
        return tuple((bucket, qty) for bucket, qty in value)
    if isinstance(value, str) and name in _INSTANTS:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name in _AMOUNTS:
        return Decimal(value)
    return value
