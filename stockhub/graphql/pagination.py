"""Lists: cursor connections with a stable order, at most a hundred at a time, with a total only where it is asked for."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Expression
from django.utils.translation import gettext, gettext_lazy
from strawberry import Info, relay
from strawberry.relay.utils import should_resolve_list_connection_edges
from strawberry_django.optimizer import optimize

from stockhub.graphql.context import user_of
from stockhub.graphql.errors import bad_input
from stockhub.graphql.limits import storable
from stockhub.graphql.scoping import visible

MAX_FIRST = 100
MAX_OFFSET = 10_000
DEFAULT_FIRST = 50
#: Bulk inputs and lists of codes.
MAX_ROWS = 1_000

First = Annotated[int, strawberry.argument(description="How many to give, at most 100.")]
After = Annotated[str | None, strawberry.argument(description="The cursor after which to go on: `pageInfo.endCursor` of the page before.")]
Offset = Annotated[
    int | None, strawberry.argument(description="How many to skip, at most 10,000: for grids with page numbers. Not together with `after`.")
]
UpdatedSince = Annotated[
    dt.datetime | None,
    strawberry.argument(description="Only what was written at or after this instant: with `includeDeleted` also what was deleted."),
]
IncludeDeleted = Annotated[bool, strawberry.argument(description="Also give what is deleted, as tombstones with `deletedAt`.")]


@strawberry.type(name="Connection", description="A page of a list, with cursors to go on from.")
class Connection(relay.Connection[relay.NodeType]):
    counted: strawberry.Private[QuerySet[Any] | None] = None

    @strawberry.field(description="How many there are in all. Counted only where this field is asked for.")
    def total_count(self) -> int:
        return self.counted.count() if self.counted is not None else 0


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order. `expression` stands in for a nullable column: a cursor needs a place for every row."""

    name: str
    descending: bool = False
    expression: Expression | None = None

    @property
    def column(self) -> str:
        return f"_key_{self.name}" if self.expression is not None else self.name


@dataclass(frozen=True, slots=True)
class Paging:
    """The arguments of a list, as the client gave them."""

    first: int = DEFAULT_FIRST
    after: str | None = None
    offset: int | None = None

    def check(self) -> None:
        if not 0 <= self.first <= MAX_FIRST:
            raise bad_input(gettext("`first` is between 0 and %(most)d.") % {"most": MAX_FIRST})
        if self.offset is not None and self.after is not None:
            raise bad_input(gettext("Give `after` or `offset`, not both."))
        if self.offset is not None and not 0 <= self.offset <= MAX_OFFSET:
            raise bad_input(gettext("`offset` is between 0 and %(most)d. Go on by cursor instead.") % {"most": MAX_OFFSET})


def rows_of(model: type[Model], info: Info) -> QuerySet[Any]:
    """The rows of a model that the asking user sees."""
    return visible(model, model._default_manager.all(), user_of(info))


def read_beside(info: Info, rows: Sequence[Model]) -> None:
    """Lets each of these rows find those that were read with it: what a field has to ask, it asks once for all of them."""
    beside: dict[tuple[type[Model], Any], Sequence[Model]] = info.context.memo.setdefault("read beside", {})
    beside.update({(type(row), row.pk): rows for row in rows})


def beside(info: Info, row: Model) -> Sequence[Any]:
    """The row and those that were read with it; itself alone where nobody said."""
    known: dict[tuple[type[Model], Any], Sequence[Model]] = info.context.memo.get("read beside", {})
    rows = known.get((type(row), row.pk), ())
    return rows if any(each is row for each in rows) else (row,)


def current(rows: QuerySet[Any], *, updated_since: dt.datetime | None, include_deleted: bool) -> QuerySet[Any]:
    """Applies the two arguments of editable objects."""
    if not include_deleted:
        rows = rows.filter(deleted_at__isnull=True)
    return rows if updated_since is None else rows.filter(updated_at__gte=updated_since)


def wanted(values: Sequence[str] | None, name: str) -> list[str] | None:
    """A list of codes to filter by, checked for its length."""
    if values is None:
        return None
    if len(values) > MAX_ROWS:
        raise bad_input(gettext("`%(name)s` takes at most %(most)d values at a time.") % {"name": name, "most": MAX_ROWS})
    return list(values)


def page(info: Info, connection: type[Any], rows: QuerySet[Any], order: Sequence[Key], paging: Paging) -> Any:  # noqa: ANN401 - a connection
    """One page of the rows as the given connection type."""
    paging.check()
    keys = (*order, Key("pk"))
    edge = _edge_type(connection)
    if not should_resolve_list_connection_edges(info):
        return connection(page_info=_page_info([], more=False, before=False), edges=[], counted=rows)
    sought = rows.annotate(**{k.column: k.expression for k in keys if k.expression is not None})
    sought = sought.order_by(*(F(k.column).desc() if k.descending else F(k.column).asc() for k in keys))
    if paging.after is not None:
        sought = sought.filter(_beyond(keys, _opened(paging.after, keys, sought)))
    start = paging.offset or 0
    optimized = _with_columns(optimize(sought, info), keys)
    found = list(optimized[start : start + paging.first + 1])
    read_beside(info, found[: paging.first])
    edges = [edge(node=row, cursor=_sealed(keys, row)) for row in found[: paging.first]]
    info_of_page = _page_info(edges, more=len(found) > paging.first, before=bool(start or paging.after))
    return connection(page_info=info_of_page, edges=edges, counted=rows)


def _edge_type(connection: type[Any]) -> type[Any]:
    del connection  # every connection has the same edge at run time; its GraphQL name comes from the field's type
    return relay.Edge


def _with_columns(rows: QuerySet[Any], keys: Sequence[Key]) -> QuerySet[Any]:
    """Loads the columns of the cursor too, where the optimizer has narrowed the columns."""
    names, deferred = rows.query.deferred_loading
    if deferred:
        return rows
    return rows.only(*names, *(k.name for k in keys if k.expression is None and k.name != "pk"))


def _page_info(edges: Sequence[relay.Edge[Any]], *, more: bool, before: bool) -> relay.PageInfo:
    return relay.PageInfo(
        has_next_page=more,
        has_previous_page=before,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


# --- cursors -------------------------------------------------------------------------------------------------------------------


def _sealed(keys: Sequence[Key], row: Model) -> str:
    """The place of a row in the order, opaque. It names its columns, so that it cannot be used in another order."""
    values = [_plain(getattr(row, k.column)) for k in keys]
    raw = json.dumps([[k.column for k in keys], values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(raw.encode()).decode()


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


_NO_CURSOR = gettext_lazy("`after` is no cursor of this list in this order. Start without it.")


def _opened(cursor: str, keys: Sequence[Key], rows: QuerySet[Any]) -> list[object]:
    """The values of a cursor, each as its column's own type."""
    try:
        names, values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        typed = [_typed(key, value, rows) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError, ValidationError, ArithmeticError) as error:
        raise bad_input(str(_NO_CURSOR)) from error
    if names != [k.column for k in keys]:
        raise bad_input(str(_NO_CURSOR))
    return typed


def _typed(key: Key, value: object, rows: QuerySet[Any]) -> object:
    field = rows.model._meta.pk if key.name == "pk" else None
    if field is None:
        field = key.expression.output_field if key.expression is not None else rows.model._meta.get_field(key.name)
    if value is None or isinstance(value, list | dict | float) or (isinstance(value, str) and not storable(value)):
        raise ValueError("no value of a column")
    typed: object = field.to_python(value)
    if isinstance(typed, int) and abs(typed) >= 2**63:
        raise ValueError("too large")
    return typed


def _beyond(keys: Sequence[Key], values: Sequence[object]) -> Q:
    """Rows after the given place: (a > x) or (a = x and (b > y or …))."""
    condition = NOTHING_BEYOND
    for key, value in reversed(list(zip(keys, values, strict=True))):
        further = Q(**{f"{key.column}__{'lt' if key.descending else 'gt'}": value})
        condition = further if condition is NOTHING_BEYOND else further | (Q(**{key.column: value}) & condition)
    return condition


NOTHING_BEYOND = Q(pk__in=[])
