"""Order lines."""

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import MOST

_STATUSES = (
    ("created", "created"),
    ("unpaid", "created"),
    ("待支付", "created"),
    ("待付款", "created"),
    ("paid", "paid"),
    ("待发货", "paid"),
    ("备货中", "paid"),
    ("已支付", "paid"),
    ("已付款", "paid"),
    ("shipped", "shipped"),
    ("已发货", "shipped"),
    ("部分发货", "paid"),
    ("completed", "completed"),
    ("delivered", "completed"),
    ("已完成", "completed"),
    ("已签收", "completed"),
    ("交易成功", "completed"),
    ("cancelled", "cancelled"),
    ("canceled", "cancelled"),
    ("已关闭", "cancelled"),
    ("已取消", "cancelled"),
    ("交易关闭", "cancelled"),
)
_KINDS = tuple((kind, kind) for kind in ("sale", "gift", "sample", "replacement", "b2b", "internal", "excluded"))

SALES = Layout(
    "import_sales",
    "Order lines. Sales from before a warehouse's ledger are facts for forecasting and move no stock. Where a file has no line ids, "
    "a line is known by (order, SKU, time, price, quantity, ordinal among equals).",
    (
        Column(
            "order_id",
            Cell.CODE,
            "The order.",
            ("order", "order_no", "invoice", "amazon_order_id", "订单编号", "订单号", "主订单编号"),
            required=True,
        ),
        Column(
            "sku",
            Cell.CODE,
            "The code of what was ordered: a SKU's, or that of a listing of the account.",
            ("sku_code", "seller_sku", "msku", "asin", "stock_code", "product_id", "商品编码", "商家编码", "货号", "SKU编码", "商品ID"),
            required=True,
        ),
        Column(
            "time",
            Cell.INSTANT,
            "When it was ordered. Without a zone, in the account's, or that of --time-zone.",
            (
                "ts",
                "ordered_at",
                "order_time",
                "purchase_date",
                "invoice_date",
                "created_at",
                "date",
                "下单时间",
                "订单创建时间",
                "订单提交时间",
                "创建时间",
            ),
            required=True,
            may_be_future=False,
        ),
        Column(
            "quantity",
            Cell.WHOLE,
            "Units, at least 1; below 0 on lines of type cancel only.",
            ("qty", "quantity_purchased", "units", "数量", "商品数量", "购买数量"),
            required=True,
            least=-MOST,
            most=MOST,
        ),
        Column(
            "price",
            Cell.AMOUNT,
            "For one unit. Unknown where it is missing, never 0.",
            ("unit_price", "item_price", "单价", "商品单价", "价格"),
        ),
        Column("line_id", Cell.CODE, "The line's own id.", ("order_line_id", "order_item_id", "子订单编号", "商品单号")),
        Column(
            "status",
            Cell.CHOICE,
            "Of the line; --default-status where it is missing.",
            ("order_status", "订单状态", "状态"),
            choices=_STATUSES,
        ),
        Column(
            "warehouse",
            Cell.CODE,
            "Which warehouse ships it; otherwise the account's first.",
            ("warehouse_code", "仓库", "仓库编码"),
            length=60,
        ),
        Column("promo", Cell.TEXT, "The promotion it was sold in.", ("promotion", "promotion_ids", "活动", "优惠活动"), length=60),
        Column("currency", Cell.CURRENCY, "Of the price; otherwise the account's.", ("币种", "货币")),
        Column(
            "line_type",
            Cell.CHOICE,
            "sale; cancel (quantity below 0: takes back the earlier sale of the same SKU, quantity and customer, else is a return); "
            "adjust and nonproduct are no demand and only counted.",
            ("行类型",),
            choices=tuple((kind, kind) for kind in ("sale", "cancel", "adjust", "nonproduct")),
        ),
        Column("kind", Cell.CHOICE, "Of the order; sale where it is missing.", ("order_kind",), choices=_KINDS),
        Column(
            "customer",
            Cell.CODE,
            "Only to know the same buyer again: a keyed hash is kept.",
            ("customer_id", "buyer_id", "买家ID"),
            is_personal=True,
            length=200,
        ),
        Column("paid_at", Cell.INSTANT, "When it was paid.", ("payment_time", "支付完成时间", "付款时间"), may_be_future=False),
        Column(
            "ship_by", Cell.INSTANT, "When it has to be shipped by.", ("ship_by_at", "latest_ship_date", "最晚发货时间", "承诺发货时间")
        ),
        Column("shipped_at", Cell.INSTANT, "When it was shipped.", ("ship_time", "发货时间"), may_be_future=False),
        Column("cancel_reason", Cell.TEXT, "stock_out and late_shipment keep the demand.", ("取消原因",), length=60),
        Column(
            "fulfilled_by",
            Cell.CHOICE,
            "merchant, or platform, which takes nothing from our stock.",
            ("fulfillment_channel",),
            choices=(("merchant", "merchant"), ("mfn", "merchant"), ("platform", "platform"), ("afn", "platform"), ("amazon", "platform")),
        ),
    ),
)
