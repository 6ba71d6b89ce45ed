"""Records that could not be taken: kept without personal data, shown, and tried again once their cause is mended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from stockhub.channels.models import Account, Quarantined
from stockhub.channels.order_intake import Refusal, buyer_hash
from stockhub.core import clock
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.records import ListingRecord, OrderLineRecord, OrderRecord, ReturnRecord, StockCountRecord

AnyRecord = OrderRecord | ReturnRecord | ListingRecord | StockCountRecord
RECORD_TYPES: dict[str, type[AnyRecord]] = {
    "order": OrderRecord,
    "return": ReturnRecord,
    "listing": ListingRecord,
    "stock": StockCountRecord,
}
_INSTANTS = frozenset(("ordered_at", "paid_at", "ship_by_at", "shipped_at", "cancelled_at", "returned_at", "observed_at"))
_AMOUNTS = frozenset(("unit_price", "list_price", "effective_price"))


def reduced(record: AnyRecord, account_id: int) -> dict[str, Any]:
    """The record as JSON. Only fields that a record type declares can get here, and the buyer only as a hash."""
    payload: dict[str, Any] = {}
    for each in fields(record):
        value = getattr(record, each.name, None)
        if each.name == "buyer":
            payload["buyer_hash"] = buyer_hash(account_id, value) if isinstance(value, str) else ""
        elif each.name == "lines":
            payload["lines"] = [reduced(line, account_id) for line in value] if isinstance(value, tuple) else []
        else:
            payload[each.name] = _plain(value)
    return payload


def restored(kind: str, payload: dict[str, Any]) -> tuple[AnyRecord, str]:
    """The record again, and the hash of its buyer."""
    values = {name: _typed(name, value) for name, value in payload.items() if name not in ("buyer_hash", "lines")}
    if kind == "order":
        values["lines"] = tuple(
            OrderLineRecord(**{name: _typed(name, value) for name, value in line.items()}) for line in payload.get("lines", [])
        )
    return RECORD_TYPES[kind](**values), payload.get("buyer_hash", "")


def quarantine(*, account: Account, kind: str, refused: Sequence[tuple[AnyRecord, Refusal]]) -> None:
    """Keeps refused records, one row for each id and cause; one that comes again counts its attempts."""
    if not refused:
        return
    now = clock.now()
    rows = {}
    for record, refusal in refused:
        key = (_clean(refusal.external_id)[:200], refusal.code)
        rows[key] = Quarantined(
            account=account,
            kind=kind,
            external_id=key[0],
            code=refusal.code,
            message=refusal.message,
            payload=reduced(record, account.pk),
            first_seen_at=now,
            last_seen_at=now,
        )
    with transaction.atomic():
        known = Quarantined.objects.filter(account=account, kind=kind, external_id__in={external_id for external_id, _code in rows})
        known.filter(code__in={code for _id, code in rows}).update(attempts=F("attempts") + 1)
        Quarantined.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["account", "kind", "external_id", "code"],
            update_fields=["message", "payload", "last_seen_at", "resolved_at"],
            batch_size=500,
        )
        emit_event(
            "channels.records_quarantined.v1",
            entity="channels.account",
            entity_id=account.pk,
            payload={"account": account.code, "kind": kind, "count": len(rows), "codes": sorted({code for _id, code in rows})},
        )


def resolve(*, account: Account, kind: str, external_ids: Collection[str]) -> None:
    """A good record of the same id went in: what was in quarantine is settled."""
    open_ = Quarantined.objects.filter(account=account, kind=kind, resolved_at=None)
    settled = [row for row in open_.values_list("id", "external_id") if row[1] in external_ids] if open_.exists() else []
    if settled:
        Quarantined.objects.filter(id__in=[pk for pk, _id in settled]).update(resolved_at=clock.now())


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool | int) or value is None:
        return value if value is None or -(2**63) <= value < 2**63 else str(value)[:200]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _clean(str(value))[:500]


def _clean(text: object) -> str:
    """Text that both databases can store."""
    return str(text).replace("\x00", "�").encode("utf-8", "replace").decode()


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON's own types
    if name == "quantities":
        return tuple((bucket, qty) for bucket, qty in value)
    if isinstance(value, str) and name in _INSTANTS:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name in _AMOUNTS:
        return Decimal(value)
    return value
