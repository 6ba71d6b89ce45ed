"""Suppliers and their offers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.graphql.metrics import Money, money
from stockhub.graphql.references import ExternalRef, external_refs
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku, StockPool
from stockhub.graphql.types.editable import Editable, Scoped
from stockhub.suppliers import models


def days(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


@strawberry_django.type(models.Supplier, description="Somebody we buy from.")
class Supplier(relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    country: str = field(description="ISO 3166 code of two letters, or empty.")
    time_zone: str = field(description="IANA zone of its business days.")
    currency: str = field(description="The currency it invoices in, ISO 4217.")
    is_local: bool = field(description="Near enough for a delivery within a day.")
    is_active: bool = field(description="Whether we still buy there.")
    contact_name: str = field(description="Whom to speak to, or empty.")
    email: str = field(description="Address for orders, or empty.")
    phone: str = field(description="Telephone, or empty.")
    notes: str = field(description="Notes of the buyers.")
    external_refs: list[ExternalRef] = external_refs("suppliers.supplier")


@strawberry_django.type(models.PriceBreak, description="The unit price from a quantity on, in the offer's currency.")
class PriceBreak:
    min_qty: Quantity = field(description="From this quantity on.")
    unit_price_amount: Decimal = field(description="The price of one unit, in the offer's currency.")


@strawberry_django.type(models.LeadTimeLeg, description="One leg of a lead time; legs add up.")
class LeadTimeLeg:
    position: int = field(description="Its place, from 1.")
    name: str = field(description="Its name, such as production.")

    @field(only=["days"], description="How long it takes.")
    def days(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.days))

    @field(only=["sd_days"], description="Standard deviation of how long it takes.")
    def sd_days(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.sd_days))


@strawberry_django.type(models.Offer, description="A supplier's terms for a SKU.")
class Offer(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    supplier: Supplier = field(description="Who offers.")
    sku: Sku = field(description="What is offered.")
    pool: StockPool | None = field(description="Where it is delivered to; null for every pool.")
    supplier_sku: str = field(description="The supplier's code for the SKU, or empty.")
    moq: Quantity = field(description="The smallest quantity that can be ordered.")
    case_pack: Quantity = field(description="Units in a case; orders are whole cases.")
    preference: int = field(description="The lowest number is asked first.")
    is_active: bool = field(description="Whether it can be used.")
    valid_from: dt.date | None = field(description="First day; a day of the supplier's zone.")
    valid_to: dt.date | None = field(description="Last day; a day of the supplier's zone.")
    price_breaks: list[PriceBreak] = field(description="Prices by quantity, the smallest quantity first.")
    legs: list[LeadTimeLeg] = field(description="The legs of the lead time, in order.")
    external_refs: list[ExternalRef] = external_refs("suppliers.offer")

    @field(only=["unit_price_amount", "currency"], description="The price of one unit below the first price break.")
    def unit_price(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.unit_price_amount, root.currency)

    @field(only=["currency"], description="The currency of its prices, ISO 4217.")
    def currency(self, root: strawberry.Parent[Any]) -> str:
        return str(root.currency)

    @field(only=["lead_time_days"], description="Days from order to stock, where no legs are given.")
    def lead_time_days(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return days(root.lead_time_days)

    @field(only=["lead_time_sd_days"], description="Standard deviation of the lead time in days.")
    def lead_time_sd_days(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return days(root.lead_time_sd_days)
