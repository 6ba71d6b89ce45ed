"""Seeing what became of rows that nobody answered for, or that a platform took to do later."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F, Sum

from stockhub.catalog.models import Authority, Warehouse
from stockhub.channels.models import Account, OrderLine
from stockhub.channels.pushes.judging import Verdict, verdict
from stockhub.channels.pushes.models import Push, PushKind, PushRow, PushRowStatus
from stockhub.channels.pushes.platform_calls import can_read_back, follow_removals, read_prices, read_stock, request_key
from stockhub.channels.pushes.settling import held, note_applied, note_rows, put_off, settle
from stockhub.channels.pushes.shown import Seen, note_shown
from stockhub.core import clock
from stockhub.inventory.models import Bucket
from stockhub.pluginapi.connectors import ConnectorError, ThrottledError
from stockhub.pluginapi.records import StockCountRecord
from stockhub.values.errors import DomainError

logger = logging.getLogger(__name__)
_THROTTLED_SECONDS: Final = 60.0


def read_back(account: Account, push: Push) -> bool:
    """Reads the rows that are unknown or accepted, and settles the push by what was seen; True where it ended with that."""
    rows = list(PushRow.objects.filter(push=push, status__in=(PushRowStatus.UNKNOWN, PushRowStatus.ACCEPTED)).order_by("place"))
    if not can_read_back(account, push.kind):
        return settle(push)
    if push.kind == PushKind.REMOVAL:
        return _followed(account, push, rows)
    try:
        verdicts = _judged_stock(account, rows) if push.kind == PushKind.STOCK else _judged_prices(account, rows)
    except ThrottledError as error:
        put_off(push, error.after_seconds or _THROTTLED_SECONDS, error=error.message)
        return False
    except (ConnectorError, DomainError) as error:
        return _not_read(push, f"It could not be read back: {error.message}")
    except Exception as error:  # noqa: BLE001 - whatever a connector raises: nothing was learnt
        logger.warning("A push could not be read back: %s", type(error).__name__)
        return _not_read(push, f"It could not be read back: {type(error).__name__} in the connector.")
    for row, said in zip(rows, verdicts, strict=True):
        _apply(row, said)
    return _noted(push, rows) and _counted(push)


def _noted(push: Push, rows: Sequence[PushRow]) -> bool:
    with transaction.atomic():
        if not note_rows(push, rows, ["status", "error_code", "message", "read_qty", "read_at"]):
            return False
        if push.kind == PushKind.PRICE:
            # Of stock what was seen is noted already, and that may be fewer units than were pushed.
            note_applied(push, rows)
    return True


def _followed(account: Account, push: Push, open_rows: Sequence[PushRow]) -> bool:
    """Asks what became of a removal under the key that it was sent with. Nothing is sent, and nothing goes back to being sent."""
    rows = list(PushRow.objects.filter(push=push).order_by("place"))
    try:
        results = follow_removals(account, rows, request_key(push, rows[0].call))
    except ThrottledError as error:
        put_off(push, error.after_seconds or _THROTTLED_SECONDS, error=error.message)
        return False
    except (ConnectorError, DomainError) as error:
        return _not_read(push, f"It could not be read back: {error.message}")
    except Exception as error:  # noqa: BLE001 - whatever a connector raises: nothing was learnt
        logger.warning("A removal could not be read back: %s", type(error).__name__)
        return _not_read(push, f"It could not be read back: {type(error).__name__} in the connector.")
    told = {row.place: result for row, result in zip(rows, results, strict=True)}
    for row in open_rows:
        result = told[row.place]
        row.status, row.error_code, row.message = PushRowStatus[result.status.name], result.code, result.message
        row.reference, row.read_at = result.reference or row.reference, clock.now()
    return note_rows(push, open_rows, ["status", "error_code", "message", "reference", "read_at"]) and _counted(push)


def _not_read(push: Push, error: str) -> bool:
    return _counted(push, error=error)


def _counted(push: Push, *, error: str = "") -> bool:
    held(push).update(reads=F("reads") + 1)
    push.reads += 1
    return settle(push, error=error)


def _apply(row: PushRow, said: Verdict) -> None:
    row.read_at = clock.now()
    if said == Verdict.DONE:
        row.status, row.error_code, row.message = PushRowStatus.APPLIED, "", ""
    elif row.status == PushRowStatus.UNKNOWN and said == Verdict.NOT_DONE:
        row.status, row.error_code, row.message = PushRowStatus.PENDING, "", ""
    elif row.status == PushRowStatus.UNKNOWN:
        row.error_code = row.error_code or "unclear"
        row.message = "What the platform shows fits neither before nor after. Look there, then try again or give it up."


def _judged_stock(account: Account, rows: Sequence[PushRow]) -> list[Verdict]:
    records = read_stock(account, sorted({row.code for row in rows}))
    now = clock.now()
    shown = shown_of(records)
    # A number of a warehouse that the platform counts is stock, and not what a listing of ours shows.
    counted = set(Warehouse.objects.filter(authority=Authority.SNAPSHOT, deleted_at=None).values_list("code", flat=True))
    listings = {(row.code_kind, row.code): row.listing_id for row in rows if row.listing_id}
    note_shown(
        Seen(listings[kind, code], warehouse, qty, min(at, now))
        for (kind, code, warehouse), (qty, at) in shown.items()
        if (kind, code) in listings and warehouse not in counted
    )
    sold = _sold_since(rows)
    found = []
    for row in rows:
        seen = shown.get((row.code_kind, row.code, row.warehouse)) or _only(shown, row, counted)
        row.read_qty = seen[0] if seen else None
        said = verdict(shown=row.read_qty, before=row.before_qty, after=row.after_qty or 0, sold=sold.get(row.pk, 0))
        found.append(said)
    return found


def _only(
    shown: Mapping[tuple[str, str, str], tuple[int, datetime]], row: PushRow, counted: Collection[str]
) -> tuple[int, datetime] | None:
    """A platform that names a warehouse for its one number: that number, for a row that names none."""
    named = (row.code_kind, row.code)
    its = [seen for (kind, code, warehouse), seen in shown.items() if (kind, code) == named and warehouse not in counted]
    return its[0] if not row.warehouse and len(its) == 1 else None


def shown_of(records: Sequence[StockCountRecord]) -> dict[tuple[str, str, str], tuple[int, datetime]]:
    """Units for sale and when, by kind, code and warehouse. A record that tells of nothing for sale tells nothing."""
    sellable = set(Bucket.objects.filter(is_sellable=True).values_list("slug", flat=True))
    found: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    for record in records:
        told = [qty for bucket, qty in record.quantities if bucket in sellable]
        if told:
            found[record.code_kind, record.code, record.warehouse] = (sum(told), record.observed_at)
    return found


def _sold_since(rows: Sequence[PushRow]) -> dict[int, int]:
    """Units ordered of each row's listing since the number that it was decided on was seen."""
    sold: dict[int, int] = {}
    for row in rows:
        if row.listing_id is not None and row.base_at is not None:
            lines = OrderLine.objects.filter(listing_id=row.listing_id, ordered_at__gte=row.base_at)
            sold[row.pk] = lines.aggregate(total=Sum("qty"))["total"] or 0
    return sold


def _judged_prices(account: Account, rows: Sequence[PushRow]) -> list[Verdict]:
    records = read_prices(account, sorted({row.code for row in rows}))
    shown: dict[tuple[str, str], Decimal | None] = {(each.code_kind, each.code): each.effective_price for each in records}
    found = []
    for row in rows:
        price = shown.get((row.code_kind, row.code))
        if price is None:
            found.append(Verdict.UNCLEAR)
        elif price == row.after_amount:
            found.append(Verdict.DONE)
        else:
            found.append(Verdict.NOT_DONE if price == row.before_amount else Verdict.UNCLEAR)
    return found
