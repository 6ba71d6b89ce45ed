"""Orders by the time of their last change, those whose money went back by that of their after-sale, and single ones by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stockhub.pluginapi import OrderRecord
from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, Rejected, RequestRefusedError, UnreadableAnswerError
from stockhub_douyin import refunds
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, rows_of, whole
from stockhub_douyin.order_records import VERSIONS_A_SECOND, order_records
from stockhub_douyin.windows import Slice

SEARCH, DETAIL = "order.searchList", "order.orderDetail"


def read_orders(request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
    """Pages of a hundred at most. With `codes`, those are numbers of orders."""
    client = DouyinClient(context)
    if request.codes:
        yield _named(client, request.codes)
        return
    yield from refunds.behind(client, request, lambda *asked: _search(client, *asked), lambda *asked: one_order(client, *asked))


def one_order(client: DouyinClient, order_id: str, changed: int = 0) -> tuple[list[OrderRecord], list[Rejected]]:
    """An order as it is now. An order that the platform refuses to tell of is set apart with its reason.

    `changed`: when something of it changed, in seconds, which its own time of change need not tell.
    """
    try:
        records, rejected = order_records([_detail(client, order_id)], client.config)
        return [replace(record, version=max(record.version, changed * VERSIONS_A_SECOND)) for record in records], rejected
    except RequestRefusedError as error:
        if error.code in {"no_permission", "operation_gone"}:
            raise
        return [], [Rejected(order_id, error.code, error.message)]


def order_lines(client: DouyinClient, order_id: str) -> list[Facts]:
    """The lines of an order as the platform tells them."""
    return rows_of(_detail(client, order_id), "sku_order_list", DETAIL)


def _detail(client: DouyinClient, order_id: str) -> Facts:
    data = client.read(DETAIL, {"shop_order_id": order_id})
    detail = data.get("shop_order_detail") if isinstance(data, dict) else None
    if not isinstance(detail, dict):
        raise UnreadableAnswerError(f"{DETAIL}: the answer has no shop_order_detail.", code="renamed_field")
    return detail


def _named(client: DouyinClient, order_ids: tuple[str, ...]) -> Page[OrderRecord]:
    records: list[OrderRecord] = []
    rejected: list[Rejected] = []
    for order_id in order_ids:
        found, refused = one_order(client, order_id)
        records += found
        rejected += refused
    return Page(records, "", rejected=rejected, is_last=True)


def _search(client: DouyinClient, since: int, until: int, page: int, size: int) -> Slice:
    data = client.read(
        SEARCH,
        {"update_time_start": since, "update_time_end": until, "order_by": "update_time", "order_asc": True, "page": page, "size": size},
    )
    rows = rows_of(data, "shop_order_list", SEARCH)
    try:
        return Slice(rows, whole(data, "total"))
    except FieldError as error:
        raise UnreadableAnswerError(f"{SEARCH}: {error.message}", code="renamed_field") from error
