"""Lines of an order, each with what became of it: a line can be cancelled in an order that goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.records import OrderLineRecord
from stockhub_amazon.fields import decimal_of, mapping, objects, text, text_or_empty, whole, whole_or_none

STOCK_OUT: Final = "stock_out"
_LONGEST_REASON: Final = 60
_SIX_PLACES: Final = Decimal("0.000001")


def lines_of(items: Sequence[Mapping[str, Any]], warehouse: str) -> tuple[OrderLineRecord, ...]:
    """Those with units: of a cancelled line Amazon may tell none."""
    return tuple(line for line in (_line(item, warehouse) for item in items) if line.qty)


def cancel_reason(items: Sequence[Mapping[str, Any]], stock_out_words: Sequence[str]) -> str:
    """`stock_out` where the seller could not deliver, of every line that was cancelled; else what Amazon says first; empty where none was.

    The order has one reason, and `stock_out` keeps the demand of all its cancelled lines: one that the buyer did not want takes it away.
    """
    told = [said for item in items if (said := _execution(item))]
    if not told:
        return ""
    if all(_is_stock_out(said, stock_out_words) for said in told):
        return STOCK_OUT
    other = next(said for said in told if not _is_stock_out(said, stock_out_words))
    return (text_or_empty(other, "cancelReason") or f"by {text_or_empty(other, 'cancelledBy') or 'nobody named'}").lower()[:_LONGEST_REASON]


def _execution(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who cancelled the line and why. A buyer's request is none yet."""
    return mapping(mapping(item, "cancellation"), "cancellationExecution")


def _is_stock_out(execution: Mapping[str, Any], words: Sequence[str]) -> bool:
    """Amazon's model names no reasons; the words are the account's."""
    said = text_or_empty(execution, "cancelReason").lower().replace("_", " ")
    return text_or_empty(execution, "cancelledBy").upper() == "MERCHANT" and any(word.lower().replace("_", " ") in said for word in words)


def _line(item: Mapping[str, Any], warehouse: str) -> OrderLineRecord:
    product = mapping(item, "product")
    price = mapping(mapping(product, "price"), "unitPrice")
    qty = whole(item, "quantityOrdered")
    return OrderLineRecord(
        code=text(product, "sellerSku"),
        qty=qty,
        unit_price=paid_each(_money(price), _discount(item), qty),
        line_id=text(item, "orderItemId"),
        status="cancelled" if _is_cancelled(item) else "",
        warehouse=warehouse,
    )


def _is_cancelled(item: Mapping[str, Any]) -> bool:
    """Executed, with nothing that was sent and nothing that is still to be sent. Units that are not told cancel nothing."""
    units = mapping(item, "fulfillment")
    both = (whole_or_none(units, "quantityFulfilled"), whole_or_none(units, "quantityUnfulfilled"))
    return bool(_execution(item)) and both == (0, 0)


def _money(price: Mapping[str, Any]) -> Decimal | None:
    """A pending order may have no price yet."""
    return decimal_of("unitPrice.amount", price["amount"]) if price.get("amount") not in (None, "") else None


def _discount(item: Mapping[str, Any]) -> Decimal:
    """What the buyer was let off the goods of a line: coupons and promotions, not those on its shipping."""
    parts = [each for each in objects(mapping(item, "proceeds"), "breakdowns") if text(each, "type") == "DISCOUNT"]
    off = Decimal(0)
    for part in parts:
        details = objects(part, "detailedBreakdowns")
        amounts = (
            [mapping(each, "value") for each in details if text(each, "subtype") == "ITEM"] if details else [mapping(part, "subtotal")]
        )
        off += sum((abs(_money(amount) or Decimal(0)) for amount in amounts), Decimal(0))
    return off


def paid_each(price: Decimal | None, discount: Decimal, qty: int) -> Decimal | None:
    """The price of a unit as the buyer paid it. Where more was let off than the goods cost, they were free."""
    if price is None or not discount or not qty:
        return price
    return max(price - discount / qty, Decimal(0)).quantize(_SIX_PLACES)
