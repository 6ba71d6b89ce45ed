"""What one Douyin shop needs, and what of the platform could not be verified and may have to be set right."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

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

    app_key: Annotated[str, Field(min_length=1, max_length=64, title="App key", description="Of your app in Douyin's open platform.")]
    app_secret: Annotated[
        SecretStr,
        Field(
            min_length=1, title="App secret", description="Signs every request and checks every push. Kept encrypted, never shown again."
        ),
    ]
    shop_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{1,20}$",
            title="Shop id",
            description="The shop's number, as its settings page shows it. Text: it can pass 2^53.",
        ),
    ]
    app_kind: Annotated[
        AppKind,
        Field(title="Kind of app", description="self_use: made by the seller for his own shops. service: bought in the service market."),
    ] = AppKind.SELF_USE
    service_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{0,20}$",
            title="Service id",
            description="Of a service app in the service market: with it the shop is authorised in the browser. Empty for self-use.",
        ),
    ] = ""
    refresh_token: Annotated[
        SecretStr | None,
        Field(title="Refresh token", description="Of a service app whose shop was authorised elsewhere already. Empty for self-use."),
    ] = None
    base_url: Annotated[
        HttpUrl,
        Field(title="Gateway", description="Address of the open platform's gateway; another one for its sandbox or a test server."),
    ] = HttpUrl(GATEWAY)
    authorize_url: Annotated[
        HttpUrl, Field(title="Service market", description="Where the seller authorises a service app in the browser.")
    ] = HttpUrl(SERVICE_MARKET)
    is_test_shop: Annotated[bool, Field(title="Test shop", description="The token of a self-use app is asked for the test shop.")] = False
    sign_method: Annotated[SignMethod, Field(title="Signature", description="hmac-sha256, or md5 where an old app knows no other.")] = (
        SignMethod.HMAC_SHA256
    )
    renew_minutes_before: Annotated[
        int,
        Field(
            ge=5, le=59, title="Renewal",
            description="Minutes before its end at which the access token is renewed. Douyin gives a new one in the last hour only.",
        ),
    ] = 50  # fmt: skip
    refresh_days: Annotated[int, Field(ge=1, le=365, title="Refresh token holds", description="Days for which a refresh token holds.")] = (
        assumptions.REFRESH_DAYS
    )
    line_code: Annotated[
        LineCode,
        Field(
            title="Code of variants",
            description="merchant_code: the seller's own code (商家编码), and the sku_id of variants without one. sku_id: always that.",
        ),
    ] = LineCode.MERCHANT_CODE
    bundle_lines: Annotated[
        BundleLines,
        Field(
            title="Sets", description="whole: a set is linked to its parts in StockHub. parts: its parts are lines, as Douyin tells them."
        ),
    ] = BundleLines.WHOLE
    warehouse_codes: Annotated[
        dict[Code, Code],
        Field(
            title="Warehouses",
            description="Douyin's out_warehouse_id: the code of the warehouse here. An order's warehouse that is not named is not told.",
        ),
    ] = {}
    shop_warehouse: Annotated[
        str,
        Field(
            max_length=60,
            title="Warehouse of the shop's stock",
            description="Code of a warehouse that Douyin counts and whose stock it tells without a name. Empty: the number is the shop's.",
        ),
    ] = ""
    cloud_warehouses: Annotated[
        tuple[Code, ...],
        Field(title="Cloud warehouses", description="Douyin's out_warehouse_id of warehouses that Douyin keeps and counts (云仓)."),
    ] = ()
    return_warehouse: Annotated[
        str,
        Field(max_length=60, title="Warehouse of returns", description="Code of the warehouse where returns arrive. Empty: the usual one."),
    ] = ""
    return_grade: Annotated[
        str,
        Field(
            pattern=r"^(new|like_new|damaged|defective)$", title="Grade of returns",
            description="Grade in which returns come in before anybody has looked at them: new, like_new, damaged or defective.",
        ),
    ] = "like_new"  # fmt: skip
    returning_types: Annotated[
        tuple[int, ...], Field(title="Kinds of returns", description="Douyin's aftersale_type of which goods come back.")
    ] = assumptions.RETURNING_TYPES
    shown_stock: Annotated[
        ShownStock,
        Field(title="Stock for sale", description="total: stock_num, reserves for activities and channels among it. normal: without them."),
    ] = ShownStock.TOTAL
    order_statuses: Annotated[
        dict[int, OrderState],
        Field(title="Statuses of orders", description="Douyin's order_status: created, paid, shipped, completed or cancelled."),
    ] = assumptions.ORDER_STATUSES
    stock_out_words: Annotated[
        tuple[str, ...], Field(title="Words for a stock-out", description="In the text of a cancellation: then the demand was real.")
    ] = assumptions.STOCK_OUT_WORDS
    late_words: Annotated[
        tuple[str, ...], Field(title="Words for late shipment", description="In the text of a cancellation: then the demand was real.")
    ] = assumptions.LATE_WORDS
    overlap_minutes: Annotated[
        int, Field(ge=0, le=1_440, title="Overlap", description="Minutes that each reading of orders and returns reaches back once more.")
    ] = 10
    window_hours: Annotated[
        int, Field(ge=1, le=2_160, title="Window", description="Longest span of update times that one request asks for, in hours.")
    ] = 24
    deepest_row: Annotated[
        int, Field(ge=100, le=1_000_000, title="Depth of paging", description="Rows of one window that Douyin can be paged through.")
    ] = assumptions.DEEPEST_ROW
    score_scale: Annotated[
        float,
        Field(ge=0, le=100, title="Scale of the score", description="The best score that Douyin gives: 5 or 100. 0: told by the value."),
    ] = 0.0
    reads_per_second: Annotated[Rate, Field(title="Reads a second", description="Calls a second of each reading operation.")] = (
        assumptions.READS_PER_SECOND
    )
    writes_per_second: Annotated[Rate, Field(title="Writes a second", description="Calls a second of each writing operation.")] = (
        assumptions.WRITES_PER_SECOND
    )
    rates: Annotated[
        dict[str, Rate], Field(title="Limits by operation", description="Calls a second of single operations, such as sku.syncStock: 10.")
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
