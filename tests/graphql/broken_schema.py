"""A schema with one breach of every convention."""

from __future__ import annotations

import enum

import strawberry

from stockhub.graphql.pagination import First


@strawberry.enum(description="Plugins add stages.")
class LifeStage(enum.Enum):
    NEW = strawberry.enum_value("new", description="New.")


@strawberry.interface(description="An object.")
class Node:
    id: strawberry.ID = strawberry.field(description="Its id.")


@strawberry.type(description="A thing.")
class Thing(Node):
    price: float = strawberry.field(description="What it costs.")
    name: str
    stage: LifeStage = strawberry.field(description="Its stage.")


@strawberry.type(description="A page.")
class ThingConnection:
    edges: list[str] = strawberry.field(description="Things.")


@strawberry.type
class Query:
    @strawberry.field(description="All things.")
    def things(self) -> list[Thing]:
        return []

    @strawberry.field(description="A page of things.")
    def page(self, first: First = 500, after: str | None = None) -> ThingConnection:
        return ThingConnection(edges=[])


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Approves.")
    def approve_thing(self, name: str) -> bool:
        return True


schema = strawberry.Schema(query=Query, mutation=Mutation)
