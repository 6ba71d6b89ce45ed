"""Quantities of offers that the merchant ships himself. Amazon counts its own stock: setting it would turn the offer's channel over."""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, PushStock, RequestRefusedError, StockPush
from stockhub_amazon.fields import FieldError, objects, whole_or_none
from stockhub_amazon.reading.offers import is_fulfilled_by_amazon
from stockhub_amazon.reading.shown_stock import MERCHANT
from stockhub_amazon.writing.patches import offer_of, patch


class AmazonQuantities(PushStock):
    most_stock_rows = 20

    def push_stock(self, rows: Sequence[StockPush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ARG002
        """A quantity is set, not moved, so that a repetition changes nothing: what stands there already is not sent again."""
        return [_push(index, row, context, preview=preview) for index, row in enumerate(rows)]


def _push(index: int, row: StockPush, context: ConnectorContext, *, preview: bool) -> PushResult:
    try:
        offer = offer_of(row.code, context)
        by_amazon = is_fulfilled_by_amazon(offer)
        channels = objects(offer, "fulfillmentAvailability")
        shown = next((whole_or_none(c, "quantity") for c in channels if c.get("fulfillmentChannelCode") == MERCHANT), None)
    except RequestRefusedError as error:
        return PushResult(index, PushStatus.REFUSED, error.code, error.message)
    except FieldError as error:
        return PushResult(index, PushStatus.FAILED, "bad_field", error.message)
    if by_amazon is not False:
        said = "Amazon ships this offer and counts its stock" if by_amazon else "Amazon does not say who ships this offer"
        return PushResult(index, PushStatus.REFUSED, "not_merchant_fulfilled", f"{said}: its quantity cannot be set.")
    if shown == row.qty:
        return PushResult(index, PushStatus.UNCHANGED)
    if row.was is not None and shown is not None and shown != row.was:
        return PushResult(
            index, PushStatus.REFUSED, "changed_meanwhile", f"Amazon shows {shown}, not {row.was}: orders came in between. Decide anew."
        )
    value = [{"fulfillment_channel_code": MERCHANT, "quantity": row.qty}]
    # Merged: `replace` would drop what is not named, such as the handling time.
    change = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    return patch(index, row.code, change, context, preview=preview)
