"""What the platform offers: a function a method, with the limits that its documentation gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from stockhub_douyin.fake.methods import aftersales, orders, products, shop, skus, stock
from stockhub_douyin.fake.world import World

Method = Callable[[World, dict[str, Any]], Any]

#: Names are case-sensitive and irregular.
METHODS: Final[dict[str, Method]] = {
    "order.searchList": orders.search,
    "order.orderDetail": orders.detail,
    "product.listV2": products.listed,
    "product.detail": products.detail,
    "sku.list": skus.listed,
    "sku.detail": skus.detail,
    "sku.stockNum": skus.stock_num,
    "sku.editPrice": skus.edit_price,
    "sku.syncStock": stock.sync,
    "sku.syncStockBatch": stock.sync_batch,
    "sku.syncStockBatchMultiProducts": stock.sync_many_products,
    "promise.setSkuShipTime": skus.set_ship_time,
    "promise.deliveryList": skus.delivery_list,
    "warehouse.list": shop.warehouses,
    "warehouse.info": shop.warehouse,
    "afterSale.List": aftersales.listed,
    "afterSale.Detail": aftersales.detail,
    "afterSale.returnGoodsToWareHouseSuccess": aftersales.received,
    "shop.reputation": shop.reputation,
    "shop.getExperienceScore": shop.experience_score,
}
#: Those that need no token: they give one.
TOKEN_METHODS: Final[dict[str, Method]] = {
    "token.create": lambda world, params: world.tokens.create(params),
    "token.refresh": lambda world, params: world.tokens.refresh(params),
}
