"""Benchmarks of categories, and what rivals do."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import MOST, SKU, ZERO

BENCHMARKS = Layout(
    "import_benchmarks",
    "Turnover a year of categories in their trade. Each figure is of a day; one that is too old is named and not used.",
    (
        Column(
            "category",
            Cell.TEXT,
            "A path or code, such as Home / Kitchen; it holds for all beneath it.",
            ("类目", "品类"),
            required=True,
            length=400,
        ),
        Column(
            "turnover",
            Cell.NUMBER,
            "How often a year stock is sold.",
            ("inventory_turnover", "周转率", "行业周转率"),
            required=True,
            least=ZERO,
            most=Decimal(366),
        ),
        Column("as_of", Cell.DAY, "The day that it speaks of.", ("date", "day", "日期", "数据日期"), required=True, may_be_future=False),
        Column("source", Cell.TEXT, "Who published it.", ("来源", "数据来源"), length=200),
    ),
)

MARKET = Layout(
    "import_market",
    "What the top rivals of a SKU do, one row a rival and day: sales rank, estimated monthly sales, reviews. An empty cell is unknown.",
    (
        SKU,
        Column("account", Cell.CODE, "The shop whose market it is.", ("shop", "店铺"), required=True, length=60),
        Column("rival", Cell.CODE, "The rival's code there.", ("competitor", "asin", "竞品", "竞品编码"), required=True, length=120),
        Column("observed_on", Cell.DAY, "The day.", ("date", "day", "日期"), required=True, may_be_future=False),
        Column("sales_rank", Cell.WHOLE, "Sales rank; 1 is the best.", ("bsr", "rank", "排名"), least=Decimal(1), most=MOST),
        Column("monthly_sales", Cell.NUMBER, "Estimated units a month.", ("est_monthly_sales", "月销量"), least=ZERO, most=MOST),
        Column("reviews", Cell.WHOLE, "Reviews in all.", ("review_count", "评论数", "评价数"), least=ZERO, most=MOST),
        Column("source", Cell.TEXT, "The tool that says so.", ("来源",), length=120),
    ),
    one_of=(("sales_rank", "monthly_sales", "reviews"),),
)
