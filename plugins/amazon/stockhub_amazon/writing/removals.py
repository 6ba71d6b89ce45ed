"""Removal of units from Amazon's warehouses, by feed: there is no other way. It cannot be undone; the host asks a person first."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from stockhub.pluginapi import HttpRequest
from stockhub.pluginapi.connectors import (
    ConnectorContext,
    ConnectorError,
    PushResult,
    PushStatus,
    RemovalLine,
    RequestRefusedError,
    RequestRemovals,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub_amazon.account import ShipFrom
from stockhub_amazon.calls import USER_AGENT, Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, objects, text, text_or_empty
from stockhub_amazon.reports.documents import text_of_url
from stockhub_amazon.writing.removal_orders import seen_in_report
from stockhub_amazon.writing.removal_report import results_of

FEED: Final = "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
_FEEDS: Final = "/feeds/2021-06-30"
_TYPE: Final = "text/tab-separated-values; charset=UTF-8"
_DISPOSITIONS: Final[Mapping[str, str]] = {"return": "Return", "disposal": "Disposal", "liquidation": "Liquidate"}
_COLUMNS: Final = (
    "MerchantRemovalOrderID", "RemovalDisposition", "MerchantSKU", "SellableQuantity", "UnsellableQuantity", "AddressName",
    "AddressFieldOne", "AddressFieldTwo", "AddressFieldThree", "AddressCity", "AddressCountryCode", "AddressStateOrRegion",
    "AddressPostalCode", "ContactPhoneNumber", "ShippingNotes",
)  # fmt: skip
_MEMORY: Final = "removal:"
_MOST_REPORT: Final = 1 << 20
#: Characters of a removal's id, which is the push's key.
_MOST_ID: Final = 50
#: How far Amazon's clock and ours may differ, and how long a request may have been under way.
_CLOCKS: Final = timedelta(minutes=2)
_ANSWERED_WITHIN: Final = timedelta(minutes=10)


class AmazonRemovals(RequestRemovals):
    follows_removals: ClassVar[bool] = True

    def follow_removal(self, rows: Sequence[RemovalLine], key: str, context: ConnectorContext) -> Sequence[PushResult]:
        """By the feed that was sent; what that does not tell clearly, by Amazon's report of removal orders."""
        kept = context.memory.get(_MEMORY + key) or {}
        results = _looked_at(kept, rows, context)
        if not any(result.status is PushStatus.UNKNOWN for result in results):
            return results
        note, results = seen_in_report(dict(kept), rows, results, key[:_MOST_ID], context)
        if note != kept:
            context.memory.set(_MEMORY + key, note)
        return results

    def request_removal(self, rows: Sequence[RemovalLine], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        """Asked again with the same key, it looks what became of the feed that it has sent: it never sends a second one."""
        problems = [_problem(row, account_of(context).ship_from) for row in rows]
        if any(problems):
            said = "Another line of the removal cannot be sent."
            return [PushResult(i, PushStatus.REFUSED, "not_sendable", problem or said) for i, problem in enumerate(problems)]
        if preview:
            return [PushResult(i, PushStatus.ACCEPTED, message="It can be sent; Amazon has no dry run.") for i in range(len(rows))]
        kept = context.memory.get(_MEMORY + key)
        if kept is not None:
            return self.follow_removal(rows, key, context) if "feed" in kept else _looked_for(kept, rows, context)
        return _of_all(_send(rows, key, context), rows)


def _of_all(one: PushResult, rows: Sequence[RemovalLine]) -> list[PushResult]:
    return [PushResult(i, one.status, one.code, one.message, one.reference) for i in range(len(rows))]


def _problem(row: RemovalLine, ship_from: ShipFrom | None) -> str:
    if row.disposition not in _DISPOSITIONS:
        return "The disposition is return, disposal or liquidation."
    if row.disposition == "return" and ship_from is None:
        return "Goods can only come back to a ship-from address: enter it in the account."
    if row.sellable_qty < 0 or row.unsellable_qty < 0 or not row.sellable_qty + row.unsellable_qty:
        return "A removal is of one unit at least, and of no negative number."
    if any(sign in row.code for sign in "\t\r\n"):
        return "The SKU holds a tab or a new line."
    return ""


def _send(rows: Sequence[RemovalLine], key: str, context: ConnectorContext) -> PushResult:
    try:
        document = call(context, "createFeedDocument", "POST", f"{_FEEDS}/documents", body={"contentType": _TYPE})
        document_id, url = text(document, "feedDocumentId"), text_of_url(document)
        request = HttpRequest("PUT", url, {"content-type": _TYPE, "user-agent": USER_AGENT}, removal_file(rows, key, context).encode())
        stored = context.platform.send("", request)
    except (RequestRefusedError, FieldError) as error:
        return PushResult(0, PushStatus.REFUSED, "no_document", error.message)
    if not 200 <= stored.status < 300:
        return PushResult(0, PushStatus.FAILED, f"http_{stored.status}", f"Amazon's store answered {stored.status}; nothing was removed.")
    # From here on a lost answer may mean a removal: kept first, so that it is not asked for twice.
    note = {"sent": context.now().isoformat()}
    context.memory.set(_MEMORY + key, note)
    body = {"feedType": FEED, "marketplaceIds": [account_of(context).home.marketplace_id], "inputFeedDocumentId": document_id}
    try:
        feed_id = text(call(context, "createFeed", "POST", f"{_FEEDS}/feeds", body=body), "feedId")
    except RequestRefusedError as error:
        context.memory.set(_MEMORY + key, None)
        return PushResult(0, PushStatus.REFUSED, error.code, error.message)
    except (UnavailableError, UnreadableAnswerError, FieldError) as error:
        return PushResult(0, PushStatus.UNKNOWN, "no_answer", f"{error.message} See in Seller Central whether removal {key} is there.")
    except ConnectorError:
        context.memory.set(_MEMORY + key, None)
        raise
    context.memory.set(_MEMORY + key, {**note, "feed": feed_id})
    return PushResult(0, PushStatus.ACCEPTED, message="Amazon works on the removal.", reference=feed_id)


def removal_file(rows: Sequence[RemovalLine], key: str, context: ConnectorContext) -> str:
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\r\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(_COLUMNS)
    for row in rows:
        home = account_of(context).ship_from if row.disposition == "return" else None
        where = (
            [home.name, home.address_line, "", "", home.city, home.country_code, home.state, home.postal_code, home.phone]
            if home
            else [""] * 9
        )
        writer.writerow([key[:_MOST_ID], _DISPOSITIONS[row.disposition], row.code, row.sellable_qty, row.unsellable_qty, *where, ""])
    return written.getvalue()


def _looked_for(kept: Mapping[str, Any], rows: Sequence[RemovalLine], context: ConnectorContext) -> list[PushResult]:
    """At once, for a feed whose answer was lost: Amazon's list of feeds does not tell of which document one was made.

    The only removal of those minutes, with a report of just these rows, is likely ours: its rows are accepted, and `follow_removal` proves
    each by its id. Anything else stays unknown.
    """
    unknown = f"The removal was sent at {kept.get('sent')} and no answer came."
    try:
        sent = datetime.fromisoformat(kept["sent"])
        query: Query = {
            "feedTypes": FEED, "createdSince": _iso(sent - _CLOCKS), "createdUntil": _iso(sent + _ANSWERED_WITHIN), "pageSize": 10
        }  # fmt: skip
        feeds = objects(call(context, "getFeeds", "GET", f"{_FEEDS}/feeds", query=query), "feeds")
        found = [(text(feed, "feedId"), text(feed, "processingStatus"), text_or_empty(feed, "resultFeedDocumentId")) for feed in feeds]
        if len(found) == 1 and found[0][1] == "DONE":
            return [_likely(result) for result in _results(found[0][0], found[0][2], rows, context)]
    except (ConnectorError, FieldError) as error:
        return _of_all(PushResult(0, PushStatus.UNKNOWN, "no_answer", f"{unknown} It could not be looked for: {error.message}"), rows)
    said = f"{unknown} Amazon lists {len(found)} removals of those minutes, {_said(found)}. See in Seller Central whether it is there."
    return _of_all(PushResult(0, PushStatus.UNKNOWN, "no_answer", said), rows)


def _likely(result: PushResult) -> PushResult:
    """What is taken may be told before it is proved; what is refused may not be asked for again before."""
    if result.status is PushStatus.APPLIED:
        said = "Amazon took a removal of just these rows in those minutes; its report of removal orders will name this one."
        return PushResult(result.index, PushStatus.ACCEPTED, "", said)
    return PushResult(result.index, PushStatus.UNKNOWN, result.code, result.message)


def _said(found: Sequence[tuple[str, str, str]]) -> str:
    return ", ".join(f"{feed_id} {status}" for feed_id, status, _document in found[:3]) or "none"


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _looked_at(kept: Mapping[str, Any], rows: Sequence[RemovalLine], context: ConnectorContext) -> list[PushResult]:
    if "feed" not in kept:
        said = (
            f"The removal was sent at {kept.get('sent', 'an unknown time')} and no answer came. See in Seller Central whether it is there."
        )
        return _of_all(PushResult(0, PushStatus.UNKNOWN, "no_answer", said), rows)
    feed_id = str(kept["feed"])
    try:
        answer = call(context, "getFeed", "GET", _FEEDS + path_of("feeds", feed_id))
        status = text(answer, "processingStatus")
        if status == "DONE":
            return _results(feed_id, text_or_empty(answer, "resultFeedDocumentId"), rows, context)
    except (ConnectorError, FieldError) as error:
        return _of_all(PushResult(0, PushStatus.ACCEPTED, "not_looked_at", error.message, feed_id), rows)
    if status in ("CANCELLED", "FATAL"):
        said = f"Amazon ended the removal's feed as {status}: see Seller Central, then ask for the removal anew."
        return _of_all(PushResult(0, PushStatus.FAILED, f"feed_{status.lower()}", said, feed_id), rows)
    return _of_all(PushResult(0, PushStatus.ACCEPTED, message="Amazon works on the removal.", reference=feed_id), rows)


def _results(feed_id: str, document_id: str, rows: Sequence[RemovalLine], context: ConnectorContext) -> list[PushResult]:
    """The processing report says which records Amazon took, and why not the others."""
    if not document_id:
        said = "Amazon is done and gave no report of it. See in Seller Central which units are being removed."
        return _of_all(PushResult(0, PushStatus.UNKNOWN, "no_report", said, feed_id), rows)
    document = call(context, "getFeedDocument", "GET", _FEEDS + path_of("documents", document_id))
    with io.BytesIO() as into:
        request = HttpRequest("GET", text_of_url(document), {"user-agent": USER_AGENT})
        response = context.platform.download("", request, into, most_bytes=_MOST_REPORT)
        body = into.getvalue()
    if response.status != 200:
        said = f"The removal's report answered {response.status}."
        return _of_all(PushResult(0, PushStatus.ACCEPTED, "not_looked_at", said, feed_id), rows)
    return results_of(_unpacked(body).decode("utf-8", "replace"), rows, feed_id)


def _unpacked(body: bytes) -> bytes:
    """A megabyte of it at most: a report of a removal is a page."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, _MOST_REPORT)
    except zlib.error:
        raise UnreadableAnswerError("The removal's report cannot be unpacked.", code="bad_gzip") from None
