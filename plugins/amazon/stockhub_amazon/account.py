"""What one Amazon seller account needs."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from stockhub_amazon.sites import BY_ID, ENDPOINTS, Region

#: Login with Amazon: where a refresh token becomes an access token.
TOKEN_URL: Final = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address


class AmazonAccountConfig(BaseModel):
    """A seller's authorisation in one region. One refresh token serves all its marketplaces; an account is usually one of them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    lwa_client_id: Annotated[
        str, Field(min_length=1, max_length=200, title="LWA client id", description="Of your app in Seller Central's developer console.")
    ]
    lwa_client_secret: Annotated[
        SecretStr,
        Field(
            min_length=1, title="LWA client secret", description="Amazon lets it expire after 180 days. Kept encrypted, never shown again."
        ),
    ]
    refresh_token: Annotated[
        SecretStr,
        Field(
            min_length=1, title="Refresh token", description="Of the seller's authorisation in this region. Survives a new client secret."
        ),
    ]
    seller_id: Annotated[
        str, Field(pattern=r"^[A-Z0-9]{8,20}$", title="Seller id", description="Also called merchant token; Account Info shows it.")
    ]
    region: Annotated[Region, Field(title="Region", description="na: the Americas. eu: Europe, Middle East, Africa, India. fe: Far East.")]
    marketplace_ids: Annotated[
        list[str],
        Field(
            min_length=1, max_length=len(BY_ID), title="Marketplace ids", description="Such as ATVPDKIKX0DER; all of them in the region."
        ),
    ]
    base_url: Annotated[
        HttpUrl | None,
        Field(title="API address", description="Empty for the region's own. Another one for Amazon's sandbox or a test server."),
    ] = None
    token_url: Annotated[
        HttpUrl, Field(title="Token address", description="Where Login with Amazon gives access tokens; another one for a test server.")
    ] = HttpUrl(TOKEN_URL)

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

    @property
    def endpoint(self) -> str:
        """The address that requests go to, without a slash at its end."""
        return str(self.base_url or ENDPOINTS[self.region]).rstrip("/")
