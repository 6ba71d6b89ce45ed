"""Amazon as a marketplace."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel

from stockhub.pluginapi import MarketplaceConnector, ReduceOn, Site
from stockhub.values import Label
from stockhub_amazon.account import AmazonAccountConfig
from stockhub_amazon.sites import MARKETPLACES


class AmazonConnector(MarketplaceConnector):
    """Seller accounts on Amazon. No capability is declared, because no protocol is built."""

    slug: ClassVar[str] = "amazon"
    name: ClassVar[Label] = Label("Amazon", "亚马逊")
    sites: ClassVar[tuple[Site, ...]] = tuple(m.site for m in MARKETPLACES)
    account_config_model: ClassVar[type[BaseModel]] = AmazonAccountConfig
    reduce_on: ClassVar[ReduceOn] = ReduceOn.CREATE
