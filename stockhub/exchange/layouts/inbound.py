"""Open purchase orders and shipments."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import CURRENCY, MOST, ONE, SKU, WAREHOUSE, ZERO

INBOUND = Layout(
    "import_inbound",
    "Open purchase orders (`po`) and goods on their way (`shipment`), one row a line. Without them everything on the water looks short.",
    (
        Column("po", Cell.CODE, "The purchase order.", ("purchase_order", "po_no", "采购单号"), length=100),
        Column(
            "shipment",
            Cell.CODE,
            "The shipment; with one, the row is of goods on their way.",
            ("shipment_id", "tracking", "发货单号", "货件编号"),
            length=100,
        ),
        Column("line_no", Cell.WHOLE, "The line; otherwise its place in the file.", ("line", "行号"), least=ONE, most=Decimal(100_000)),
        SKU,
        WAREHOUSE,
        Column("supplier", Cell.CODE, "The supplier's code; needed with po.", ("supplier_code", "供应商", "供应商编码"), length=60),
        Column(
            "qty",
            Cell.WHOLE,
            "Ordered or shipped units.",
            ("quantity", "ordered_qty", "shipped_qty", "数量"),
            required=True,
            least=ONE,
            most=MOST,
        ),
        Column("received_qty", Cell.WHOLE, "Of them, received already.", ("已收数量",), least=ZERO, most=MOST),
        Column("price", Cell.AMOUNT, "For one unit.", ("unit_price", "采购价", "单价"), least=ZERO),
        CURRENCY,
        Column("ordered_on", Cell.DAY, "When it was ordered; otherwise today.", ("order_date", "下单日期"), may_be_future=False),
        Column("shipped_on", Cell.DAY, "When it left.", ("ship_date", "发货日期"), may_be_future=False),
        Column("expected_on", Cell.DAY, "When it is promised or expected.", ("eta", "promised_on", "预计到货日期", "预计到达")),
        Column("mode", Cell.TEXT, "sea, air, express, truck.", ("运输方式",), length=30),
    ),
    one_of=(("po", "shipment"),),
)
