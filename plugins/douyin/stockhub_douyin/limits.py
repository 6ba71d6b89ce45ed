"""How many calls each operation may make. No source gives a number: these are cautious, and an account's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockhub.pluginapi.connectors import RateLimit
from stockhub_douyin.account import DouyinAccountConfig

READS: Final = (
    "order.searchList", "order.orderDetail", "product.listV2", "sku.list", "sku.detail", "sku.stockNum", "afterSale.List", "warehouse.list",
    "shop.reputation",
)  # fmt: skip
WRITES: Final = ("sku.syncStock", "sku.syncStockBatchMultiProducts", "sku.editPrice", "promise.setSkuShipTime")


def limits_of(config: DouyinAccountConfig) -> Mapping[str, RateLimit]:
    """A bucket for each operation; what an account says of one counts before what it says of all."""
    rates = dict.fromkeys(READS, config.reads_per_second) | dict.fromkeys(WRITES, config.writes_per_second)
    rates |= {operation: rate for operation, rate in config.rates.items() if operation in rates}
    return {operation: RateLimit(rate, max(1, int(rate))) for operation, rate in rates.items()}
