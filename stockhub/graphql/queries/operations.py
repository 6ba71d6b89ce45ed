"""Reading what the server does: cycles, plugins, changes, itself, and who is asking."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from strawberry import Info, relay

from stockhub.cycles import models
from stockhub.graphql.changes import read_changes
from stockhub.graphql.context import user_of
from stockhub.graphql.nodes import find_nodes
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of, wanted
from stockhub.graphql.permissions import BY_TYPE, root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.changes import ChangeConnection
from stockhub.graphql.types.cycles import Cycle, Plugin, Provider
from stockhub.graphql.types.service import Service, Viewer, service, viewer
from stockhub.pluginhost import models as plugins

_LATEST = (Key("slot_at", descending=True),)


@strawberry.type
class OperationsQuery:
    @strawberry.field(description="Who is asking, as the server knows him; null for nobody. Open to all.")
    def me(self, info: Info) -> Viewer | None:
        return viewer(user_of(info))

    @strawberry.field(description="What this server is. Open to all.")
    def service(self) -> Service:
        return service()

    @root_field(BY_TYPE, "The object with this id; null where there is none that the user sees.")
    def node(self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]) -> relay.Node | None:  # noqa: A002
        return find_nodes(info, [id])[0]

    @root_field(BY_TYPE, "The objects with these ids, at most 100, in their order; null in place of what is not there.")
    def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids.")]
    ) -> list[relay.Node | None]:
        return find_nodes(info, ids)

    @root_field("outbox.view_event", "Everything that changed, in the order in which it was recorded. Keep `endCursor` and poll.")
    def changes(
        self,
        info: Info,
        after: After = None,
        kinds: Annotated[list[str] | None, strawberry.argument(description="Only events of these kinds.")] = None,
        entities: Annotated[
            list[str] | None, strawberry.argument(description="Only events of these entities, such as catalog.sku.")
        ] = None,
        first: First = DEFAULT_FIRST,
    ) -> ChangeConnection:
        return read_changes(info, after=after, kinds=wanted(kinds, "kinds"), entities=wanted(entities, "entities"), first=first)

    @root_field("cycles.view_cycle", "The run of a cycle for a slot; null where there is none.")
    def cycle(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="Which cycle: warnings, forecast, …")],
        slot_at: Annotated[dt.datetime, strawberry.argument(description="The moment that the run is for.")],
    ) -> Cycle | None:
        return by_key(info, models.Cycle, name=name, slot_at=slot_at)

    @root_field("cycles.view_cycle", "Runs of cycles, the latest slot first.")
    def cycles(
        self,
        info: Info,
        name: Annotated[str | None, strawberry.argument(description="Only runs of this cycle.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Cycle]:
        rows = rows_of(models.Cycle, info)
        if name is not None:
            rows = rows.filter(name=name)
        return page(info, Connection[Cycle], rows, _LATEST, Paging(first, after, offset))

    @root_field("pluginhost.view_plugin", "The plugin with this slug; null where there is none.")
    def plugin_by_slug(self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug.")]) -> Plugin | None:
        return by_key(info, plugins.Plugin, slug=slug)

    @root_field("pluginhost.view_plugin", "The installed plugins.")
    def plugins(self, info: Info, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None) -> Connection[Plugin]:
        return page(info, Connection[Plugin], rows_of(plugins.Plugin, info), (Key("slug"),), Paging(first, after, offset))

    @root_field("pluginhost.view_provider", "What a plugin brings, by its kind and slug; null where there is none.")
    def provider(
        self,
        info: Info,
        kind: Annotated[str, strawberry.argument(description="forecaster, alert_rule, marketplace, …")],
        slug: Annotated[str, strawberry.argument(description="Its slug.")],
    ) -> Provider | None:
        return by_key(info, plugins.Provider, kind=kind, slug=slug)

    @root_field("pluginhost.view_provider", "What all plugins bring, and how it does.")
    def providers(self, info: Info, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None) -> Connection[Provider]:
        return page(info, Connection[Provider], rows_of(plugins.Provider, info), (Key("kind"), Key("slug")), Paging(first, after, offset))
