"""Walking through all products with their variants: one call a page of products, one more a product."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Generic, TypeVar

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    ConnectorError,
    Page,
    ReadRequest,
    Rejected,
    RequestRefusedError,
    UnreadableAnswerError,
)
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, checked_rows, identifier, rows_of, whole

LIST, VARIANTS = "product.listV2", "sku.list"
SIZE: Final = 100
#: page × size may be no more; beyond, products are asked for by the time of their creation.
DEEPEST: Final = 10_000
#: Products whose records go into one page: each costs a call.
PRODUCTS_A_PAGE: Final = 20
#: No product is older than the marketplace.
_FIRST_DAY: Final = 1_500_000_000
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the walk is: a window of times of creation (0 and 0: all), a page of it, and how many products of that are done."""

    since: int = 0
    until: int = 0
    page: int = 1
    done: int = 0

    def cursor(self) -> str:
        return json.dumps([self.since, self.until, self.page, self.done])


@dataclass(frozen=True, slots=True)
class Records(Generic[R]):
    """What became of one product."""

    records: Sequence[R] = ()
    rejected: Sequence[Rejected] = ()


#: What a product and its variants become.
ToRecords = Callable[[Facts, Sequence[Facts], datetime], Records[R]]


def read_catalogue(request: ReadRequest, context: ConnectorContext, to_records: ToRecords[R]) -> Iterator[Page[R]]:
    """Pages of some products each. What was read before an error is handed on first, so that nothing is asked for again."""
    client, shelf = DouyinClient(context), _shelf_of(request)
    records: list[R] = []
    rejected: list[Rejected] = []
    try:
        for product, following, total in _products(client, shelf):
            if product is not None:
                found = _records_of(client, product, to_records)
                records += found.records
                rejected += found.rejected
            shelf = following
            is_last = product is None
            if is_last or shelf.done % PRODUCTS_A_PAGE == 0:
                done = None if shelf.until else (shelf.page - 1) * SIZE + shelf.done
                # After the last product the walk begins anew.
                cursor = Shelf().cursor() if is_last else shelf.cursor()
                yield Page(
                    records, cursor, data_until=context.now() if is_last else None, rejected=rejected, is_last=is_last, done=done,
                    total=None if shelf.until else total,
                )  # fmt: skip
                records, rejected = [], []
    except ConnectorError:
        if records or rejected:
            yield Page(records, shelf.cursor(), rejected=rejected)
        raise


def products_by_id(client: DouyinClient, product_ids: Sequence[str]) -> list[Facts]:
    """Some products, at most a hundred."""
    return rows_of(client.read(LIST, {"page": 1, "size": SIZE, "product_id": [int(each) for each in product_ids]}), "data", LIST)


def records_of_product(client: DouyinClient, product: Facts, to_records: ToRecords[R]) -> Records[R]:
    """What one product becomes, its variants asked for."""
    return _records_of(client, product, to_records)


def _records_of(client: DouyinClient, product: Facts, to_records: ToRecords[R]) -> Records[R]:
    product_id = ""
    try:
        product_id = identifier(product, "product_id")
        found = client.read(VARIANTS, {"product_id": int(product_id)})
        variants = checked_rows(found, f"{VARIANTS}: the answer is no list of variants.")
        return to_records(product, variants, client.context.now())
    except FieldError as error:
        return Records(rejected=[Rejected(product_id, f"field_{error.name}"[:60], error.message)])
    except RequestRefusedError as error:
        if error.code in {"no_permission", "operation_gone"}:
            raise
        return Records(rejected=[Rejected(product_id, error.code, error.message)])


def _shelf_of(request: ReadRequest) -> Shelf:
    if not request.cursor:
        return Shelf()
    try:
        since, until, page, done = json.loads(request.cursor)
        return Shelf(int(since), int(until), int(page), int(done))
    except (ValueError, TypeError) as error:
        raise UnreadableAnswerError(f"The stored cursor {request.cursor[:60]!r} cannot be read.", code="cursor") from error


def _products(client: DouyinClient, shelf: Shelf) -> Iterator[tuple[Facts | None, Shelf, int]]:
    """Each product and where the walk is after it; None at its end."""
    end = int(client.context.now().timestamp()) + 1
    while True:
        rows, total = _page(client, shelf)
        if total > DEEPEST and (not shelf.until or shelf.until - shelf.since > 1):
            since, until = (shelf.since, shelf.until) if shelf.until else (_FIRST_DAY, end)
            shelf = Shelf(since, since + max((until - since) // 2, 1))
            continue
        first = shelf.done
        for product in rows[first:]:
            shelf = replace(shelf, done=shelf.done + 1)
            yield product, shelf, total
        if (shelf.page - 1) * SIZE + len(rows) < total:
            if len(rows) < SIZE:
                raise UnreadableAnswerError(f"{LIST} gives {len(rows)} products of a page that is not the last.", code="short_page")
            shelf = replace(shelf, page=shelf.page + 1, done=0)
        elif shelf.until and shelf.until < end:
            shelf = Shelf(shelf.until, end)
        else:
            yield None, shelf, total
            return


def _page(client: DouyinClient, shelf: Shelf) -> tuple[list[Facts], int]:
    params: dict[str, int] = {"page": shelf.page, "size": SIZE}
    if shelf.until:
        # Neither end of such a window belongs to it.
        params |= {"start_time": shelf.since - 1, "end_time": shelf.until}
    data = client.read(LIST, params)
    rows = rows_of(data, "data", LIST)
    try:
        return rows, whole(data, "total")
    except FieldError as error:
        raise UnreadableAnswerError(f"{LIST}: {error.message}", code="renamed_field") from error
