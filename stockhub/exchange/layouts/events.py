"""Planned events."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import ZERO

_KINDS = (
    ("promotion", "promotion"), ("促销", "promotion"), ("price_change", "price_change"), ("调价", "price_change"),
    ("closure", "closure"), ("歇业", "closure"), ("delay", "delay"), ("供应延迟", "delay"),
)  # fmt: skip

EVENTS = Layout(
    "import_events",
    "Planned events, past or to come: promotions, price changes, closures and delays of supply. Past ones teach what the "
    "next of their type lift.",
    (
        Column("code", Cell.CODE, "Its unique code: an existing one is changed.", ("event", "活动编码"), required=True, length=60),
        Column("kind", Cell.CHOICE, "What it is.", ("类型",), choices=_KINDS),
        Column("event_type", Cell.TEXT, "A slug that events share which lift alike, such as 618.", ("type", "活动类型"), length=60),
        Column("name", Cell.TEXT, "Its name.", ("活动名称",), length=200),
        Column("starts_on", Cell.DAY, "First day.", ("start", "start_date", "开始日期")),
        Column("ends_on", Cell.DAY, "Last day.", ("end", "end_date", "结束日期")),
        Column("account", Cell.CODE, "On this account only.", ("shop", "店铺"), length=60),
        Column("pool", Cell.CODE, "From this pool only.", ("stock_pool",), length=60),
        Column("category", Cell.CODE, "Of this category and all beneath it.", ("类目",), length=60),
        Column("sku", Cell.CODE, "Of this SKU only.", ("sku_code", "商品编码", "货号"), length=100),
        Column("expected_lift", Cell.NUMBER, "Demand over that of an ordinary day.", ("lift", "提升倍数"), least=ZERO, most=Decimal(100)),
        Column(
            "expected_units",
            Cell.NUMBER,
            "Units of its SKU in all, in place of a lift.",
            ("units", "预计销量"),
            least=ZERO,
            most=Decimal(10) ** 8,
        ),
        Column("safety_stock_factor", Cell.NUMBER, "What the safety stock is multiplied by.", least=ZERO, most=Decimal(100)),
        Column("supplier", Cell.CODE, "Of a delay: what is ordered from this supplier only.", ("supplier_code", "供应商"), length=60),
        Column("supplier_country", Cell.TEXT, "Of a delay: what is ordered from suppliers in this country only, such as CN.", length=2),
        Column(
            "extra_lead_time_days",
            Cell.NUMBER,
            "Of a delay: days on top of the lead time of what is ordered within it.",
            ("delay_days", "延迟天数"),
            least=ZERO,
            most=Decimal(365),
        ),
        Column("reason", Cell.TEXT, "Why: what the next person reads.", ("原因",), length=300),
    ),
)
