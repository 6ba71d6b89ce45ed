"""From an input to a service and from its failures to a payload: the same for every mutation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import strawberry
from django.db.models import Model
from strawberry import UNSET, Info, relay

from stockhub.catalog.services import RowResult, RowStatus
from stockhub.editing.recording import recording
from stockhub.graphql.errors import UserError, error_of
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import MoneyInput
from stockhub.graphql.together import read_together
from stockhub.values import DomainError

D = TypeVar("D")
D_co = TypeVar("D_co", covariant=True)
T = TypeVar("T")


class ServiceInput(Protocol[D_co]):
    """An input of a mutation that knows what it is to the service."""

    def to_service(self) -> D_co: ...


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


def to_services(rows: Sequence[ServiceInput[D]]) -> list[D]:
    """The service's inputs of the rows of a bulk input."""
    return [row.to_service() for row in rows]


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
        return None, [error_of(each, prefix=("input",)) for each in failure.all]


@strawberry.type
class Outcome:
    """Base of what becomes of a row: a type adds the object as it is now, by `now`."""

    result: strawberry.Private[RowResult]
    together: strawberry.Private[tuple[int, ...]]
    #: The list of the input that the row stands in, for the paths of its errors; empty where the rows were not the client's.
    rows_path: strawberry.Private[tuple[str, ...]] = ("input", "rows")

    @strawberry.field(description="The row's place, from 0.")
    def index(self) -> int:
        return self.result.index

    @strawberry.field(description="What became of it.")
    def status(self) -> RowStatusEnum:
        return self.result.status

    @strawberry.field(description="Why it was refused; empty where it was not.")
    def errors(self) -> list[UserError]:
        error = self.result.error
        return [] if error is None else [error_of(error, prefix=(*self.rows_path, str(self.result.index)))]

    def now(self, info: Info, model: type[Model]) -> Any:  # noqa: ANN401 - a row or None
        return read_together(info, model, self.result.id, self.together)


@strawberry.type
class Written:
    """Base of the payload of one upsert: a type adds the object as it is now, by `now`."""

    written: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was written where there are any.")

    def now(self, info: Info, model: type[Model]) -> Any:  # noqa: ANN401 - a row or None
        return read_together(info, model, self.written, [self.written or 0])


@strawberry.type
class ManyWritten:
    """Base of the payload of a bulk upsert: a type adds its `results`."""

    recorded: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Failures of the whole; nothing was written where there are any.")

    @strawberry.field(description="The change set of all rows, for `changeSetUndo`; null where nothing was changed.")
    def change_set_id(self) -> relay.GlobalID | None:
        return None if self.recorded is None else relay.GlobalID("ChangeSet", str(self.recorded))


R = TypeVar("R", bound=Outcome)
P = TypeVar("P", bound=ManyWritten)
W = TypeVar("W", bound=Written)


def write_one(payload: Callable[..., W], work: Callable[[], Model]) -> W:
    """The payload of one upsert."""
    obj, errors = attempt(work)
    return payload(written=obj.pk if obj else None, errors=errors)


def write_many(payload: Callable[..., P], outcome: Callable[..., R], work: Callable[[], Sequence[RowResult]]) -> P:
    """The payload of a bulk upsert, whose changes are one change set."""
    with recording() as recorded:
        told, errors = attempt(work)
    change_set = recorded.change_set if told is not None else None
    return payload(results=outcomes(outcome, told or ()), recorded=change_set.pk if change_set else None, errors=errors)


def outcomes(outcome: Callable[..., R], told: Sequence[RowResult], **options: Any) -> list[R]:  # noqa: ANN401 - fields of the type
    """An outcome for each row; their objects are read together."""
    together = tuple(result.id for result in told if result.id is not None)
    return [outcome(result=result, together=together, **options) for result in told]
