"""Categories, products, SKUs, bundles."""

from decimal import Decimal

from stockhub.exchange.columns import Cell, Column, Layout
from stockhub.exchange.layouts.shared import MOST, SKU, ZERO
from stockhub.values.stages import STAGES

CATALOG = Layout(
    "import_catalog",
    "Categories, products, SKUs and bundles, one row a SKU. An empty cell leaves what is there; an unknown cost stays unknown, never 0.",
    (
        SKU,
        Column("name", Cell.TEXT, "The SKU's name.", ("title", "sku_name", "商品名称", "名称", "品名"), length=300),
        Column("product", Cell.CODE, "The code of the product that it is a variant of.", ("product_code", "spu", "款号"), length=100),
        Column(
            "category",
            Cell.TEXT,
            "A path of names or codes, such as Home / Kitchen.",
            ("category_path", "类目", "品类", "分类"),
            length=400,
        ),
        Column("brand", Cell.TEXT, "The brand.", ("品牌",)),
        Column("barcode", Cell.CODE, "EAN or UPC.", ("ean", "upc", "条码", "条形码"), length=60),
        Column("cost", Cell.AMOUNT, "Purchase cost of a unit.", ("unit_cost", "cost_price", "成本", "成本价"), least=ZERO),
        Column("cost_currency", Cell.CURRENCY, "Of the cost; otherwise the site's.", ("成本币种",)),
        Column("price", Cell.AMOUNT, "List price of a unit.", ("list_price", "售价", "价格", "标价"), least=ZERO),
        Column("price_currency", Cell.CURRENCY, "Of the price; otherwise the cost's, or the site's.", ("售价币种",)),
        Column("components", Cell.TEXT, "Makes it a bundle: its parts, such as A x2; B x1.", ("bundle", "组合", "套装"), length=2000),
        Column("weight_grams", Cell.WHOLE, "Weight.", ("weight_g", "重量"), least=ZERO, most=MOST),
        Column("length_mm", Cell.WHOLE, "Length.", ("长",), least=ZERO, most=MOST),
        Column("width_mm", Cell.WHOLE, "Width.", ("宽",), least=ZERO, most=MOST),
        Column("height_mm", Cell.WHOLE, "Height.", ("高",), least=ZERO, most=MOST),
        Column("shelf_life_days", Cell.WHOLE, "Days that it keeps.", ("保质期",), least=ZERO, most=Decimal(36_500)),
        Column(
            "stage",
            Cell.CHOICE,
            "Stage of its life.",
            ("阶段", "生命周期"),
            choices=tuple((stage, stage) for stage in STAGES),
        ),
        Column("is_replenished", Cell.FLAG, "Whether it is bought again.", ("补货",)),
        Column("is_clearance", Cell.FLAG, "Whether it is being cleared.", ("清仓",)),
        Column("launched_on", Cell.DAY, "First day of sale.", ("launch_date", "上架日期", "上新日期")),
    ),
)
