"""The connector of the bench platform: every write that there is, and reads to see what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel

from stockhub.pluginapi import HttpRequest, MarketplaceConnector, Site
from stockhub.pluginapi.connectors import (
    ConnectorContext,
    DraftInboundPlans,
    InboundPlanLine,
    Page,
    PricePush,
    PushPrices,
    PushResult,
    PushShipTimes,
    PushStatus,
    PushStock,
    ReadPrices,
    ReadRequest,
    ReadStock,
    RemovalLine,
    RequestRemovals,
    ShipTimePush,
    StockPush,
    json_object,
    raise_for_pressure,
)
from stockhub.pluginapi.records import ListingRecord, StockCountRecord
from stockhub.values import Label


class BenchConfig(BaseModel):
    base_url: str


class BenchConnector(MarketplaceConnector, PushStock, PushPrices, PushShipTimes, DraftInboundPlans, RequestRemovals, ReadStock, ReadPrices):
    slug: ClassVar[str] = "bench"
    name: ClassVar[Label] = Label("Bench", "测试台")
    sites: ClassVar[tuple[Site, ...]] = (Site("CN", Label("China", "中国"), "Asia/Shanghai", "CNY"),)
    account_config_model: ClassVar[type[BaseModel]] = BenchConfig
    most_stock_rows: ClassVar[int] = 2

    def push_stock(self, rows: Sequence[StockPush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return _push("stock", [{"code": r.code, "qty": r.qty, "was": r.was} for r in rows], key, context, preview=preview)

    def push_prices(self, rows: Sequence[PricePush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return _push("price", [{"code": r.code, "price": str(r.price)} for r in rows], key, context, preview=preview)

    def push_ship_times(self, rows: Sequence[ShipTimePush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        told = [{"code": r.code, "days": r.days, "presale_until": r.presale_until.isoformat() if r.presale_until else None} for r in rows]
        return _push("ship_time", told, key, context, preview=preview)

    def draft_inbound_plan(self, rows: Sequence[InboundPlanLine], key: str, context: ConnectorContext, *, preview: bool) -> PushResult:
        told = _push("inbound", [{"code": row.code, "qty": row.qty} for row in rows], key, context, preview=preview)
        return PushResult(0, told[0].status, reference=f"plan-{len(rows)}")

    def request_removal(self, rows: Sequence[RemovalLine], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return _push("removal", [{"code": r.code, "qty": r.sellable_qty} for r in rows], key, context, preview=preview)

    def read_stock(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
        now = context.now()
        told = _ask("/stock", {"codes": list(request.codes)}, context)
        yield Page([StockCountRecord(code, "", (("available", qty),), now) for code, qty in told.items()], "end", is_last=True)

    def read_prices(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
        now = context.now()
        told = _ask("/prices", {"codes": list(request.codes)}, context)
        records = [ListingRecord(code, now, effective_price=Decimal(price), currency="CNY") for code, price in told.items()]
        yield Page(records, "end", is_last=True)


def _push(kind: str, rows: list[dict[str, Any]], key: str, context: ConnectorContext, *, preview: bool) -> list[PushResult]:
    told = _ask(f"/push/{kind}", {"rows": rows, "key": key, "preview": preview}, context)
    return [
        PushResult(each["index"], PushStatus(each["status"]), each.get("code", ""), each.get("message", ""), each.get("reference", ""))
        for each in told["results"]
    ]


def _ask(path: str, body: dict[str, Any], context: ConnectorContext) -> Mapping[str, Any]:
    config: Any = context.config
    request = HttpRequest("POST", config.base_url + path, {"Content-Type": "application/json"}, json.dumps(body).encode())
    response = context.platform.send(path.strip("/").replace("/", "."), request)
    raise_for_pressure(response, context.now())
    return json_object(response)
