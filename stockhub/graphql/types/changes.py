"""What changed, in the order in which it was recorded: for systems that poll."""

from __future__ import annotations

import datetime as dt

import strawberry
from strawberry import relay
from strawberry.scalars import JSON

from stockhub.graphql.labels import Slugged


@strawberry.type(description="Something that happened. `object` is what to read again; nothing in it has to be believed without reading.")
class Change:
    kind: Slugged = strawberry.field(description="What happened: <area>.<noun>_<past participle>.v<n>.")
    entity: str = strawberry.field(description="Area and noun of what it happened to, such as catalog.sku.")
    entity_id: strawberry.ID | None = strawberry.field(description="Its number within the entity, as text.")
    node_id: relay.GlobalID | None = strawberry.field(description="The id for `node`, where the entity is part of this graph.")
    payload: JSON | None = strawberry.field(description="Its numbers; null where they also speak of warehouses that the user does not see.")
    actor: str = strawberry.field(description="Who caused it.")
    correlation_id: str = strawberry.field(description="The id of the request or cycle that caused it, or empty.")
    occurred_at: dt.datetime = strawberry.field(description="When it happened.")
    recorded_at: dt.datetime = strawberry.field(description="When we were told.")


@strawberry.type(description="A change and the cursor to go on from.")
class ChangeEdge:
    cursor: str = strawberry.field(description="Goes on after this change.")
    node: Change = strawberry.field(description="The change.")


@strawberry.type(description="Changes in the order in which they were recorded.")
class ChangeConnection:
    edges: list[ChangeEdge] = strawberry.field(description="The changes of this page.")
    page_info: relay.PageInfo = strawberry.field(
        description="`endCursor` is where to go on next time, also where the page is empty; keep it and poll."
    )
