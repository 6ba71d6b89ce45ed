"""Accounts and their listings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.channels import models
from stockhub.channels.connecting import models as connecting_models
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.references import ExternalRef, external_refs
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku
from stockhub.graphql.types.editable import Editable, Scoped
from stockhub.graphql.types.feeds import Feed

AccountMode = models.AccountMode
graphql_enum(
    AccountMode,
    "Whether anything is pushed to the platform.",
    {
        "READ_ONLY": ("Read only: nothing is pushed to the platform", "只读：不向平台推送"),
        "WRITE": ("Stock and prices are pushed", "可写：推送库存与价格"),
    },
)
ReduceOn = models.ReduceOn
graphql_enum(
    ReduceOn,
    "When an order takes stock.",
    {"CREATE": ("When the order is created", "下单减库存"), "PAY": ("When the order is paid", "付款减库存")},
)


AuthorizationState = connecting_models.AuthorizationState
graphql_enum(
    AuthorizationState,
    "Whether an account may ask its platform.",
    {
        "NONE": ("Not authorised yet", "尚未授权"),
        "AUTHORISED": ("Authorised", "已授权"),
        "LOST": ("To be authorised again", "需要重新授权"),
        "DISCONNECTED": ("Disconnected by a person", "已由人工断开"),
    },
)


@strawberry_django.type(
    connecting_models.AccountAuthorization, description="Whether an account may ask its platform, and for how long. Tokens are never told."
)
class AccountAuthorization(Scoped):
    state: AuthorizationState = field(description="Whether it may.")
    subject: str = field(description="The shop or seller, as the platform calls it; empty where it did not say.")
    scope: str = field(description="What the platform allows, in its own words.")
    expires_at: dt.datetime | None = field(description="Until when the present token holds; it is renewed before.")
    refresh_expires_at: dt.datetime | None = field(description="Until when it can be renewed; null where there is no end.")
    reason: str = field(description="Why it was lost, with what to do; empty otherwise.")
    reason_code: str = field(description="The reason as a word for programs; empty where there is none.")
    lost_at: dt.datetime | None = field(description="When it was lost.")


@strawberry_django.type(models.Account, description="One shop on one marketplace.")
class Account(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    site: str = field(description="The marketplace's site, such as US, or empty.")
    time_zone: str = field(description="IANA zone of its business days.")
    currency: str = field(description="The currency it sells in, ISO 4217.")
    mode: AccountMode = field(description="Whether anything is pushed to the platform.")
    reduce_on: ReduceOn = field(description="When its orders take stock.")
    is_active: bool = field(description="Whether it is read.")
    baseline_at: dt.datetime | None = field(description="When its first warning cycle set the baseline.")
    feeds: list[Feed] = field(description="How fresh its data are, a feed for each kind.")
    authorization: AccountAuthorization | None = field(description="Whether it may ask its platform; null where nobody tried yet.")
    external_refs: list[ExternalRef] = external_refs("channels.account")

    @field(only=["marketplace"], description="The marketplace: plugins bring them.")
    def marketplace(self, root: strawberry.Parent[Any]) -> Slugged:
        return slugged(root.marketplace)


@strawberry_django.type(models.ListingComponent, description="Units of a SKU in a listing, within dates.")
class ListingComponent(Scoped):
    sku: Sku = field(description="What is delivered.")
    listing: Listing = field(description="By which listing.")
    qty: Quantity = field(description="Units that selling it once takes.")
    valid_from: dt.date | None = field(description="First day; a day of the account's zone.")
    valid_to: dt.date | None = field(description="Last day; a day of the account's zone.")


@strawberry_django.type(models.Listing, description="An offer on an account. Without components it is unmapped: kept, and linked later.")
class Listing(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    account: Account = field(description="Where it is offered.")
    kind: str = field(description="What its code is: sku, asin, msku, product_id, sku_id, …")
    code: str = field(description="Its code, unique for its account and kind.")
    title: str = field(description="Its title.")
    status: str = field(description="Its state on the platform.")
    url: str = field(description="Its address, or empty.")
    first_seen_at: dt.datetime = field(description="When it was first read.")
    last_sold_at: dt.datetime | None = field(description="When it last sold.")
    components: list[ListingComponent] = field(description="What it delivers.")
    external_refs: list[ExternalRef] = external_refs("channels.listing")
