"""Queries whose text is made once in a process: what is asked again and again differs in its parameters alone.

The ORM takes longer to write a query of a few rows as text than the server takes to answer it. `kept` marks a function that gives a
queryset: it is called once for each shape of its arguments, with places in the stead of their values, and its text is used from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, DateField, DateTimeField, Expression, Field, QuerySet

from stockhub.core import ranges
from stockhub.core.columns import Kind, Text, ask, nothing, text_of
from stockhub.core.lookups import ids_as_parameter
from stockhub.core.remembering import memory, remembered

_FIELDS: Final[tuple[tuple[type, type[Field[Any, Any]]], ...]] = ((datetime, DateTimeField), (date, DateField), (int, BigIntegerField))


class Place(Expression):
    """Where a value will stand. It travels through the ORM as the parameter itself."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401, ARG002 - Django's signature
        return "%s", (self,)

    def bound(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any column's value
        """The value as the driver takes it."""
        return self.output_field.get_db_prep_value(given[self.name], connection)


class IdsPlace(Place):
    """Where a list of whole numbers will stand, one parameter however long it is."""

    def __init__(self, name: str) -> None:
        super().__init__(name, BigIntegerField())

    def bound(self, given: Mapping[str, Any]) -> str:
        return ids_as_parameter(given[self.name])


class _End(Place):
    """Where the first or the last of a list of whole numbers will stand."""

    def __init__(self, name: str, end: str) -> None:
        super().__init__(name, BigIntegerField())
        self.end = end

    def bound(self, given: Mapping[str, Any]) -> int:
        ids = np.asarray(given[self.name] if isinstance(given[self.name], np.ndarray) else list(given[self.name]), np.int64)
        return int(ids.min() if self.end == "first" else ids.max())


@dataclass(frozen=True, slots=True)
class KeptIds:
    """Stands for a list of ids: `ranges.id_filter` takes it for one. `every` is the list itself, however long it is."""

    name: str
    many: bool

    def filter_of(self, name: str) -> dict[str, Any]:
        if self.many:
            return {f"{name}__gte": _End(self.name, "first"), f"{name}__lte": _End(self.name, "last")}
        return {f"{name}__any_of": self.every}

    @property
    def every(self) -> IdsPlace:
        return IdsPlace(self.name)


@dataclass(slots=True)
class Kept:
    """A query of named arguments, and the texts that it has been so far.

    A date, an instant or a number is a parameter; so is an array, a list or a set of ids (many have another text than few). Texts, truths,
    tuples and None are part of the question: each value of them makes a text of its own, so there must be few.

    Where answers are remembered (`core.remembering`), one to a question that names neither ids nor an instant is: it is of a whole table.
    """

    make: Callable[..., QuerySet[Any]]
    columns: Mapping[str, Kind]
    _texts: dict[tuple[Any, ...], Text] = field(default_factory=dict)

    def __call__(self, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - what the marked function takes
        """The columns of its rows, as `columns.read` gives them."""
        if memory() is None or any(_is_ids(value) or isinstance(value, datetime) for value in given.values()):
            return self._asked(given)
        return remembered((id(self), *given.items()), lambda: _read_only(self._asked(given)))

    def _asked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        shape = (connection.vendor, *[_shape(name, value) for name, value in given.items()])
        text = self._texts.get(shape)
        if text is None:
            try:
                text = text_of(self.make(**{name: _stand_in(name, value) for name, value in given.items()}), self.columns)
            except EmptyResultSet:
                return nothing(self.columns)
            self._texts[shape] = text
        return ask(text, [part.bound(given) if isinstance(part, Place) else part for part in text.params], self.columns)

    def tuples(self, **given: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - what the marked function takes
        """Its rows as tuples of Python's own values: for the few rows of small tables."""
        return list(zip(*[column.tolist() for column in self(**given).values()], strict=True))


def kept(columns: Mapping[str, Kind]) -> Callable[[Callable[..., QuerySet[Any]]], Kept]:
    """Marks a function whose queryset is read as these columns, by `columns.read`, and whose text is kept."""
    return lambda make: Kept(make, columns)


def _read_only(columns: dict[str, Any]) -> dict[str, Any]:
    """The same columns, of which none can be changed by whoever gets them."""
    for column in columns.values():
        if isinstance(column, np.ndarray):
            column.flags.writeable = False
    return columns


def _is_ids(value: Any) -> bool:  # noqa: ANN401 - an argument
    return isinstance(value, np.ndarray | list | set | frozenset | range)


def _shape(name: str, value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an argument
    if _is_ids(value):
        return name, "ids", ranges.is_ranged(value)
    if isinstance(value, bool | str | tuple) or value is None:
        return name, "is", value
    return name, type(value)


def _stand_in(name: str, value: Any) -> Any:  # noqa: ANN401 - an argument
    if _is_ids(value):
        return KeptIds(name, ranges.is_ranged(value))
    if isinstance(value, bool | str | tuple) or value is None:
        return value
    for kind, its in _FIELDS:
        if isinstance(value, kind):
            return Place(name, its())
    raise TypeError(f"{name} is a {type(value).__name__}; a kept query takes ids, dates, instants, whole numbers and texts.")
