"""What one Amazon seller account needs."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_validator, model_validator

from stockhub.pluginapi import in_chinese
from stockhub_amazon.sites import BY_ID, ENDPOINTS, Marketplace, Region

#: Login with Amazon: where a refresh token becomes an access token.
TOKEN_URL: Final = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address


_CODE: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$"
_CODE_OR_NONE: Final = r"^([A-Za-z0-9][A-Za-z0-9_.-]{0,49})?$"
_RIVAL: Final = re.compile(r"^(?P<sku>.{1,100})=(?P<asin>[A-Z0-9]{10})$")


class ShipFrom(BaseModel):
    """A warehouse of the seller's, as Amazon wants its address."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=50, title="Name", description="A person or company.")]
    address_line: Annotated[str, Field(min_length=1, max_length=180, title="Address", description="Street and number.")]
    city: Annotated[str, Field(min_length=1, max_length=30, title="City", description="As on a label.")]
    postal_code: Annotated[str, Field(min_length=1, max_length=32, title="Postal code", description="As on a label.")]
    country_code: Annotated[str, Field(pattern=r"^[A-Z]{2}$", title="Country", description="Two letters, such as US.")]
    phone: Annotated[str, Field(min_length=1, max_length=20, title="Telephone", description="Amazon's carriers may call.")]
    state: Annotated[str, Field(max_length=64, title="State or province", description="Where the country has them.")] = ""


class AmazonAccountConfig(BaseModel):
    """A seller's authorisation in one region. One refresh token serves all its marketplaces; an account is usually one of them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    lwa_client_id: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            title="LWA client id",
            description="Of your app in Seller Central's developer console.",
            json_schema_extra=in_chinese("LWA 客户端 ID", "卖家平台开发者控制台中您的应用的 ID。"),
        ),
    ]
    lwa_client_secret: Annotated[
        SecretStr,
        Field(
            min_length=1,
            title="LWA client secret",
            description="Amazon lets it expire after 180 days. Kept encrypted, never shown again.",
            json_schema_extra=in_chinese("LWA 客户端密钥", "180 天后失效。加密保存，不再显示。"),
        ),
    ]
    refresh_token: Annotated[
        SecretStr,
        Field(
            min_length=1,
            title="Refresh token",
            description="Of the seller's authorisation in this region. Survives a new client secret.",
            json_schema_extra=in_chinese("刷新令牌", "卖家在该区域的授权。更换客户端密钥后仍有效。"),
        ),
    ]
    seller_id: Annotated[
        str,
        Field(
            pattern=r"^[A-Z0-9]{8,20}$",
            title="Seller id",
            description="Also called merchant token; Account Info shows it.",
            json_schema_extra=in_chinese("卖家 ID", "也称 Merchant Token，见账户信息页。"),
        ),
    ]
    region: Annotated[
        Region,
        Field(
            title="Region",
            description="na: the Americas. eu: Europe, Middle East, Africa, India. fe: Far East.",
            json_schema_extra=in_chinese("区域", "na：美洲。eu：欧洲、中东、非洲、印度。fe：远东。"),
        ),
    ]
    marketplace_ids: Annotated[
        list[str],
        Field(
            min_length=1,
            max_length=len(BY_ID),
            title="Marketplace ids",
            description="Such as ATVPDKIKX0DER; all of them in the region.",
            json_schema_extra=in_chinese("站点 ID", "例如 ATVPDKIKX0DER；须在同一区域。"),
        ),
    ]
    base_url: Annotated[
        HttpUrl | None,
        Field(
            title="API address",
            description="Empty for the region's own. Another one for Amazon's sandbox or a test server.",
            json_schema_extra=in_chinese("API 地址", "留空用该区域的地址。沙箱或测试服务器用其他地址。"),
        ),
    ] = None
    token_url: Annotated[
        HttpUrl,
        Field(
            title="Token address",
            description="Where Login with Amazon gives access tokens; another one for a test server.",
            json_schema_extra=in_chinese("令牌地址", "Login with Amazon 发放访问令牌的地址；测试服务器用其他地址。"),
        ),
    ] = HttpUrl(TOKEN_URL)
    lwa_rotated_on: Annotated[
        str,
        Field(
            pattern=r"^(\d{4}-\d\d-\d\d)?$",
            title="Client secret rotated on",
            description="A day such as 2026-01-31: you are told in time before the secret's 180 days end. Empty: not known.",
            json_schema_extra=in_chinese("客户端密钥更换日期", "例如 2026-01-31：在密钥 180 天到期前提醒。留空：未知。"),
        ),
    ] = ""
    fba_warehouse: Annotated[
        str,
        Field(
            pattern=_CODE,
            title="FBA warehouse",
            description="Code of the warehouse that stands for Amazon's stock of this account.",
            json_schema_extra=in_chinese("FBA 仓库", "代表该账户在亚马逊库存的仓库的编码。"),
        ),
    ] = "FBA"
    awd_warehouse: Annotated[
        str,
        Field(
            pattern=_CODE_OR_NONE,
            title="AWD warehouse",
            description="Code of the warehouse for Amazon's upstream storage; empty: none.",
            json_schema_extra=in_chinese("AWD 仓库", "亚马逊上游仓储的仓库编码；留空：没有。"),
        ),
    ] = ""
    smallest_report_share: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Smallest share of rows",
            description="A report with a smaller share of the rows of the last good one is refused as unreliable. 0 takes every report.",
            json_schema_extra=in_chinese("最小行数比例", "行数低于上次完好报告的此比例时，视为不可靠而拒绝。0：全部接受。"),
        ),
    ] = 0.6
    rivals: Annotated[
        list[str],
        Field(
            max_length=500,
            title="Rivals",
            description="SKU=ASIN, a line each: whose rank and price are watched beside that SKU.",
            json_schema_extra=in_chinese("竞品", "每行一个 SKU=ASIN：在该 SKU 旁监测其排名与价格。"),
        ),
    ] = []
    stock_out_words: Annotated[
        list[Annotated[str, Field(min_length=3, max_length=60)]],
        Field(
            max_length=20,
            title="Words for out of stock",
            description="In the reason of a cancellation by the seller, a line each: the demand is kept then. Not verified with Amazon.",
            json_schema_extra=in_chinese("缺货用语", "卖家取消原因中的词，每行一个：此时保留需求。未向亚马逊核实。"),
        ),
    ] = ["inventory", "out of stock", "no stock"]
    fee_source: Annotated[
        Literal["estimate", "preview"],
        Field(
            title="Fees from",
            description="estimate: asked for each offer. preview: Amazon's fee preview report, which Europe has not had since 2025-10.",
            json_schema_extra=in_chinese("费用来源", "estimate：逐个商品询价。preview：费用预览报告，欧洲自 2025-10 起没有。"),
        ),
    ] = "estimate"
    webhook_secret: Annotated[
        SecretStr | None,
        Field(
            title="Secret of the webhook",
            description="What your own AWS glue, or the receiver, signs notifications with. Empty: none.",
            json_schema_extra=in_chinese("Webhook 密钥", "您的 AWS 转发程序或接收器用于签名通知。留空：没有。"),
        ),
    ] = None
    ship_from: Annotated[
        ShipFrom | None,
        Field(
            title="Ship-from address",
            description="Where inbound plans start and removed goods go. As JSON: name, address_line, city, postal_code, "
            "country_code, phone, state.",
            json_schema_extra=in_chinese(
                "发货地址", "入库计划的起点和移除货物的去处。JSON：name、address_line、city、postal_code、country_code、phone、state。"
            ),
        ),
    ] = None

    @model_validator(mode="after")
    def _marketplaces_are_in_the_region(self) -> Self:
        unknown = [m for m in self.marketplace_ids if m not in BY_ID]
        if unknown:
            raise ValueError(f"Unknown marketplace ids: {', '.join(unknown)}.")
        elsewhere = [f"{m} ({BY_ID[m].site.code})" for m in self.marketplace_ids if BY_ID[m].region is not self.region]
        if elsewhere:
            raise ValueError(f"Not in the region {self.region}, which has a refresh token of its own: {', '.join(elsewhere)}.")
        if len(set(self.marketplace_ids)) < len(self.marketplace_ids):
            raise ValueError("A marketplace id stands there twice.")
        return self

    @field_validator("lwa_rotated_on")
    @classmethod
    def _is_a_day(cls, said: str) -> str:
        if said:
            date.fromisoformat(said)
        return said

    @field_validator("rivals")
    @classmethod
    def _rivals_can_be_read(cls, lines: list[str]) -> list[str]:
        bad = [line for line in lines if not _RIVAL.fullmatch(line)]
        if bad:
            raise ValueError(f"A rival is SKU=ASIN, such as MUG-1=B0ABCDEFGH; this is none: {bad[0][:60]}.")
        return lines

    @property
    def secret_rotated_on(self) -> date | None:
        return date.fromisoformat(self.lwa_rotated_on) if self.lwa_rotated_on else None

    @property
    def rival_asins(self) -> tuple[tuple[str, str], ...]:
        """(our SKU, a rival's ASIN)."""
        found = (_RIVAL.fullmatch(line) for line in self.rivals)
        return tuple((match["sku"], match["asin"]) for match in found if match)

    @property
    def home(self) -> Marketplace:
        """The account's first marketplace: whose stock, reports and prices are read.

        Pan-European and North American stock shows in several marketplaces although it lies there once: it is read in this one alone.
        """
        return BY_ID[self.marketplace_ids[0]]

    @property
    def endpoint(self) -> str:
        """The address that requests go to, without a slash at its end."""
        return str(self.base_url or ENDPOINTS[self.region]).rstrip("/")
