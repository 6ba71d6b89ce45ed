"""The like SKUs of new ones, as people have named them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.demand import models
from stockhub.graphql.types.catalog import Sku
from stockhub.graphql.types.editable import Editable


@strawberry_django.type(models.LaunchAnalogue, description="The SKU whose launch a new one is taken to repeat, as a person named it.")
class LaunchAnalogue(relay.Node, Editable):
    id: relay.NodeID[int]
    sku: Sku = field(description="The new SKU.")
    like_sku: Sku = field(description="The one that it is like.")
    ends_on: dt.date | None = field(description="The last day that it holds for; null: until the SKU is established.")
    reason: str = field(description="Why, in words.")
    made_by: str = field(description="Who said so: a user, or a part of the system.")

    @field(only=["scale"], description="How many times as much the new one is taken to sell.")
    def scale(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.scale))
