"""Columns that several imports have, and the bounds of their numbers."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column

MOST = Decimal(10_000_000)
ZERO, ONE = Decimal(0), Decimal(1)

SKU = Column(
    "sku",
    Cell.CODE,
    "The SKU's code.",
    ("sku_code", "seller_sku", "msku", "商品编码", "商家编码", "货号", "SKU编码"),
    required=True,
    length=100,
)
WAREHOUSE = Column("warehouse", Cell.CODE, "The warehouse's code.", ("warehouse_code", "仓库", "仓库编码"), required=True, length=60)
CURRENCY = Column("currency", Cell.CURRENCY, "ISO 4217.", ("币种", "货币"))
