"""What one Douyin shop needs, and what of the platform could not be verified and may have to be set right."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from stockhub.pluginapi import in_chinese
from stockhub_douyin import assumptions
from stockhub_douyin.assumptions import OrderState
from stockhub_douyin.signing import SignMethod

#: The production gateway. Method `order.searchList` is POSTed to `/order/searchList`.
GATEWAY: Final = "https://openapi-fxg.jinritemai.com"
#: Where the seller authorises a service app in his browser.
SERVICE_MARKET: Final = "https://fuwu.jinritemai.com/authorize"
Rate = Annotated[float, Field(gt=0, le=1_000)]
Code = Annotated[str, Field(min_length=1, max_length=60)]


class AppKind(StrEnum):
    """Who made the app in the open platform: it decides how the shop is authorised."""

    SELF_USE = "self_use"
    SERVICE = "service"


class LineCode(StrEnum):
    """By what a variant is known in records: the seller's own code, where it has one, or the platform's id of it."""

    MERCHANT_CODE = "merchant_code"
    SKU_ID = "sku_id"


class ShownStock(StrEnum):
    """What of a variant's stock is for sale now."""

    TOTAL = "total"
    NORMAL = "normal"


class BundleLines(StrEnum):
    """How a set is told: as the line that was sold, or as the parts that it is made of."""

    WHOLE = "whole"
    PARTS = "parts"


class DouyinAccountConfig(BaseModel):
    """One shop and the app that it is reached through."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    app_key: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            title="App key",
            description="Of your app in Douyin's open platform.",
            json_schema_extra=in_chinese("应用 Key", "抖店开放平台中您的应用的 App Key。"),
        ),
    ]
    app_secret: Annotated[
        SecretStr,
        Field(
            min_length=1,
            title="App secret",
            description="Signs every request and checks every push. Kept encrypted, never shown again.",
            json_schema_extra=in_chinese("应用 Secret", "用于签名每个请求并校验每条推送。加密保存，不再显示。"),
        ),
    ]
    shop_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{1,20}$",
            title="Shop id",
            description="The shop's number, as its settings page shows it. Text: it can pass 2^53.",
            json_schema_extra=in_chinese("店铺 ID", "店铺设置页上的店铺编号，按文本保存：可能超过 2^53。"),
        ),
    ]
    app_kind: Annotated[
        AppKind,
        Field(
            title="Kind of app",
            description="self_use: made by the seller for his own shops. service: bought in the service market.",
            json_schema_extra=in_chinese("应用类型", "self_use：商家自用型应用。service：在服务市场购买的工具型应用。"),
        ),
    ] = AppKind.SELF_USE
    service_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{0,20}$",
            title="Service id",
            description="Of a service app in the service market: with it the shop is authorised in the browser. Empty for self-use.",
            json_schema_extra=in_chinese("服务 ID", "工具型应用在服务市场的编号：填写后在浏览器中授权店铺。自用型留空。"),
        ),
    ] = ""
    refresh_token: Annotated[
        SecretStr | None,
        Field(
            title="Refresh token",
            description="Of a service app whose shop was authorised elsewhere already. Empty for self-use.",
            json_schema_extra=in_chinese("刷新令牌", "工具型应用的店铺已在别处授权时填写。自用型留空。"),
        ),
    ] = None
    base_url: Annotated[
        HttpUrl,
        Field(
            title="Gateway",
            description="Address of the open platform's gateway; another one for its sandbox or a test server.",
            json_schema_extra=in_chinese("网关地址", "开放平台的网关；沙箱或测试服务器用其他地址。"),
        ),
    ] = HttpUrl(GATEWAY)
    authorize_url: Annotated[
        HttpUrl,
        Field(
            title="Service market",
            description="Where the seller authorises a service app in the browser.",
            json_schema_extra=in_chinese("服务市场地址", "商家在浏览器中授权工具型应用的地址。"),
        ),
    ] = HttpUrl(SERVICE_MARKET)
    is_test_shop: Annotated[
        bool,
        Field(
            title="Test shop",
            description="The token of a self-use app is asked for the test shop.",
            json_schema_extra=in_chinese("测试店铺", "为测试店铺申请自用型应用的令牌。"),
        ),
    ] = False
    sign_method: Annotated[
        SignMethod,
        Field(
            title="Signature",
            description="hmac-sha256, or md5 where an old app knows no other.",
            json_schema_extra=in_chinese("签名方式", "hmac-sha256；旧应用只支持 md5 时选 md5。"),
        ),
    ] = SignMethod.HMAC_SHA256
    renew_minutes_before: Annotated[
        int,
        Field(
            ge=5, le=59, title="Renewal",
            description="Minutes before its end at which the access token is renewed. Douyin gives a new one in the last hour only.",
            json_schema_extra=in_chinese("提前续期", "访问令牌到期前多少分钟续期。抖店只在最后一小时内发新令牌。"),
        ),
    ] = 50  # fmt: skip
    refresh_days: Annotated[
        int,
        Field(
            ge=1,
            le=365,
            title="Refresh token holds",
            description="Days for which a refresh token holds.",
            json_schema_extra=in_chinese("刷新令牌有效期", "刷新令牌的有效天数。"),
        ),
    ] = assumptions.REFRESH_DAYS
    line_code: Annotated[
        LineCode,
        Field(
            title="Code of variants",
            description="merchant_code: the seller's own code (商家编码), and the sku_id of variants without one. sku_id: always that.",
            json_schema_extra=in_chinese("规格编码", "merchant_code：商家编码，没有编码的规格用 sku_id。sku_id：一律用 sku_id。"),
        ),
    ] = LineCode.MERCHANT_CODE
    bundle_lines: Annotated[
        BundleLines,
        Field(
            title="Sets",
            description="whole: a set is linked to its parts in StockHub. parts: its parts are lines, as Douyin tells them.",
            json_schema_extra=in_chinese("组套", "whole：组套在 StockHub 中关联其组成商品。parts：按抖店给出的组成商品分行。"),
        ),
    ] = BundleLines.WHOLE
    warehouse_codes: Annotated[
        dict[Code, Code],
        Field(
            title="Warehouses",
            description="Douyin's out_warehouse_id: the code of the warehouse here. An order's warehouse that is not named is not told.",
            json_schema_extra=in_chinese("仓库", "抖店的 out_warehouse_id 对应此处的仓库编码。未列出的仓库不写入订单。"),
        ),
    ] = {}
    shop_warehouse: Annotated[
        str,
        Field(
            max_length=60,
            title="Warehouse of the shop's stock",
            description="Code of a warehouse that Douyin counts and whose stock it tells without a name. Empty: the number is the shop's.",
            json_schema_extra=in_chinese("店铺库存所在仓库", "由抖店计数、其库存不带仓库名的仓库的编码。留空：该数字属于店铺。"),
        ),
    ] = ""
    cloud_warehouses: Annotated[
        tuple[Code, ...],
        Field(
            title="Cloud warehouses",
            description="Douyin's out_warehouse_id of warehouses that Douyin keeps and counts (云仓).",
            json_schema_extra=in_chinese("云仓", "由抖店保管并计数的仓库（云仓）的 out_warehouse_id。"),
        ),
    ] = ()
    return_warehouse: Annotated[
        str,
        Field(
            max_length=60,
            title="Warehouse of returns",
            description="Code of the warehouse where returns arrive. Empty: the usual one.",
            json_schema_extra=in_chinese("退货仓库", "退货到达的仓库的编码。留空：默认仓库。"),
        ),
    ] = ""
    return_grade: Annotated[
        str,
        Field(
            pattern=r"^(new|like_new|damaged|defective)$", title="Grade of returns",
            description="Grade in which returns come in before anybody has looked at them: new, like_new, damaged or defective.",
            json_schema_extra=in_chinese("退货等级", "退货在检查之前的等级：new、like_new、damaged 或 defective。"),
        ),
    ] = "like_new"  # fmt: skip
    returning_types: Annotated[
        tuple[int, ...],
        Field(
            title="Kinds of returns",
            description="Douyin's aftersale_type of which goods come back.",
            json_schema_extra=in_chinese("退货类型", "货物会退回的抖店 aftersale_type。"),
        ),
    ] = assumptions.RETURNING_TYPES
    shown_stock: Annotated[
        ShownStock,
        Field(
            title="Stock for sale",
            description="total: stock_num, reserves for activities and channels among it. normal: without them.",
            json_schema_extra=in_chinese("可售库存", "total：stock_num，含活动与渠道预留。normal：不含。"),
        ),
    ] = ShownStock.TOTAL
    order_statuses: Annotated[
        dict[int, OrderState],
        Field(
            title="Statuses of orders",
            description="Douyin's order_status: created, paid, shipped, completed or cancelled.",
            json_schema_extra=in_chinese("订单状态", "抖店 order_status 的含义：created、paid、shipped、completed 或 cancelled。"),
        ),
    ] = assumptions.ORDER_STATUSES
    stock_out_words: Annotated[
        tuple[str, ...],
        Field(
            title="Words for a stock-out",
            description="In the text of a cancellation: then the demand was real.",
            json_schema_extra=in_chinese("缺货用语", "取消原因中出现这些词时，需求是真实的。"),
        ),
    ] = assumptions.STOCK_OUT_WORDS
    late_words: Annotated[
        tuple[str, ...],
        Field(
            title="Words for late shipment",
            description="In the text of a cancellation: then the demand was real.",
            json_schema_extra=in_chinese("延迟发货用语", "取消原因中出现这些词时，需求是真实的。"),
        ),
    ] = assumptions.LATE_WORDS
    overlap_minutes: Annotated[
        int,
        Field(
            ge=0,
            le=1_440,
            title="Overlap",
            description="Minutes that each reading of orders and returns reaches back once more.",
            json_schema_extra=in_chinese("重叠分钟数", "每次读取订单和退货时向前多读的分钟数。"),
        ),
    ] = 10
    window_hours: Annotated[
        int,
        Field(
            ge=1,
            le=2_160,
            title="Window",
            description="Longest span of update times that one request asks for, in hours.",
            json_schema_extra=in_chinese("时间窗口", "一次请求查询的更新时间的最长跨度（小时）。"),
        ),
    ] = 24
    deepest_row: Annotated[
        int,
        Field(
            ge=100,
            le=1_000_000,
            title="Depth of paging",
            description="Rows of one window that Douyin can be paged through.",
            json_schema_extra=in_chinese("翻页深度", "一个时间窗口内最多能翻到的行数。"),
        ),
    ] = assumptions.DEEPEST_ROW
    score_scale: Annotated[
        float,
        Field(
            ge=0,
            le=100,
            title="Scale of the score",
            description="The best score that Douyin gives: 5 or 100. 0: told by the value.",
            json_schema_extra=in_chinese("体验分满分", "抖店给出的最高分：5 或 100。0：按数值判断。"),
        ),
    ] = 0.0
    reads_per_second: Annotated[
        Rate,
        Field(
            title="Reads a second",
            description="Calls a second of each reading operation.",
            json_schema_extra=in_chinese("每秒读取次数", "每个读取接口每秒的调用次数。"),
        ),
    ] = assumptions.READS_PER_SECOND
    writes_per_second: Annotated[
        Rate,
        Field(
            title="Writes a second",
            description="Calls a second of each writing operation.",
            json_schema_extra=in_chinese("每秒写入次数", "每个写入接口每秒的调用次数。"),
        ),
    ] = assumptions.WRITES_PER_SECOND
    rates: Annotated[
        dict[str, Rate],
        Field(
            title="Limits by operation",
            description="Calls a second of single operations, such as sku.syncStock: 10.",
            json_schema_extra=in_chinese("单个接口的限额", "单个接口每秒的调用次数，例如 sku.syncStock: 10。"),
        ),
    ] = {}

    @property
    def has_refresh_token(self) -> bool:
        """Whether the shop was authorised elsewhere already."""
        return self.refresh_token is not None and bool(self.refresh_token.get_secret_value())

    @model_validator(mode="after")
    def _service_apps_need_an_authorisation(self) -> Self:
        if self.app_kind is AppKind.SERVICE and not self.has_refresh_token and not self.service_id:
            raise ValueError(
                "A service app needs the refresh token of the shop's authorisation, or its service id for an authorisation in the browser."
            )
        return self
