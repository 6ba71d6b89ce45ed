"""The outbox as a feed for systems that poll: every event once, in order, and none of another shop."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from strawberry import Info, relay

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.core import clock
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
#: Events that are read at a time.
_BATCH = 200
#: No transaction that records an event takes this long.
_SETTLED_AFTER = dt.timedelta(seconds=60)
#: Recent events that are looked at for holes in one poll; those after them come with the next.
_WATCHED = 10_000
_MAX_ID = 2**63 - 1


#: Events of entities that are no rows, and the type whose permission they need.
_STOCK = "inventory.stock"
_WITHOUT_ROWS = {_STOCK: "Balance"}


def read_changes(
    info: Info, *, after: str | None, kinds: Sequence[str] | None, entities: Sequence[str] | None, first: int
) -> ChangeConnection:
    """The events after a cursor. `endCursor` is the last event that was looked at, so that a poller never goes back."""
    Paging(first, after).check()
    rows = _visible_events(info)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    start = _place(after)
    settled = rows.filter(pk__lt=_unsettled_from(start)).order_by("pk")
    changes, last, more = _scanned(settled, start, first, visible_warehouse_ids(user_of(info)))
    edges = [ChangeEdge(cursor=_cursor(pk), node=change) for pk, change in changes]
    page_info = relay.PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=_cursor(last) if last > start else after,
    )
    return ChangeConnection(edges=edges, page_info=page_info)


def _scanned(rows: QuerySet[Event], start: int, first: int, warehouses: set[int] | None) -> tuple[list[tuple[int, Change]], int, bool]:
    """Up to `first` changes after an event id, the id of the last event that was looked at, and whether there is more."""
    found: list[tuple[int, Change]] = []
    place = start
    while len(found) < first:
        batch = list(rows.filter(pk__gt=place)[:_BATCH])
        for event in batch:
            if len(found) == first:
                return found, place, True
            place = event.pk
            if (change := _change(event, warehouses)) is not None:
                found.append((event.pk, change))
        if len(batch) < _BATCH:
            return found, place, False
    return found, place, rows.filter(pk__gt=place).exists()


def _unsettled_from(start: int) -> int:
    """The first event that has to wait: one behind a missing id, which a transaction that still runs may yet fill.

    Ids are given out before commit, so a later one can be visible first; a poller that went past it would never see the earlier one. A hole
    that is still there after a while belongs to a transaction that was rolled back.
    """
    recent = Event.objects.filter(pk__gt=start, recorded_at__gt=clock.now() - _SETTLED_AFTER).order_by("pk")
    before = Event.objects.filter(pk__lt=recent[:1].values("pk")).order_by("-pk").values_list("pk", flat=True).first()
    for pk in recent.values_list("pk", flat=True)[:_WATCHED]:
        if before is not None and pk != before + 1:
            return pk
        before = pk
    return _MAX_ID if before is None or recent.filter(pk__gt=before).first() is None else before


def _visible_events(info: Info) -> QuerySet[Event]:
    """Events of what the user may read. Events of entities outside the graph are for superusers."""
    user = user_of(info)
    if not isinstance(user, User):
        return Event.objects.none()
    if user.is_superuser:
        return Event.objects.all()
    allowed = {entity: kind for entity, kind in TYPE_OF_ENTITY.items() if user.has_perm(TYPE_PERMISSIONS[kind])}
    without_rows = [entity for entity, kind in _WITHOUT_ROWS.items() if user.has_perm(TYPE_PERMISSIONS[kind])]
    if sees_everything(user):
        return Event.objects.filter(entity__in=[*allowed, *without_rows])
    condition = Q(entity__in=without_rows)
    for entity, kind in allowed.items():
        condition |= Q(entity=entity, entity_id__in=rows_of(model_of(NODE_TYPES[kind]), info).values("pk"))
    return Event.objects.filter(condition)


def _change(event: Event, warehouses: set[int] | None) -> Change | None:
    """The event as the user sees it: None where it speaks of others' warehouses alone, without its numbers where it also does."""
    payload: Any = event.payload
    if event.entity == _STOCK and warehouses is not None:
        touched = set(payload.get("warehouse_ids", ()))
        if not touched & warehouses:
            return None
        payload = payload if touched <= warehouses else None
    kind = TYPE_OF_ENTITY.get(event.entity)
    return Change(
        kind=slugged(event.kind),
        entity=event.entity,
        entity_id=None if event.entity_id is None else strawberry.ID(str(event.entity_id)),
        node_id=relay.GlobalID(kind, str(event.entity_id)) if kind and event.entity_id is not None else None,
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
        raise bad_input(gettext("`after` is no cursor of the changes. Start without it.")) from error
    number = text.removeprefix(_PREFIX)
    if not text.startswith(_PREFIX) or not number.isascii() or not number.isdigit() or int(number) >= 2**63:
        raise bad_input(gettext("`after` is no cursor of the changes. Start without it."))
    return int(number)
