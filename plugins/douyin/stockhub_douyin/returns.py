"""Goods that came back, of after-sales by the time of their last change. A refund without goods is no return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, Rejected
from stockhub.pluginapi.records import ReturnRecord
from stockhub_douyin.account import DouyinAccountConfig, LineCode
from stockhub_douyin.after_sales import SUCCESS, part, search, update_time_of
from stockhub_douyin.changes import read_pages
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, count, identifier, identifier_or_none, instant, text_of, whole, whole_or
from stockhub_douyin.order_records import line_code
from stockhub_douyin.orders import order_lines
from stockhub_douyin.windows import SIZE, Slice, place_of, read_changes


def read_returns(request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ReturnRecord]]:
    """Pages of a hundred after-sales at most."""
    client = DouyinClient(context)
    yield from read_pages(client, request, lambda *asked: search(client, *asked), update_time_of, lambda rows: return_records(rows, client))


def return_records(items: Sequence[Facts], client: DouyinClient) -> tuple[list[ReturnRecord], list[Rejected]]:
    """A record of each line that came back, and what could not be read."""
    records: list[ReturnRecord] = []
    rejected: list[Rejected] = []
    for item in items:
        info = part(item, "aftersale_info")
        try:
            records += _records(info, item, client)
        except FieldError as error:
            kept = {name: info[name] for name in ("aftersale_type", "aftersale_status", "update_time") if type(info.get(name)) is int}
            rejected.append(Rejected(identifier_or_none(info, "aftersale_id"), f"field_{error.name}"[:60], error.message, kept))
    return records, rejected


def after_sales_since(client: DouyinClient, since: int, wanted: set[str]) -> tuple[list[ReturnRecord], list[Rejected]]:
    """What came back of some after-sales that changed since then; of those that are not found, polling tells."""
    now = client.context.now()
    place = place_of(ReadRequest(since=datetime.fromtimestamp(since, UTC)), now, client.config)
    found: list[Facts] = []
    missing = set(wanted)

    def found_in(since: int, until: int, page: int) -> Slice:
        return search(client, since, until, page, SIZE)

    for step in read_changes(found_in, update_time_of, place, now, client.config):
        for item in step.rows:
            aftersale_id = identifier_or_none(part(item, "aftersale_info"), "aftersale_id")
            if aftersale_id in missing:
                missing.discard(aftersale_id)
                found.append(item)
        if not missing:
            break
    return return_records(found, client)


def _records(info: Facts, item: Facts, client: DouyinClient) -> list[ReturnRecord]:
    config = client.config
    if not _came_back(info, config):
        return []
    order = part(item, "order_info")
    lines = order.get("related_order_info")
    if not isinstance(lines, list) or not lines or any(not isinstance(line, dict) for line in lines):
        raise FieldError("related_order_info", "The after-sale names no line of an order.")
    aftersale_id = identifier(info, "aftersale_id")
    records = []
    for number, line in enumerate(lines):
        code, kind = _code(line, order, client)
        units = count(line, "aftersale_item_num") or count(info, "aftersale_num")
        records.append(
            ReturnRecord(
                external_id=aftersale_id if len(lines) == 1 else f"{aftersale_id}/{number}",
                code=code, code_kind=kind, qty=units, returned_at=instant(info, "update_time"), grade=config.return_grade,
                order_external_id=identifier_or_none(order, "shop_order_id"), warehouse=config.return_warehouse, reason=_reason(info),
            )
        )  # fmt: skip
    return records


def _came_back(info: Facts, config: DouyinAccountConfig) -> bool:
    """The parcel is here (`got_pkg`); where the platform does not say, the after-sale of such a kind succeeded."""
    if whole(info, "aftersale_type") not in config.returning_types:
        return False
    if info.get("got_pkg") in (None, ""):
        return whole(info, "aftersale_status") == SUCCESS
    return whole_or(info, "got_pkg", 0) == 1


def _code(line: Facts, order: Facts, client: DouyinClient) -> tuple[str, str]:
    """After-sales name the seller's own code; where that is not the one that counts, the order tells the variant."""
    code = text_of(line, "shop_sku_code", 120)
    if code and client.config.line_code is LineCode.MERCHANT_CODE:
        return code, "sku"
    order_id, line_id = identifier(order, "shop_order_id"), identifier(line, "sku_order_id")
    for child in order_lines(client, order_id):
        if identifier_or_none(child, "order_id") == line_id:
            return line_code(child, client.config, "sku_id")
    raise FieldError("sku_order_id", f"Order {order_id} has no line {line_id}.")


def _reason(info: Facts) -> str:
    """The platform's own name of the reason: a choice of a list, no words of a buyer."""
    labels = info.get("reason_second_labels")
    first = labels[0] if isinstance(labels, list) and labels and isinstance(labels[0], dict) else {}
    return text_of(first, "name", 60)
