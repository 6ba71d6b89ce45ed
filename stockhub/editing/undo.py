"""Undoing a change set: every object gets back the values that it had, unless somebody has changed it since.

A later change that was itself taken back is in nobody's way, and what took it back neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.core import clock
from stockhub.editing.models import ChangeSet, ChangeSetRow
from stockhub.editing.recording import recording
from stockhub.editing.undoable import Undoable, undoable
from stockhub.editing.upserts import Change, RowResult, results, write
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

PERMISSION = "editing.undo_changeset"


@dataclass(frozen=True, slots=True)
class Undone:
    """A result for each row of the change set, and the change set that did it: None where nothing was left to undo."""

    noun: str
    results: list[RowResult]
    change_set: ChangeSet | None


def undo_change_set(change_set: ChangeSet) -> Undone:
    """Takes back every row of a change set, or refuses it alone.

    An object that the set had made is deleted again. Undoing is a change set of its own, which can be undone in turn. A row that was undone
    before stays so: doing it again changes nothing. Errors of a row: `changed_since`, and what stands in the way of deleting the object.
    """
    kind = undoable(change_set.noun)
    require(PERMISSION)
    try:
        with transaction.atomic():
            return _undo(ChangeSet.objects.select_for_update().get(pk=change_set.pk), kind)
    except IntegrityError as error:
        message = _("Something else has taken the place of one of these objects; change them back one by one.")
        raise DomainError("place_taken", message, path=("change_set_id",)) from error


def _undo(change_set: ChangeSet, kind: Undoable) -> Undone:
    rows = list(change_set.rows.select_related("event").order_by("position"))
    manager: Any = kind.model._default_manager
    objects = {obj.pk: obj for obj in manager.select_for_update().filter(pk__in=[row.event.entity_id for row in rows]).order_by("id")}
    require(kind.permission, warehouse_ids=kind.warehouse_ids(list(objects.values())))
    standing = _standing_since(rows, kind, objects)
    changes: list[Change[Any]] = []
    errors: dict[int, DomainError] = {}
    for row in rows:
        obj = objects.get(row.event.entity_id)
        if row.undone_by_id is not None:
            changes.append(Change(row.position, obj, is_new=False))
            continue
        try:
            changes.append(_reverted(row, obj, kind, standing))
        except DomainError as error:
            errors[row.position] = error
    effective = [change for change in changes if change.fields]
    with recording(undoes=change_set) as recorded:
        write(kind.model, effective, noun=kind.noun)
        kind.write_details(effective)
    _mark(rows, effective, recorded.change_set)
    return Undone(kind.noun, results(rows, changes, errors), recorded.change_set)


def _standing_since(rows: Sequence[ChangeSetRow], kind: Undoable, objects: Mapping[int, Any]) -> dict[int, bool]:
    """For each event of the rows whose object was written later: whether anything of that still stands.

    From the latest on, whose version has to be the object's: an event that took back a later one than ours cancels it, and is as if it had
    not been.
    """
    events = {row.event_id: row.event.entity_id for row in rows}
    own = {entity_id: event_id for event_id, entity_id in events.items()}
    later = Event.objects.filter(entity=kind.noun, entity_id__in=own, id__gt=min(own.values(), default=0)).order_by("-id")
    undone: dict[int | None, int] = dict(
        ChangeSetRow.objects.filter(undone_by__entity=kind.noun, undone_by__entity_id__in=own).values_list("undone_by_id", "event_id")
    )
    standing: dict[int, bool] = {}
    cancelled: set[int] = set()
    for event_id, entity_id, version in later.values_list("id", "entity_id", "payload__version"):
        mine = own[entity_id or 0]
        if event_id <= mine:
            continue
        took_back = undone.get(event_id, 0)
        if took_back > mine:
            cancelled.add(took_back)
        past_the_events = mine not in standing and (obj := objects.get(entity_id or 0)) is not None and obj.version != version
        standing[mine] = standing.get(mine, False) or past_the_events or (event_id not in cancelled and took_back <= mine)
    return standing


def _reverted(row: ChangeSetRow, obj: Any, kind: Undoable, standing: Mapping[int, bool]) -> Change[Any]:  # noqa: ANN401 - an object of the kind
    """The change that gives an object its old values back."""
    payload = row.event.payload
    # Without a later event the version has to be that of ours: then nothing has written the object past the events.
    if obj is None or standing.get(row.event_id, obj.version != payload["version"]):
        message = _("Somebody has changed it since; undo that first, or change it back by hand.")
        params = {"expected": payload["version"], "actual": None if obj is None else obj.version}
        raise DomainError("changed_since", message, path=("version",), params=params)
    change: Change[Any] = Change(row.position, obj, is_new=False)
    if payload["created"]:
        if obstacle := kind.obstacle(obj):
            raise obstacle
        change.set("deleted_at", clock.now())
        return change
    for name, (old, new) in payload["changes"].items():
        if name in kind.details:
            decode = kind.details[name]
            change.fields[name] = (decode(new), decode(old))
        else:
            change.set(name, _column(kind.model, name).to_python(old))
    return change


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The column behind an attribute: `category_id` is that of `category`, and takes its key."""
    [column] = [each for each in model._meta.concrete_fields if name in (each.attname, each.name)]
    return column.target_field if isinstance(column, models.ForeignKey) else column


def _mark(rows: Sequence[ChangeSetRow], effective: Sequence[Change[Any]], undone_by: ChangeSet | None) -> None:
    """Notes on each row which event took it back; the new change set's rows stand in the order of `effective`."""
    if undone_by is None:
        return
    by_position = {row.position: row for row in rows}
    # What takes back an undoing lets the change stand again, which then can be undone anew.
    ChangeSetRow.objects.filter(undone_by__in=[by_position[change.index].event_id for change in effective]).update(undone_by=None)
    events = undone_by.rows.order_by("position").values_list("event_id", flat=True)
    marked = []
    for change, event_id in zip(effective, events, strict=True):
        row = by_position[change.index]
        row.undone_by_id = event_id
        marked.append(row)
    ChangeSetRow.objects.bulk_update(marked, ["undone_by"])
