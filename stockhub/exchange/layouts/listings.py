"""Offers and what they deliver."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import CURRENCY, ONE, ZERO

LISTINGS = Layout(
    "import_listings",
    "Offers on accounts and what they deliver, one row a component: rows of the same account, kind and code are one listing.",
    (
        Column("account", Cell.CODE, "The account's code; --account stands for all rows.", ("shop", "店铺"), length=60),
        Column(
            "code",
            Cell.CODE,
            "The code of the offer on the platform.",
            ("listing", "sku_id", "asin", "product_id", "商品ID"),
            required=True,
        ),
        Column("kind", Cell.TEXT, "Kind of code: sku, asin, msku, sku_id; sku where it is missing.", ("code_kind", "类型"), length=20),
        Column(
            "sku",
            Cell.CODE,
            "A SKU that it delivers; without one it stays unmapped.",
            ("sku_code", "商品编码", "商家编码", "货号"),
            length=100,
        ),
        Column(
            "qty", Cell.WHOLE, "Units of the SKU in one unit of the offer.", ("quantity", "units", "数量"), least=ONE, most=Decimal(100_000)
        ),
        Column("title", Cell.TEXT, "Its title.", ("name", "标题", "商品名称"), length=500),
        Column("price", Cell.AMOUNT, "Its list price.", ("list_price", "售价", "价格"), least=ZERO),
        CURRENCY,
        Column("valid_from", Cell.DAY, "The component holds from this day on.", ("from",)),
        Column("valid_to", Cell.DAY, "The component holds up to this day.", ("to", "until")),
    ),
)
