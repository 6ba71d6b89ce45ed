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
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fees.schedule import AmazonFees
from stockhub_amazon.health import check_all


@hookimpl
def stockhub_manifest(request: ManifestRequest) -> Manifest:  # noqa: ARG001  every host gets the same answer
    return Manifest(
        slug="amazon",
        name=Label("Amazon", "亚马逊"),
        version="0.1.0",
        requires_api=">=1.0,<2",
        description=Label(
            "Amazon seller accounts over the Selling Partner API: stock, orders, reports, shipments, fees and prices.",
            "通过 Selling Partner API 接入亚马逊卖家账号：库存、订单、报告、货件、费用与价格。",
        ),
    )


@hookimpl
def stockhub_register_marketplaces(request: RegisterRequest) -> Iterable[MarketplaceConnector]:  # noqa: ARG001  every host gets the same answer
    return [AmazonConnector()]


@hookimpl
def stockhub_register_fee_schedules(request: RegisterRequest) -> Iterable[FeeSchedule]:  # noqa: ARG001  every host gets the same answer
    return [AmazonFees()]


@hookimpl
def stockhub_health(request: HealthRequest) -> Iterable[HealthCheck]:
    return check_all(request.context.now())
