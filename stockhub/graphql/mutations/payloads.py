"""From an input to a service and from its failures to a payload: the same for every mutation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import strawberry
from strawberry import UNSET

from stockhub.catalog.services import RowResult, RowStatus
from stockhub.graphql.errors import UserError, error_of
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import MoneyInput
from stockhub.values import DomainError

D = TypeVar("D")
T = TypeVar("T")

RowStatusEnum = RowStatus
graphql_enum(
    RowStatusEnum,
    "What became of a row of a bulk mutation.",
    {
        "CREATED": ("Created", "已新建"),
        "UPDATED": ("Updated", "已更新"),
        "UNCHANGED": ("Unchanged", "无变化"),
        "REFUSED": ("Refused", "已拒绝"),
    },
)

INPUT = strawberry.argument(description="What to do, and with what.")


def to_service(given: Any, wanted: type[D], **replaced: object) -> D:  # noqa: ANN401 - a Strawberry input
    """The service's input with the fields of the client's that have the same names."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(wanted):  # type: ignore[arg-type]  # D is a dataclass
        value = replaced.get(field.name, getattr(given, field.name, UNSET))
        if value is not UNSET:
            values[field.name] = value
    return wanted(**values)


def split_money(name: str, value: MoneyInput | None) -> Mapping[str, object]:
    """`unit_cost` as the two columns that hold it; null clears both."""
    if value is UNSET:
        return {}
    return {f"{name}_amount": value.amount if value else None, f"{name}_currency": value.currency if value else None}


def attempt(work: Callable[[], T]) -> tuple[T | None, list[UserError]]:
    """The result, or the expected failure as data."""
    try:
        return work(), []
    except DomainError as failure:
        return None, [error_of(failure, prefix=("input",))]


def row_errors(result: RowResult) -> list[UserError]:
    return [] if result.error is None else [error_of(result.error, prefix=("input", "rows", str(result.index)))]


def ids_of(results: Sequence[RowResult]) -> tuple[int, ...]:
    return tuple(result.id for result in results if result.id is not None)
