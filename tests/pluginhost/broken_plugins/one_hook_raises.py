"""Its forecasters cannot be had; its marketplace can."""

from pydantic import BaseModel

from stockhub.pluginapi import Manifest, MarketplaceConnector, Site, hookimpl
from stockhub.values import Label


class Account(BaseModel):
    pass


class Bazaar(MarketplaceConnector):
    slug = "bazaar"
    name = Label("Bazaar", "集市")
    sites = (Site("TR", Label("Türkiye", "土耳其"), "Europe/Istanbul", "TRY"),)
    account_config_model = Account


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="half", name=Label("Half", "一半"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_marketplaces(request: object) -> list[MarketplaceConnector]:
    return [Bazaar()]


@hookimpl
def stockhub_register_forecasters(request: object) -> list[object]:
    raise LookupError("no model file")
