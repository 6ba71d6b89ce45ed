"""What one Douyin shop needs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

#: The production gateway. Method `order.searchList` is POSTed to `/order/searchList`.
GATEWAY: Final = "https://openapi-fxg.jinritemai.com"


class AppKind(StrEnum):
    """Who made the app in the open platform: it decides how the shop is authorised."""

    SELF_USE = "self_use"
    SERVICE = "service"


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
    refresh_token: Annotated[
        SecretStr | None,
        Field(title="Refresh token", description="Needed for a service app, whose shop was authorised in the browser. Empty for self-use."),
    ] = None
    base_url: Annotated[
        HttpUrl,
        Field(title="Gateway", description="Address of the open platform's gateway; another one for its sandbox or a test server."),
    ] = HttpUrl(GATEWAY)

    @model_validator(mode="after")
    def _service_apps_need_a_token(self) -> Self:
        if self.app_kind is AppKind.SERVICE and not (self.refresh_token and self.refresh_token.get_secret_value()):
            raise ValueError("A service app needs the refresh token of the shop's authorisation.")
        return self
