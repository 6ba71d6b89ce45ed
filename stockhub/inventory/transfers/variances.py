"""More or less than was sent: tasks that follow their document, and what a person decides about them (H83)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.core import actor, clock
from stockhub.inventory.by_hand import require_key
from stockhub.inventory.models import StockVariance, VarianceKind, VarianceStatus
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_events
from stockhub.values.errors import DomainError


class VarianceOutcome(StrEnum):
    """What a person can find out."""

    ACCEPTED = "accepted"
    FOUND = "found"


PERMISSION: Final = "inventory.change_stockvariance"
_NOTE_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a document that is complete: what was sent, and what came in."""

    line_no: int
    sku_id: int
    expected_qty: int
    found_qty: int


class Document(Protocol):
    """What a kind of document does when a person decides about one of its variances. Both run in the decision's transaction."""

    def accept(self, variance: StockVariance) -> None:
        """The missing units are lost: takes them out of the ledger where they are still in it."""

    def find(self, variance: StockVariance, qty: int) -> None:
        """`qty` of the missing units have come in after all: receives them, which brings the variance up to date."""


_DOCUMENTS: dict[str, Document] = {}


def register_document(kind: VarianceKind, document: Document) -> None:
    """Called once by the area that owns the kind of document."""
    _DOCUMENTS[kind] = document


def note_variances(*, kind: VarianceKind, reference: str, warehouse_id: int, lines: Sequence[Told], is_complete: bool) -> None:
    """Brings the variances of a document up to date with its lines; the same lines again change nothing.

    A line that differs opens one, also where an accepted one grows or turns to the other side. One that does not differ any more has been
    found; of a document that is not complete, or no longer, every open variance is withdrawn. One query where nothing differs.
    """
    known = {(row.line_no, row.sku_id): row for row in StockVariance.objects.select_for_update().filter(reference=reference).order_by("id")}
    made: list[StockVariance] = []
    changed: list[StockVariance] = []
    opened: list[StockVariance] = []
    for line in lines:
        row = known.get((line.line_no, line.sku_id))
        if row is None:
            if is_complete and line.expected_qty != line.found_qty:
                row = StockVariance(kind=kind, reference=reference, line_no=line.line_no, sku_id=line.sku_id, warehouse_id=warehouse_id)
                row.expected_qty, row.found_qty = line.expected_qty, line.found_qty
                made.append(row)
                opened.append(row)
        elif (status := _status(row, line, is_complete=is_complete)) != row.status or (is_complete and _differs(row, line)):
            if status == VarianceStatus.OPEN and row.status != VarianceStatus.OPEN:
                opened.append(row)
            _restate(row, line, status)
            changed.append(row)
    StockVariance.objects.bulk_create(made)
    StockVariance.objects.bulk_update(
        changed, ["expected_qty", "found_qty", "status", "opened_at", "resolved_at", "resolved_by", "updated_at"]
    )
    _emit("inventory.stock_variance_opened.v1", opened)


def _differs(row: StockVariance, line: Told) -> bool:
    return (row.expected_qty, row.found_qty) != (line.expected_qty, line.found_qty)


def _status(row: StockVariance, line: Told, *, is_complete: bool) -> str:
    if not is_complete:
        return VarianceStatus.WITHDRAWN if row.status == VarianceStatus.OPEN else row.status
    difference = line.found_qty - line.expected_qty
    if not difference:
        return VarianceStatus.FOUND
    # Accepting holds for a smaller difference on the same side, too.
    holds = row.status == VarianceStatus.ACCEPTED and 0 < difference * row.difference_qty <= row.difference_qty**2
    return VarianceStatus.ACCEPTED if holds else VarianceStatus.OPEN


def _restate(row: StockVariance, line: Told, status: str) -> None:
    now = clock.now()
    row.expected_qty, row.found_qty, row.updated_at = line.expected_qty, line.found_qty, now
    if status == row.status:
        return
    if status == VarianceStatus.OPEN:
        row.opened_at, row.resolved_at, row.resolved_by = now, None, ""
    else:
        row.resolved_at, row.resolved_by = now, actor.current().label
    row.status = status


def resolve_variance(*, variance_id: int, resolution: str, idempotency_key: str, qty: int | None = None, note: str = "") -> StockVariance:
    """What a person found out about an open variance.

    `accepted`: it stays as it is; missing units are written off with a movement. `found`: `qty` of the missing units, all if None, have
    come in, and the variance stays open for the rest. Raises `not_open` where it is not a task any more, `nothing_missing`,
    `invalid_quantity` and `invalid_key`.
    """
    found = StockVariance.objects.filter(pk=variance_id).first()
    if found is None:
        raise DomainError("not_found", _("There is no such variance."), path=("id",))
    require(PERMISSION, warehouse_ids=[found.warehouse_id])
    if resolution not in tuple(VarianceOutcome):
        raise DomainError("invalid_value", _("A variance is resolved as accepted or as found."), path=("resolution",))
    if len(note) > _NOTE_MAX:
        raise DomainError("text_too_long", _("A note has at most 200 characters."), path=("note",))
    require_key(idempotency_key)
    return in_transaction(lambda: _resolve(found.pk, str(resolution), idempotency_key, qty, note))


def _resolve(variance_id: int, resolution: str, key: str, qty: int | None, note: str) -> StockVariance:
    if not claim_request(f"variance:{key}", variance_id, resolution, qty, note):
        return StockVariance.objects.get(pk=variance_id)
    # The document locks itself first, and then its variances: whoever changes it takes the same way.
    variance = StockVariance.objects.get(pk=variance_id)
    if variance.status != VarianceStatus.OPEN:
        raise DomainError(
            "not_open", _("This variance is resolved already; read it again."), path=("id",), params={"status": variance.status}
        )
    if resolution == VarianceOutcome.ACCEPTED:
        _DOCUMENTS[variance.kind].accept(variance)
        StockVariance.objects.filter(pk=variance_id, status=VarianceStatus.OPEN).update(
            status=VarianceStatus.ACCEPTED, resolved_at=clock.now(), resolved_by=actor.current().label, updated_at=clock.now()
        )
    else:
        _DOCUMENTS[variance.kind].find(variance, _findable(variance, qty))
    if note:
        StockVariance.objects.filter(pk=variance_id).update(note=note, updated_at=clock.now())
    variance = StockVariance.objects.get(pk=variance_id)
    _emit("inventory.stock_variance_resolved.v1", [variance])
    return variance


def _findable(variance: StockVariance, qty: int | None) -> int:
    missing = -variance.difference_qty
    if missing <= 0:
        raise DomainError("nothing_missing", _("More came in than was sent: accept it, or correct the document."), path=("resolution",))
    if qty is not None and not 1 <= qty <= missing:
        raise DomainError(
            "invalid_quantity",
            _("Between 1 and %(missing_qty)s units can be found."),
            path=("qty",),
            params={"qty": qty, "missing_qty": missing},
        )
    return missing if qty is None else qty


def _emit(kind: str, rows: Sequence[StockVariance]) -> None:
    emit_events((kind, "inventory.stock_variance", row.pk, _payload(row)) for row in rows)


def _payload(row: StockVariance) -> dict[str, object]:
    return {
        "reference": row.reference, "line_no": row.line_no, "sku_id": row.sku_id, "warehouse_id": row.warehouse_id,
        "expected_qty": row.expected_qty, "found_qty": row.found_qty, "variance_pct": str(row.variance_pct), "status": row.status,
    }  # fmt: skip
