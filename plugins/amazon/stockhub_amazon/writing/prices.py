"""Prices of offers. A replaced offer loses what is not named, so that the whole of it is sent back with the one number changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stockhub.pluginapi.connectors import ConnectorContext, PricePush, PushPrices, PushResult, PushStatus, RequestRefusedError
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import FieldError, mapping, objects
from stockhub_amazon.reading.offers import home_price
from stockhub_amazon.writing.patches import offer_of, patch


class AmazonPrices(PushPrices):
    most_price_rows = 20

    def push_prices(self, rows: Sequence[PricePush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ARG002
        """A price is set: a repetition changes nothing, and what stands there already is not sent again."""
        return [_push(index, row, context, preview=preview) for index, row in enumerate(rows)]


def _whole(offer: Mapping[str, Any], marketplace_id: str, currency: str) -> dict[str, Any]:
    """The offer to all buyers as it stands, discounts and bounds with it."""
    for each in objects(mapping(offer, "attributes"), "purchasable_offer"):
        if each.get("marketplace_id") == marketplace_id and each.get("audience", "ALL") == "ALL":
            return dict(each)
    return {"marketplace_id": marketplace_id, "currency": currency, "audience": "ALL"}


def _push(index: int, row: PricePush, context: ConnectorContext, *, preview: bool) -> PushResult:
    home = account_of(context).home
    if row.currency != home.site.currency:
        return PushResult(
            index, PushStatus.REFUSED, "currency", f"Prices on {home.site.code} are in {home.site.currency}, not {row.currency}."
        )
    try:
        offer = offer_of(row.code, context)
        shown = home_price(offer, home.marketplace_id)
        whole = _whole(offer, home.marketplace_id, row.currency)
    except RequestRefusedError as error:
        return PushResult(index, PushStatus.REFUSED, error.code, error.message)
    except FieldError as error:
        return PushResult(index, PushStatus.FAILED, "bad_field", error.message)
    if shown is not None and shown[0] == row.price:
        return PushResult(index, PushStatus.UNCHANGED)
    value = [{**whole, "our_price": [{"schedule": [{"value_with_tax": row.price}]}]}]
    change = {"op": "replace", "path": "/attributes/purchasable_offer", "value": value}
    return patch(index, row.code, change, context, preview=preview)
