"""What an export is: its columns, who may have it, what it can be narrowed by, and its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils import translation
from django.utils.translation import get_language

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.exports.filters import Filter

#: Rows that are read, written and sent at a time: what an export holds in memory.
CHUNK: Final = 2_000
Row = Sequence[Any]


class Kind(StrEnum):
    """What a column holds; the formats write it in their own way."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export. `source` is the lookup or the expression that gives it, where the rows are those of a table.

    A text that is stored for readers of any language is told: `tell` makes it of what `source` and those `beside` it give.
    """

    name: str
    kind: Kind
    about: str
    source: str | Combinable = ""
    beside: tuple[str, ...] = ()
    tell: Callable[..., str] | None = None

    @property
    def reads(self) -> tuple[str | Combinable, ...]:
        """What is asked of the table for it."""
        return self.source or self.name, *self.beside


class Export(ABC):
    """One kind of file: a class of these and a place in the registry is all that a new one needs.

    `permissions` are all needed. `columns` are fixed for all who may have the file; which rows are in it is decided by `rows`, which must
    leave out what the viewer may not see.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    permissions: ClassVar[tuple[str, ...]]
    columns: ClassVar[tuple[Column, ...]]
    filters: ClassVar[tuple[Filter, ...]] = ()

    @abstractmethod
    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        """The rows, in a stable order, of what the viewer may see and the filters leave; values as the columns say, None for nothing.

        Called within the request, iterated after it: whatever depends on the actor, the language or the time is settled before the first
        row. `chosen` holds the filters that were given.
        """


def within(rows: QuerySet[Any], viewer: User, *, warehouse: str = "", account: str = "", unowned: bool = False) -> QuerySet[Any]:
    """The rows of the warehouses and accounts that the viewer may see; with `unowned` also those of none."""
    for path, ids in ((warehouse, visible_warehouse_ids(viewer)), (account, visible_account_ids(viewer))):
        if path and ids is not None:
            seen = Q(**{f"{path}__in": ids})
            rows = rows.filter(seen | Q(**{f"{path}__isnull": True}) if unowned else seen)
    return rows


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a model as an export: scoped, narrowed, ordered by its primary key and read through one cursor.

    PostgreSQL keeps the result of the statement aside until it is fetched; on SQLite the statement reads on. Either way the file is one
    consistent state, and memory holds a chunk of it.
    """

    model: type[Model]
    scope: Callable[[QuerySet[Any], User], QuerySet[Any]]
    order: tuple[str, ...] = ("pk",)
    annotations: Mapping[str, Combinable] = field(default_factory=dict)

    def rows(self, columns: Sequence[Column], filters: Sequence[Filter], viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        found = self.scope(self.model._default_manager.annotate(**self.annotations), viewer)
        for each in filters:
            if each.name in chosen:
                found = found.filter(each.condition(chosen[each.name]))
        found = found.order_by(*self.order)
        read = found.values_list(*(each for column in columns for each in column.reads)).iterator(chunk_size=CHUNK)
        return _told(read, columns, get_language()) if any(column.tell for column in columns) else read


def _told(rows: Iterator[Row], columns: Sequence[Column], language: str | None) -> Iterator[Row]:
    """The rows with their texts in the language of the request, which is over when they are read."""
    for row in rows:
        values, at = [], 0
        with translation.override(language):
            for column in columns:
                own = row[at : at + len(column.reads)]
                at += len(column.reads)
                values.append(column.tell(*own) if column.tell else own[0])
        yield values


class TableExport(Export):
    """An export of one table's rows."""

    table: ClassVar[Table]

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        return self.table.rows(self.columns, self.filters, viewer, chosen)
