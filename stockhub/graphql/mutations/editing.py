"""Undoing what a bulk mutation did."""

from __future__ import annotations

from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info, relay

from stockhub.editing import models
from stockhub.editing.undo import PERMISSION, Undone, undo_change_set
from stockhub.editing.undoable import undoable
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, Outcome, attempt, outcomes
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.together import read_together
from stockhub.graphql.types.editing import ChangeSet
from stockhub.values import DomainError


@strawberry.input(description="A change set to take back.")
class ChangeSetUndoInput:
    change_set_id: strawberry.ID = strawberry.field(description="Its id, as the bulk mutation gave it.")


@strawberry.type(description="What became of one row of the change set.")
class ChangeSetUndoResult(Outcome):
    noun: strawberry.Private[str] = ""

    @strawberry.field(description="The object as it is now; null where the row was refused, or where the user does not see it.")
    def node(self, info: Info) -> relay.Node | None:
        return self.now(info, undoable(self.noun).model)


@strawberry.type(description="What became of the change set. Undoing it again takes back what could not be taken back before.")
class ChangeSetUndoPayload:
    undone: strawberry.Private[Undone | None]
    errors: list[UserError] = strawberry.field(description="Failures of the whole; nothing was undone where there are any.")

    @strawberry.field(description="The change set that took it back, which can be undone in turn; null where nothing was left to undo.")
    def change_set(self, info: Info) -> ChangeSet | None:
        made = self.undone.change_set if self.undone else None
        return read_together(info, models.ChangeSet, made.pk, [made.pk]) if made else None

    @strawberry.field(description="A result for each row of the change set, in their order.")
    def results(self) -> list[ChangeSetUndoResult]:
        if self.undone is None:
            return []
        return outcomes(ChangeSetUndoResult, self.undone.results, rows_path=("changeSet", "rows"), noun=self.undone.noun)


@strawberry.type
class EditingMutation:
    @root_field(PERMISSION, "Gives every object of a change set its old values back, unless somebody has changed it since.")
    def change_set_undo(self, info: Info, input: Annotated[ChangeSetUndoInput, INPUT]) -> ChangeSetUndoPayload:  # noqa: A002 - its name in the graph
        def work() -> Undone:
            pk = primary_key(input.change_set_id, "ChangeSet")
            found = rows_of(models.ChangeSet, info).filter(pk=pk).first()
            if found is None:
                raise DomainError("not_found", _("There is no such change set, or you may not see it."), path=("change_set_id",))
            return undo_change_set(found)

        undone, errors = attempt(work)
        return ChangeSetUndoPayload(undone=undone, errors=errors)
