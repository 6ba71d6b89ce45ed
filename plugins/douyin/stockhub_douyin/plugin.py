"""The entry point: who this plugin is and what it brings: a connector and a fee schedule."""

from __future__ import annotations

from collections.abc import Iterable

from stockhub.pluginapi import (
    FeeSchedule,
    HealthCheck,
    HealthRequest,
    Manifest,
    ManifestRequest,
    MarketplaceConnector,
    RegisterRequest,
    hookimpl,
)
from stockhub.values import Label
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.fees.schedule import DouyinFees
from stockhub_douyin.health import check_signatures


@hookimpl
def stockhub_manifest(request: ManifestRequest) -> Manifest:  # noqa: ARG001  every host gets the same answer
    return Manifest(
        slug="douyin",
        name=Label("Douyin shop", "抖店"),
        version="0.1.0",
        requires_api=">=1.0,<2",
        description=Label(
            "Orders, returns, listings, stock, warehouses and scores of Douyin shops; stock, prices and promises to ship written back.",
            "读取抖店的订单、售后退货、商品、库存、仓库与体验分；回写库存、价格与发货时效。",
        ),
    )


@hookimpl
def stockhub_register_marketplaces(request: RegisterRequest) -> Iterable[MarketplaceConnector]:  # noqa: ARG001  every host gets the same answer
    return [DouyinConnector()]


@hookimpl
def stockhub_register_fee_schedules(request: RegisterRequest) -> Iterable[FeeSchedule]:  # noqa: ARG001  every host gets the same answer
    return [DouyinFees()]


@hookimpl
def stockhub_health(request: HealthRequest) -> Iterable[HealthCheck]:  # noqa: ARG001  nothing of it depends on the configuration
    return check_signatures()
