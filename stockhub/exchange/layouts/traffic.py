"""Visitors of listings."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import CURRENCY, ZERO

_MOST = Decimal(10**12)

TRAFFIC = Layout(
    "import_traffic",
    "What visitors of listings did, one row a listing and day. An empty cell is unknown, and leaves what was told before.",
    (
        Column("account", Cell.CODE, "The account's code.", ("shop", "店铺"), required=True, length=60),
        Column(
            "listing",
            Cell.CODE,
            "The code of the offer on the platform.",
            ("code", "sku", "sku_id", "asin", "product_id", "商品ID"),
            required=True,
            length=120,
        ),
        Column("kind", Cell.TEXT, "Kind of code: sku, asin, msku, sku_id; sku where it is missing.", ("code_kind", "类型"), length=20),
        Column("day", Cell.DAY, "The business day of the site.", ("date", "日期", "统计日期"), required=True, may_be_future=False),
        Column("views", Cell.WHOLE, "Views.", ("page_views", "pv", "浏览量", "曝光量"), least=ZERO, most=_MOST),
        Column("visitors", Cell.WHOLE, "Visitors.", ("sessions", "uv", "访客数"), least=ZERO, most=_MOST),
        Column("clicks", Cell.WHOLE, "Clicks.", ("点击量", "点击次数"), least=ZERO, most=_MOST),
        Column("carts", Cell.WHOLE, "How often it was put into a cart.", ("add_to_cart", "加购数", "加购件数"), least=ZERO, most=_MOST),
        Column("ad_cost", Cell.AMOUNT, "What advertising it cost.", ("ad_spend", "广告花费", "推广花费"), least=ZERO),
        CURRENCY,
    ),
    one_of=(("views", "visitors", "clicks", "carts", "ad_cost"),),
)
