"""Writing many configuration rows at once.

A row is made or changed, a field that is not named is left alone, and a bad row is refused alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.core.models import Editable
from stockhub.core.unset import UNSET
from stockhub.editing.recording import record
from stockhub.outbox.services import emit_events
from stockhub.values.errors import DomainError

#: Of one call; larger files come in chunks.
MAX_ROWS: Final = 1_000

Obj = TypeVar("Obj", bound=Editable)
Row = TypeVar("Row")


class RowStatus(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of the row at `index`. A refused one changed nothing and carries its error."""

    index: int
    status: RowStatus
    id: int | None = None
    version: int | None = None
    error: DomainError | None = None


@dataclass(slots=True)
class Change(Generic[Obj]):
    """One object with the fields that a row changes: name → (old, new)."""

    index: int
    obj: Obj
    is_new: bool
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def set(self, name: str, value: Any) -> None:  # noqa: ANN401 - a column of any type
        old = getattr(self.obj, name)
        if old != value:
            self.fields[name] = (old, value)
            setattr(self.obj, name, value)


def require_size(rows: Sequence[object]) -> None:
    if len(rows) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Send at most %(max)s rows at a time."), params={"max": MAX_ROWS, "rows": len(rows)})


def collect(
    rows: Sequence[Row],
    *,
    key: Callable[[Row], Hashable],
    existing: Mapping[Any, Obj],
    new: Callable[[Row], Obj],
    assign: Callable[[Change[Obj], Row], None],
) -> tuple[list[Change[Obj]], dict[int, DomainError]]:
    """Applies each row to its object in memory; returns the changes and the errors by index."""
    changes: list[Change[Obj]] = []
    errors: dict[int, DomainError] = {}
    seen: set[Hashable] = set()
    for index, row in enumerate(rows):
        its_key = key(row)
        try:
            _take(seen, its_key)
            found = existing.get(its_key)
            change = Change(index, found if found is not None else new(row), found is None)
            _check_version(found, getattr(row, "expected_version", None))
            change.set("deleted_at", None)
            assign(change, row)
            changes.append(change)
        except DomainError as error:
            errors[index] = error
    return changes, errors


def _take(seen: set[Hashable], key: Hashable) -> None:
    if key in seen:
        raise DomainError("duplicate_row", _("This object stands in the list twice."), path=("code",))
    seen.add(key)


def _check_version(found: Editable | None, expected: int | None) -> None:
    if expected is None:
        return
    if found is None:
        message = _("There is no such object to update; leave the expected version out to make one.")
        raise DomainError("not_found", message, path=("expected_version",))
    if found.version != expected:
        raise DomainError(
            "stale_version",
            _("Somebody changed it meanwhile: it has version %(actual)s, not %(expected)s. Read it again and repeat your change."),
            path=("expected_version",),
            params={"expected": expected, "actual": found.version},
        )


def assign_columns(change: Change[Any], row: Any, names: Sequence[str]) -> None:  # noqa: ANN401 - an input dataclass
    """Takes over the named plain columns of an input, validated by the model's own fields; None clears."""
    for name in names:
        given = getattr(row, name)
        if given is not UNSET:
            change.set(name, valid(change.obj, name, given))


def valid(obj: models.Model, name: str, given: Any) -> Any:  # noqa: ANN401 - a column of any type
    """The value as the column keeps it. Raises `required`, `negative_amount`, `unknown_currency` or `invalid_value`, with its path."""
    column = cast("models.Field[Any, Any]", obj._meta.get_field(name))
    if given is None and not column.null:
        if not column.blank:
            raise DomainError("required", _("This field cannot be empty."), path=(name,))
        return column.get_default()
    if isinstance(given, Decimal) and (not given.is_finite() or given < 0):
        raise DomainError("negative_amount", _("An amount is a number from 0 on."), path=(name,), params={"value": str(given)})
    if name.endswith("currency") and given and given not in CURRENCIES:
        raise DomainError("unknown_currency", _("Use an ISO 4217 code such as CNY or USD."), path=(name,), params={"value": given})
    if isinstance(given, str) and "\x00" in given:
        raise DomainError("invalid_value", _("Text cannot hold NUL characters."), path=(name,))
    try:
        return column.clean(given, obj)
    except (ValidationError, TypeError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise DomainError("invalid_value", " ".join(messages), path=(name,), params={"value": str(given)[:200]}) from error


def resolve(known: Mapping[str, int], name: str, given: Any) -> int | None:  # noqa: ANN401 - a code or None
    """The id behind a code. Raises `unknown_<name>`."""
    if given is None:
        return None
    if given not in known:
        raise DomainError(f"unknown_{name}", _("There is no such code; create it first."), path=(name,), params={"value": str(given)[:200]})
    return known[given]


def required(known: Mapping[str, int], name: str, given: Any) -> int:  # noqa: ANN401 - a code
    """The id behind a code that must be there."""
    found = resolve(known, name, given)
    if found is None:
        raise DomainError("required", _("This field cannot be empty."), path=(name,))
    return found


def codes(model: type[Editable], wanted: Sequence[Any]) -> dict[str, int]:
    """Ids by code of the objects that are not deleted; no query where nothing is asked."""
    asked = {code for code in wanted if isinstance(code, str)}
    if not asked:
        return {}
    manager: Any = model._default_manager
    return dict(manager.filter(code__in=asked, deleted_at=None).values_list("code", "id"))


def write(model: type[Obj], changes: Sequence[Change[Obj]], *, noun: str) -> None:
    """Writes what was made and what was changed, raises versions, and records an event with old and new values of each.

    Under `recording` these are one change set.
    """
    now = clock.now()
    made = [change.obj for change in changes if change.is_new]
    changed = [change.obj for change in changes if not change.is_new and change.fields]
    for obj in changed:
        obj.version += 1
        obj.updated_at = now
    manager: Any = model._default_manager
    manager.bulk_create(made)
    if changed:
        columns = [column.name for column in model._meta.concrete_fields if not column.primary_key]
        manager.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    events = emit_events(
        (f"{noun}_changed.v1", noun, change.obj.pk, {"created": change.is_new, "version": change.obj.version, "changes": _told(change)})
        for change in changes
        if change.is_new or change.fields
    )
    record(noun, events)


def results(rows: Sequence[object], changes: Sequence[Change[Any]], errors: Mapping[int, DomainError]) -> list[RowResult]:
    by_index = {change.index: change for change in changes}
    told = []
    for index in range(len(rows)):
        change = by_index.get(index)
        if change is None or index in errors:
            told.append(RowResult(index, RowStatus.REFUSED, error=errors[index]))
            continue
        status = RowStatus.CREATED if change.is_new else RowStatus.UPDATED if change.fields else RowStatus.UNCHANGED
        told.append(RowResult(index, status, change.obj.pk, change.obj.version))
    return told


def the_one(told: Sequence[RowResult]) -> int:
    """The id of a single row's object; raises its error."""
    [result] = told
    if result.error is not None:
        raise result.error
    return cast("int", result.id)


def _told(change: Change[Any]) -> dict[str, list[Any]]:
    return {name: [_json(old), _json(new)] for name, (old, new) in change.fields.items()}


def _json(value: Any) -> Any:  # noqa: ANN401 - any column's value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _json(part) for name, part in dataclasses.asdict(value).items()}
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    return value
