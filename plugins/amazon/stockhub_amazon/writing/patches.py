"""Patches of a listing: previewed by Amazon's own dry run, or sent and read back later, since accepted is not applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    PushResult,
    PushStatus,
    RequestRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, objects, text, text_or_empty

#: Amazon takes it for every product type, in practice.
_PRODUCT_TYPE: Final = "PRODUCT"


def offer_of(sku: str, context: ConnectorContext) -> Mapping[str, Any]:
    """The offer as Amazon shows it now."""
    config = account_of(context)
    query: Query = {
        "marketplaceIds": config.home.marketplace_id,
        "includedData": ["summaries", "attributes", "offers", "fulfillmentAvailability"],
    }
    path = "/listings/2021-08-01" + path_of("items", config.seller_id, sku)
    return call(context, "getListingsItem", "GET", path, query=query)


def patch(index: int, sku: str, change: Mapping[str, Any], context: ConnectorContext, *, preview: bool) -> PushResult:
    """The result of one patch. An answer that does not come or cannot be read leaves it unknown: it is read back, not sent again."""
    config = account_of(context)
    query: Query = {"marketplaceIds": config.home.marketplace_id, "mode": "VALIDATION_PREVIEW" if preview else None}
    body = {"productType": _PRODUCT_TYPE, "patches": [dict(change)]}
    path = "/listings/2021-08-01" + path_of("items", config.seller_id, sku)
    try:
        answer = call(context, "patchListingsItem", "PATCH", path, query=query, body=body)
    except RequestRefusedError as error:
        return PushResult(index, PushStatus.REFUSED, error.code, error.message)
    except (UnavailableError, UnreadableAnswerError) as error:
        status = PushStatus.FAILED if preview else PushStatus.UNKNOWN
        return PushResult(index, status, error.code, f"{error.message} Whether Amazon took it has to be read back.")
    try:
        return _result(index, answer)
    except FieldError as error:
        return PushResult(index, PushStatus.FAILED if preview else PushStatus.UNKNOWN, "bad_field", error.message)


def _result(index: int, answer: Mapping[str, Any]) -> PushResult:
    status, reference = text(answer, "status"), text_or_empty(answer, "submissionId")
    problems = [
        f"{text_or_empty(i, 'code')}: {text_or_empty(i, 'message')}" for i in objects(answer, "issues") if i.get("severity") == "ERROR"
    ]
    said = "; ".join(problems)[:500]
    if status == "INVALID":
        return PushResult(index, PushStatus.REFUSED, "invalid", said or "Amazon calls the change invalid and does not say why.", reference)
    if status not in ("ACCEPTED", "VALID"):
        raise FieldError("status", f"Amazon says {status[:30]} of the change, which is not known here.")
    return PushResult(index, PushStatus.ACCEPTED, message=said, reference=reference)
