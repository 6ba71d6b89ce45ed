"""Marketplaces that there are connectors for, and what an account on each needs."""

from __future__ import annotations

import strawberry
from strawberry.scalars import JSON

from stockhub.graphql.labels import Slugged, slugged
from stockhub.pluginapi import MarketplaceConnector, Site
from stockhub.pluginapi.connectors import FEED_CAPABILITIES, ReceiveWebhook


@strawberry.type(description="A national shop front of a marketplace.")
class MarketplaceSite:
    site: Slugged = strawberry.field(description="Which, by its code.")
    time_zone: str = strawberry.field(description="IANA zone of its business days.")
    currency: str = strawberry.field(description="The currency that it pays in, ISO 4217.")

    @classmethod
    def of(cls, site: Site) -> MarketplaceSite:
        return cls(site=slugged(site.code, site.name), time_zone=site.time_zone, currency=site.currency)


@strawberry.type(description="A marketplace that accounts can be connected to. Plugins bring them.")
class Marketplace:
    marketplace: Slugged = strawberry.field(description="Which.")
    sites: list[MarketplaceSite] = strawberry.field(description="Its shop fronts.")
    config_schema: JSON = strawberry.field(
        description="JSON Schema of what `accountConnect` wants as `config`, secrets among it; Chinese as `title_zh`, `description_zh`."
    )
    feeds: list[str] = strawberry.field(description="The kinds of data that its connector brings.")
    takes_webhooks: bool = strawberry.field(description="Whether it pushes: give it the account's `webhookPath`.")

    @classmethod
    def of(cls, connector: MarketplaceConnector) -> Marketplace:
        return cls(
            marketplace=slugged(connector.slug, connector.name), sites=[MarketplaceSite.of(site) for site in connector.sites],
            config_schema=JSON(connector.account_config_model.model_json_schema()),
            feeds=[str(kind) for kind, (capability, _method) in FEED_CAPABILITIES.items() if isinstance(connector, capability)],
            takes_webhooks=isinstance(connector, ReceiveWebhook),
        )  # fmt: skip
