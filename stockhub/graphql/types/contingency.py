"""What is to be done when an event of a type comes."""

from __future__ import annotations

from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.demand import models
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Editable, Scoped


@strawberry_django.type(models.ContingencyPlan, description="What to do when an event of a type comes: it opens by itself, as a warning.")
class ContingencyPlan(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    event_type: str = field(description="The type of the events that open it, such as 618 or typhoon.")
    account: Account | None = field(description="Where; null for any account.")
    days_before: int = field(description="So many days before the event's first day it opens.")
    plan: str = field(description="What is to be done, in a few sentences.")

    @field(only=["tasks"], description="The tasks, a text each.")
    def tasks(self, root: strawberry.Parent[Any]) -> list[str]:
        return list(root.tasks)
