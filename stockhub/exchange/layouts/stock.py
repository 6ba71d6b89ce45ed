"""Opening lots and dated stock."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import CURRENCY, MOST, SKU, WAREHOUSE, ZERO

_GRADES = tuple((grade, grade) for grade in ("new", "like_new", "damaged", "defective"))

STOCK = Layout(
    "import_stock",
    "Opening lots with age and cost (`qty`), or known end-of-day stock of the past (`date` and `on_hand`), "
    "or what a warehouse says of itself for the daily difference (`counted` and `counted_at`). "
    "Days that nobody recorded stay unknown.",
    (
        SKU,
        WAREHOUSE,
        Column("qty", Cell.WHOLE, "Units of an opening lot.", ("quantity", "数量", "库存数量", "期初数量"), least=ZERO, most=MOST),
        Column("received_on", Cell.DAY, "When the lot came in: its age counts from here.", ("received", "入库日期"), may_be_future=False),
        Column("age_days", Cell.WHOLE, "Instead of received_on: how old the lot is.", ("age", "库龄"), least=ZERO, most=Decimal(20_000)),
        Column(
            "unit_cost",
            Cell.AMOUNT,
            "Landed cost of a unit; unknown where it is missing, never 0.",
            ("cost", "成本", "单位成本"),
            least=ZERO,
        ),
        CURRENCY,
        Column(
            "lot",
            Cell.CODE,
            "The lot's code; otherwise made of its day, cost, grade and ordinal.",
            ("lot_code", "batch", "批次", "批号"),
            length=100,
        ),
        Column("grade", Cell.CHOICE, "new, like_new, damaged, defective.", ("品级",), choices=_GRADES),
        Column("produced_on", Cell.DAY, "Day of production.", ("生产日期",), may_be_future=False),
        Column("expires_on", Cell.DAY, "Last day of its shelf life.", ("expiry", "到期日", "有效期至")),
        Column("date", Cell.DAY, "A day of the past.", ("日期",), may_be_future=False),
        Column("on_hand", Cell.WHOLE, "Stock at the end of that day.", ("stock", "库存", "期末库存"), least=ZERO, most=MOST),
        Column("counted", Cell.WHOLE, "What the warehouse itself says lies there; the book stays.", ("仓库实存",), least=ZERO, most=MOST),
        Column("counted_at", Cell.INSTANT, "When it said so.", ("盘点时间",), may_be_future=False),
    ),
    one_of=(("qty", "on_hand", "counted"),),
)
