"""Suppliers and offers."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import CURRENCY, MOST, ONE, ZERO

SUPPLIERS = Layout(
    "import_suppliers",
    "Suppliers and their offers, one row an offer or one a price break of it: rows of the same supplier, SKU and pool are one offer.",
    (
        Column(
            "supplier", Cell.CODE, "The supplier's code.", ("supplier_code", "vendor", "供应商", "供应商编码"), required=True, length=60
        ),
        Column("supplier_name", Cell.TEXT, "Its name; otherwise the code.", ("供应商名称",), length=200),
        Column("country", Cell.TEXT, "ISO 3166, two letters.", ("国家",), length=2),
        Column("is_local", Cell.FLAG, "Near enough for a delivery within a day.", ("local", "本地")),
        Column(
            "sku",
            Cell.CODE,
            "The SKU that it offers; without one the row is about the supplier only.",
            ("sku_code", "商品编码", "货号"),
            length=100,
        ),
        Column("pool", Cell.CODE, "Delivered to this pool only.", ("stock_pool",), length=60),
        Column("supplier_sku", Cell.CODE, "The supplier's own code.", ("供应商货号",), length=100),
        Column("price", Cell.AMOUNT, "For one unit.", ("unit_price", "采购价", "单价"), least=ZERO),
        CURRENCY,
        Column("moq", Cell.WHOLE, "Minimum order.", ("min_order_qty", "起订量"), least=ONE, most=MOST),
        Column("case_pack", Cell.WHOLE, "Units a case.", ("case", "pack", "箱规"), least=ONE, most=MOST),
        Column(
            "break_qty", Cell.WHOLE, "The price of this row holds from this quantity on.", ("price_break", "阶梯数量"), least=ONE, most=MOST
        ),
        Column("lead_time_days", Cell.NUMBER, "From order to stock.", ("lead_time", "交期", "采购周期"), least=ZERO, most=Decimal(1000)),
        Column("lead_time_sd_days", Cell.NUMBER, "Its deviation.", ("lead_time_sd",), least=ZERO, most=Decimal(1000)),
        Column(
            "legs",
            Cell.TEXT,
            "Instead of a lead time: its legs, such as production 20±3; sea 30±5; receiving 4.",
            ("lead_time_legs",),
            length=1000,
        ),
        Column("preference", Cell.WHOLE, "The lowest is asked first.", ("优先级",), least=ONE, most=Decimal(1000)),
    ),
)
