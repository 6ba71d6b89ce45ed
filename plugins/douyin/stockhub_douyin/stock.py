"""What Douyin shows for sale of each variant, by its buckets, and by warehouse where it sells by region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, Rejected, RequestRefusedError
from stockhub.pluginapi.records import StockCountRecord
from stockhub_douyin.account import DouyinAccountConfig, ShownStock
from stockhub_douyin.catalogue import Records, read_catalogue
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, count, identifier_or_none, whole_or
from stockhub_douyin.order_records import line_code
from stockhub_douyin.variants import REGIONAL, ask

ONE: Final = "sku.stockNum"


@dataclass(frozen=True, slots=True)
class StockBuckets:
    """Units of a variant. `total` is what is for sale now: `normal`, and what is kept for an `activity` or a `channel` such as a live room.

    `ahead` may be sold before it is there (阶梯库存), and is no stock. `held` are taken by orders that have not left. `regional` and
    `held_regional` are by the platform's codes of warehouses, of a variant that is sold by region: its other numbers are 0.
    """

    total: int
    normal: int
    activity: int
    channel: int
    ahead: int
    held: int
    regional: Mapping[str, int] = field(default_factory=dict)
    held_regional: Mapping[str, int] = field(default_factory=dict)
    is_regional: bool = False


def read_stock(request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
    """All variants of all products, or those of `codes` alone."""
    client = DouyinClient(context)
    if request.codes:
        yield _named(client, request.codes)
        return

    def to_records(_product: Facts, variants: Sequence[Facts], at: datetime) -> Records[StockCountRecord]:
        records: list[StockCountRecord] = []
        rejected: list[Rejected] = []
        for variant in variants:
            found = _told(variant, client.config, at)
            records += found.records
            rejected += found.rejected
        return Records(records, rejected)

    yield from read_catalogue(request, context, to_records)


def buckets_of(row: Facts) -> StockBuckets:
    """From `sku.list` or `sku.stockNum`, which call the map of warehouses by different names. FieldError for a number that is missing."""
    is_regional = whole_or(row, "sku_type", 0) == REGIONAL
    if is_regional:
        places = _map(row, "stock_num_map" if "stock_num_map" in row else "stock_map")
        return StockBuckets(0, 0, 0, 0, 0, 0, places, _map(row, "prehold_stock_map", optional=True), is_regional=True)
    normal, activity = count(row, "normal_stock_num"), count(row, "prom_stock_num")
    return StockBuckets(
        count(row, "stock_num"),
        normal,
        activity,
        count(row, "channel_stock_num"),
        count(row, "step_stock_num"),
        count(row, "prehold_stock_num"),
    )


def stock_records(row: Facts, config: DouyinAccountConfig, at: datetime) -> list[StockCountRecord]:
    """One count a warehouse: what is available and what is reserved. Without a warehouse it is the shop's one number."""
    code, kind = line_code(row, config, "id", "sku_id")
    buckets = buckets_of(row)
    if buckets.is_regional:
        return [
            StockCountRecord(code, config.warehouse_codes.get(place, place), _quantities(units, buckets.held_regional.get(place)), at, kind)
            for place, units in sorted(buckets.regional.items())
        ]
    shown = buckets.total if config.shown_stock is ShownStock.TOTAL else buckets.normal
    return [StockCountRecord(code, config.shop_warehouse, _quantities(shown, buckets.held), at, kind)]


def _quantities(available: int, held: int | None) -> tuple[tuple[str, int], ...]:
    """What is not told is left out: it is unknown, not 0."""
    return (("available", available),) if held is None else (("available", available), ("reserved", held))


def _map(row: Facts, name: str, *, optional: bool = False) -> dict[str, int]:
    found: Any = row.get(name)
    if found is None and optional:
        return {}
    if not isinstance(found, dict) or not (found or optional):
        raise FieldError(name, f"{name} names no warehouse, although the variant is sold by region.")
    return {str(place): count(found, place) for place in found}


def _told(row: Facts, config: DouyinAccountConfig, at: datetime, asked: str = "") -> Records[StockCountRecord]:
    try:
        return Records(stock_records(row, config, at))
    except FieldError as error:
        name = asked or identifier_or_none(row, "id", "sku_id")
        return Records(rejected=[Rejected(name, f"field_{error.name}"[:60], error.message)])


def _named(client: DouyinClient, codes: Sequence[str]) -> Page[StockCountRecord]:
    records: list[StockCountRecord] = []
    rejected: list[Rejected] = []
    for code in codes:
        try:
            found = _told(ask(client, ONE, code), client.config, client.context.now(), code)
            records += found.records
            rejected += found.rejected
        except RequestRefusedError as error:
            rejected.append(Rejected(code, error.code, error.message))
    return Page(records, "", rejected=rejected, is_last=True)
