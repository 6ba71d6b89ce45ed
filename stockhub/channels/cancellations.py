"""Cancellations that a file tells as lines of their own, with no word about the order that they cancel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from stockhub.channels.ingestion import FILE, ingest_orders
from stockhub.channels.models import NOT_TOLD, Account, Listing, Order, OrderLine
from stockhub.channels.order_intake import Refusal
from stockhub.channels.order_states import CANCELLED, DEMAND_KINDS
from stockhub.channels.returns import ingest_returns
from stockhub.core.bulk import aware, table_of
from stockhub.core.partitions import in_months
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord, ReturnRecord


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A line that takes back `qty` units. `key` is its identity; `buyer_hash` is empty for an unknown buyer."""

    external_id: str
    key: str
    code: str
    qty: int
    price: Decimal | None
    at: datetime
    buyer_hash: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class CancellationResult:
    matched: int
    returned: int
    unchanged: int
    #: Lines of the file that could not be taken, with a code and a reason.
    refused: tuple[tuple[int, Refusal], ...] = ()


@dataclass(frozen=True, slots=True)
class _Sold:
    id: int
    order: str
    status: str
    key: str
    kind: str
    price: Decimal | None
    at: datetime
    ordered_at: datetime
    currency: str


def ingest_cancellations(*, account: Account, cancellations: Sequence[Cancellation]) -> CancellationResult:
    """Subtracts each from the demand of the day of the order that it takes back; what matches none is a return on its own day.

    The order is the latest earlier one of the same buyer with a line of the same SKU and quantity that no other cancellation took back.
    Each cancellation is kept as an excluded order line, which is how a repetition knows that it was done.
    """
    with transaction.atomic():
        done = _done(account, cancellations)
        fresh = [each for each in cancellations if (each.external_id, each.key) not in done]
        if not fresh:
            return CancellationResult(0, 0, len(cancellations))
        sold = _sold(account, fresh)
        orders: list[OrderRecord] = []
        returns: list[ReturnRecord] = []
        for each in fresh:
            match = _latest(sold, each)
            if match is None:
                returns.append(_return(each))
            else:
                orders.append(_taken_back(match, each))
            orders.append(_document(account, each, match))
        result = ingest_orders(account=account, orders=_merged(orders), source=FILE, keep_refused=False)
        faults = {refusal.external_id: refusal for refusal in result.refusals}
        ingest_returns(account=account, returns=[each for each in returns if each.order_external_id not in faults])
    refused = tuple((each.line, faults[each.external_id]) for each in fresh if each.external_id in faults)
    return CancellationResult(len(fresh) - len(returns), len(returns), len(cancellations) - len(fresh), refused)


def _done(account: Account, cancellations: Sequence[Cancellation]) -> set[tuple[str, str]]:
    known = Order.objects.filter(account=account, external_id__in={each.external_id for each in cancellations})
    orders = {pk: (external_id, recorded_at) for pk, external_id, recorded_at in known.values_list("id", "external_id", "recorded_at")}
    months = in_months("order_recorded_at", [NOT_TOLD, *(recorded_at for _id, recorded_at in orders.values())])
    lines = OrderLine.objects.filter(months, order_id__in=list(orders))
    return {(orders[order_id][0], key) for order_id, key in lines.values_list("order_id", "line_key")}


def _sold(account: Account, fresh: Sequence[Cancellation]) -> dict[tuple[str, str, int], list[_Sold]]:
    """Lines that could be meant, by (buyer, code, quantity), the earliest first."""
    known = {each for each in fresh if each.buyer_hash}
    listings = Listing.objects.filter(account=account, kind="sku", code__in={each.code for each in known})
    ids = dict(listings.values_list("code", "id"))
    wanted = sorted({(ids[each.code], each.qty, each.buyer_hash) for each in known if each.code in ids})
    candidates = _candidates(wanted)
    months = in_months("order_recorded_at", set(candidates.values()))
    lines = OrderLine.objects.filter(months, id__in=list(candidates), kind__in=DEMAND_KINDS).exclude(status=CANCELLED)
    found: dict[tuple[str, str, int], list[_Sold]] = defaultdict(list)
    columns = (
        "order__buyer_hash", "listing__code", "qty", "id", "order__external_id", "order__status", "line_key", "kind", "unit_price_amount",
        "ordered_at", "order__ordered_at", "order__currency",
    )  # fmt: skip
    for buyer, code, qty, *rest in lines.order_by("ordered_at", "id").values_list(*columns):
        found[buyer, code, qty].append(_Sold(*rest))
    return found


def _candidates(wanted: Sequence[tuple[int, int, str]]) -> dict[int, datetime]:
    """Ids of lines by (listing, quantity, buyer), and where each is stored.

    The ORM cannot join a list of triples, and the columns apart would match too much.
    """
    if not wanted:
        return {}
    marks = ", ".join(["(%s, %s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH wanted(listing_id, qty, buyer) AS (VALUES {marks}) SELECT line.id, line.order_recorded_at FROM wanted "  # noqa: S608 - marks and own names
            f"JOIN {table_of(OrderLine)} line ON line.listing_id = wanted.listing_id AND line.qty = wanted.qty "
            f"JOIN {table_of(Order)} ord ON ord.id = line.order_id AND ord.buyer_hash = wanted.buyer",
            [cell for row in wanted for cell in row],
        )
        return {pk: aware(stored_at) for pk, stored_at in cursor.fetchall()}


def _latest(sold: dict[tuple[str, str, int], list[_Sold]], each: Cancellation) -> _Sold | None:
    candidates = sold.get((each.buyer_hash, each.code, each.qty), []) if each.buyer_hash else []
    for place in range(len(candidates) - 1, -1, -1):
        if candidates[place].at <= each.at:
            return candidates.pop(place)
    return None


def _taken_back(sold: _Sold, each: Cancellation) -> OrderRecord:
    line = OrderLineRecord(each.code, each.qty, sold.price, line_id=sold.key, status=CANCELLED, kind=sold.kind, ordered_at=sold.at)
    return OrderRecord(sold.order, sold.status, sold.ordered_at, sold.currency, (line,), is_complete=False)


def _document(account: Account, each: Cancellation, sold: _Sold | None) -> OrderRecord:
    master = "" if sold is None else f"{sold.order}/{sold.key}"[:120]
    line = OrderLineRecord(each.code, each.qty, each.price, line_id=each.key, kind="excluded", master_line=master, ordered_at=each.at)
    return OrderRecord(
        each.external_id, CANCELLED, each.at, account.currency, (line,), kind="excluded", cancelled_at=each.at, is_complete=False
    )


def _return(each: Cancellation) -> ReturnRecord:
    return ReturnRecord(f"{each.external_id}/{each.key}"[:120], each.code, each.qty, each.at, order_external_id=each.external_id)


def _merged(records: Sequence[OrderRecord]) -> list[OrderRecord]:
    """One record an order, so that all of them fit into few transactions."""
    merged: dict[str, OrderRecord] = {}
    for record in records:
        known = merged.get(record.external_id)
        if known is None:
            merged[record.external_id] = record
        else:
            merged[record.external_id] = replace(
                known, lines=known.lines + record.lines, ordered_at=min(known.ordered_at, record.ordered_at)
            )
    return list(merged.values())
