"""The outbox as a feed for systems that poll: every event once, in order, and none of another shop."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import strawberry
from django.db.models import Q, QuerySet
from strawberry import Info, relay

from stockhub.access.models import User
from stockhub.graphql.context import user_of
from stockhub.graphql.errors import bad_input
from stockhub.graphql.labels import slugged
from stockhub.graphql.nodes import NODE_TYPES, TYPE_OF_ENTITY, model_of
from stockhub.graphql.pagination import Paging, rows_of
from stockhub.graphql.permissions import TYPE_PERMISSIONS
from stockhub.graphql.scoping import sees_everything
from stockhub.graphql.types.changes import Change, ChangeConnection, ChangeEdge
from stockhub.outbox.models import Event

_PREFIX = "event:"


def read_changes(
    info: Info, *, after: str | None, kinds: Sequence[str] | None, entities: Sequence[str] | None, first: int
) -> ChangeConnection:
    """The events after a cursor. The cursor of an empty page is the one that came in, so that a poller never goes back."""
    Paging(first, after).check()
    rows = _visible_events(info).filter(pk__gt=_place(after)).order_by("pk")
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    found = list(rows[: first + 1])
    whole = sees_everything(user_of(info))
    edges = [ChangeEdge(cursor=_cursor(e.pk), node=_change(e, with_payload=whole)) for e in found[:first]]
    page_info = relay.PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else after,
    )
    return ChangeConnection(edges=edges, page_info=page_info)


def _visible_events(info: Info) -> QuerySet[Event]:
    """Events of what the user may read. Events of entities outside the graph are for those who see everything."""
    user = user_of(info)
    if not isinstance(user, User):
        return Event.objects.none()
    if user.is_superuser:
        return Event.objects.all()
    allowed = {entity: kind for entity, kind in TYPE_OF_ENTITY.items() if user.has_perm(TYPE_PERMISSIONS[kind])}
    if sees_everything(user):
        return Event.objects.filter(entity__in=allowed)
    condition = Q(pk__in=[])
    for entity, kind in allowed.items():
        condition |= Q(entity=entity, entity_id__in=rows_of(model_of(NODE_TYPES[kind]), info).values("pk"))
    return Event.objects.filter(condition)


def _change(event: Event, *, with_payload: bool) -> Change:
    kind = TYPE_OF_ENTITY.get(event.entity)
    node_id = relay.GlobalID(kind, str(event.entity_id)) if kind and event.entity_id is not None else None
    payload: Any = event.payload if with_payload else None
    return Change(
        kind=slugged(event.kind),
        entity=event.entity,
        entity_id=None if event.entity_id is None else strawberry.ID(str(event.entity_id)),
        node_id=node_id,
        payload=payload,
        actor=event.actor,
        correlation_id=event.correlation_id,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
    )


def _cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(f"{_PREFIX}{pk}".encode()).decode()


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error) as error:
        raise bad_input("`after` is no cursor of the changes. Start without it.") from error
    number = text.removeprefix(_PREFIX)
    if not text.startswith(_PREFIX) or not number.isascii() or not number.isdigit() or int(number) >= 2**63:
        raise bad_input("`after` is no cursor of the changes. Start without it.")
    return int(number)
