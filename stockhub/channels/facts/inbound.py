"""What is on its way to a platform, as the platform tells it: shipments of ours, so that what sails is not ordered again (H15, U1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.channels.fact_models import PlatformShipment
from stockhub.channels.facts.intake import (
    Place,
    Written,
    check_code,
    check_count,
    check_id,
    check_instant,
    check_planned_day,
    check_text,
    check_warehouse,
    one_sku,
    places_of,
    take,
    units_of,
)
from stockhub.channels.models import Account
from stockhub.channels.order_intake import QTY_MAX, RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core.kept_texts import Sentence
from stockhub.core.unset import UNSET, Unset
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import InboundRecord
from stockhub.purchasing.inputs import ShipmentInput, ShipmentLineInput
from stockhub.purchasing.models import Shipment, ShipmentLine, ShipmentStatus
from stockhub.purchasing.shipments import upsert_shipment
from stockhub.values.errors import DomainError

_LINES: Final = 2_000
_CODE: Final = 100
#: Of two states of one instant the one that is further on holds.
_RANK: Final = {status: rank for rank, status in enumerate(ShipmentStatus.values)}


def ingest_inbound(*, account: Account, shipments: Sequence[InboundRecord]) -> SimpleResult:
    """Takes shipments in, each the latest state that was told of it, in whatever order they come.

    Of a shipment with codes that are linked to nothing the other lines count, and the record stays in quarantine until the rest does.
    """
    places = places_of(record.warehouse for record in shipments if isinstance(record.warehouse, str))
    return take(
        account=account,
        kind=RecordKind.INBOUND,
        feed=FeedKind.INBOUND,
        records=shipments,
        check=lambda record: _check(record, places),
        write=lambda good: _write(account, good, places),
        until=lambda record: record.updated_at,
    )


def _check(record: InboundRecord, places: dict[str, Place]) -> None:
    check_id(record.external_id)
    check_text(_("The name"), record.name, 200)
    check_warehouse(record.warehouse, places)
    if record.status not in _RANK:
        raise RefusedError("status", _("The status of a shipment is one of: %(known)s."), known=", ".join(_RANK))
    check_instant(record.updated_at)
    check_planned_day(record.shipped_on)
    check_planned_day(record.expected_on)
    if len(record.lines) > _LINES:
        raise RefusedError("too_many_lines", _("A shipment has at most %(most)d lines."), most=_LINES)
    for line in record.lines:
        check_code(line.code, line.code_kind)
        for name, qty in ((_("The shipped quantity"), line.shipped_qty), (_("The received quantity"), line.received_qty)):
            if qty is None:
                raise RefusedError("quantity", _("%(name)s is missing."), name=name)
            check_count(name, qty, most=QTY_MAX)


def _write(account: Account, records: Sequence[InboundRecord], places: dict[str, Place]) -> Written[InboundRecord]:
    written = Written[InboundRecord]()
    codes = {(line.code_kind, line.code) for record in records for line in record.lines}
    with transaction.atomic():
        resolution = load_resolution(account, codes)
        known = {row.external_id: row for row in _known(account, records)}
        for record in sorted(records, key=lambda record: record.updated_at):
            told = _Told.of(record)
            row = known.get(record.external_id)
            if row is not None and (row.told_at, row.told_key) > (told.at, told.key):
                continue
            units, fault = _units(resolution, record)
            if fault is not None:
                written.refused.append((record, fault))
            if not units and row is None and (fault is not None or not record.lines):
                # Nothing of it is ours to follow yet.
                continue
            try:
                # A shipment that is refused leaves nothing behind, and the others go in.
                with transaction.atomic():
                    known[record.external_id], changed = _carry(account, row, record, told, units, places[record.warehouse])
            except DomainError as error:
                written.refused.append((record, RefusedError(error.code, error.text, **error.params)))
                continue
            written.new += row is None
            written.changed += row is not None and changed
    return written


def _known(account: Account, records: Sequence[InboundRecord]) -> QuerySet[PlatformShipment]:
    asked = PlatformShipment.objects.filter(account=account, external_id__in={record.external_id for record in records})
    return asked.select_for_update(of=("self",)).select_related("shipment").order_by("id")


@dataclass(frozen=True, slots=True)
class _Told:
    """Which state a record tells of: by its instant, then by how far it is, then by what it says."""

    at: datetime
    key: str

    @classmethod
    def of(cls, record: InboundRecord) -> _Told:
        lines = sorted((line.code_kind, line.code, line.shipped_qty, line.received_qty) for line in record.lines)
        text = json.dumps(asdict(record) | {"lines": lines, "external_id": ""}, default=str, sort_keys=True)
        digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        received = sum(line.received_qty for line in record.lines)
        return cls(record.updated_at, f"{_RANK[record.status]}:{received:015d}:{digest}")


def _units(resolution: Resolution, record: InboundRecord) -> tuple[dict[int, tuple[int, int]], RefusedError | None]:
    """Shipped and received units by SKU, and what is wrong with a code that could not be counted."""
    units: dict[int, tuple[int, int]] = {}
    fault: RefusedError | None = None
    for line in record.lines:
        try:
            _listing, sku_id, each = one_sku(resolution, line.code_kind, line.code, record.updated_at)
            shipped, received = units.get(sku_id, (0, 0))
            units[sku_id] = (shipped + units_of(line.shipped_qty, each), received + units_of(line.received_qty, each))
        except RefusedError as error:
            text = _("%(code)s: %(reason)s Its other lines are counted.")
            fault = fault or RefusedError(error.code, text, code=line.code, reason=Sentence(error.text, error.params))
    return units, fault


def _carry(
    account: Account,
    row: PlatformShipment | None,
    record: InboundRecord,
    told: _Told,
    units: dict[int, tuple[int, int]],
    place: Place,
) -> tuple[PlatformShipment, bool]:
    """Brings our shipment to what the record says; whether that changed it."""
    before = None if row is None else row.shipment.version
    shipment = upsert_shipment(_input(account, row, record, units, place))
    if row is None:
        row = PlatformShipment(account=account, external_id=record.external_id)
    row.shipment, row.name, row.told_at, row.told_key = shipment, record.name, told.at, told.key
    row.save()
    return row, shipment.version != before


def _input(
    account: Account, row: PlatformShipment | None, record: InboundRecord, units: dict[int, tuple[int, int]], place: Place
) -> ShipmentInput:
    # A shipment that is called off keeps the lines that it had, where the platform names none any more.
    lines: Sequence[ShipmentLineInput] | Unset = UNSET
    if record.lines or record.status != ShipmentStatus.CANCELLED:
        lines = _lines(row, units)
    is_over = record.status == ShipmentStatus.RECEIVED
    return ShipmentInput(
        code=row.shipment.code if row else shipment_code(account, record.external_id),
        warehouse=record.warehouse,
        status=record.status,
        shipped_on=UNSET if record.shipped_on is None else record.shipped_on,
        expected_on=UNSET if record.expected_on is None else record.expected_on,
        received_on=place.day_of(record.updated_at) if is_over and not (row and row.shipment.received_on) else UNSET,
        lines=lines,
        occurred_at=record.updated_at,
        is_whole=True,
    )


def _lines(row: PlatformShipment | None, units: dict[int, tuple[int, int]]) -> list[ShipmentLineInput]:
    """A line for each SKU, under the number that it has already."""
    numbers: dict[int, int] = {}
    if row is not None:
        numbers = dict(ShipmentLine.objects.filter(shipment=row.shipment_id).order_by("-line_no").values_list("sku_id", "line_no"))
    free = max(numbers.values(), default=0)
    codes = dict(Sku.objects.filter(id__in=units).values_list("id", "code"))
    lines: list[ShipmentLineInput] = []
    for sku_id, (shipped, received) in sorted(units.items()):
        if not shipped and not received:
            continue
        number = numbers.get(sku_id)
        if number is None:
            number = free = free + 1
        # What was received and never announced was shipped all the same.
        lines.append(ShipmentLineInput(sku=codes[sku_id], shipped_qty=shipped or received, received_qty=received, line_no=number))
    return lines


def shipment_code(account: Account, external_id: str) -> str:
    """Our code of a shipment that an account knows by an id."""
    code = f"{account.code}:{external_id}"
    if len(code) > _CODE:
        digest = hashlib.blake2b(external_id.encode(), digest_size=8).hexdigest()
        code = f"{code[: _CODE - len(digest) - 1]}~{digest}"
    return code


def shipment_of(account: Account, external_id: str) -> Shipment | None:
    """The shipment that an account knows by this id."""
    row = PlatformShipment.objects.filter(account=account, external_id=external_id).select_related("shipment").first()
    return row.shipment if row else None
