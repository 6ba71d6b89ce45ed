"""Steps with many alerts, each for itself, and with incidents."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.access.models import User
from stockhub.alerts import models, services
from stockhub.alerts.incidents import services as incident_services
from stockhub.alerts.incidents.models import Incident as IncidentModel
from stockhub.alerts.life.states import Action
from stockhub.alerts.life.steps import RowResult, Step
from stockhub.graphql.errors import UserError, error_of
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import MAX_ROWS, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import Alert, FalseAlarmCause
from stockhub.graphql.types.incidents import Incident
from stockhub.values import DomainError


class AlertStep(enum.Enum):
    """The steps that people take."""

    ACKNOWLEDGE = Action.ACKNOWLEDGE.value
    START = Action.START.value
    ASSIGN = Action.ASSIGN.value
    SNOOZE = Action.SNOOZE.value
    RESOLVE = Action.RESOLVE.value
    FALSE_ALARM = Action.FALSE_ALARM.value


graphql_enum(
    AlertStep,
    "A step that a person takes with alerts.",
    {
        "ACKNOWLEDGE": ("Acknowledge", "确认"),
        "START": ("Start", "开始处理"),
        "ASSIGN": ("Assign", "指派"),
        "SNOOZE": ("Snooze", "暂缓"),
        "RESOLVE": ("Resolve", "解决"),
        "FALSE_ALARM": ("Mark as a false alarm", "标记为误报"),
    },
)


@strawberry.input(description="One alert that a step is taken with.")
class AlertStepRow:
    id: strawberry.ID = strawberry.field(description="The alert's id.")
    expected_version: int | None = strawberry.field(description="The version that the decision was made from.", default=None)


@strawberry.input(description="A step and what it needs.")
class _StepInput:
    step: AlertStep = strawberry.field(description="Which step.")
    owner: str | None = strawberry.field(description="ASSIGN: the user's name.", default=None)
    until_at: dt.datetime | None = strawberry.field(description="SNOOZE: until when.", default=None)
    reason: str | None = strawberry.field(description="SNOOZE: why.", default=None)
    resolution: str | None = strawberry.field(description="RESOLVE: how they were dealt with.", default=None)
    cause: FalseAlarmCause | None = strawberry.field(description="FALSE_ALARM: why they were wrong.", default=None)
    note: str | None = strawberry.field(description="FALSE_ALARM: more about it.", default=None)


@strawberry.input(description="A step with many alerts: each is taken or refused for itself, and sending it again changes nothing.")
class AlertStepsSubmitInput(_StepInput):
    rows: list[AlertStepRow] = strawberry.field(description="The alerts, at most 1,000.")


@strawberry.input(description="A step with an incident, which is taken with all its open alerts.")
class IncidentStepSubmitInput(_StepInput):
    id: strawberry.ID = strawberry.field(description="The incident's id.")
    expected_version: int | None = strawberry.field(description="The version that the decision was made from.", default=None)


@strawberry.type(description="What became of one alert of a step.")
class AlertStepOutcome:
    result: strawberry.Private[RowResult]
    together: strawberry.Private[tuple[int, ...]]
    path: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="The row's place, from 0.")
    def index(self) -> int:
        return self.result.index

    @strawberry.field(description="Whether it was changed; false where the step had been taken before, or was refused.")
    def is_changed(self) -> bool:
        return self.result.changed

    @strawberry.field(description="The alert as it is now; null where there is none that the user sees.")
    def alert(self, info: Info) -> Alert | None:
        found = self.result.alert
        return None if found is None else read_together(info, models.Alert, found.pk, self.together)

    @strawberry.field(description="Why it was refused; empty where it was not.")
    def errors(self) -> list[UserError]:
        error = self.result.error
        return [] if error is None else [error_of(error, prefix=(*self.path, str(self.result.index)))]


@strawberry.type(description="What became of each alert, or why nothing was done.")
class AlertStepsPayload:
    results: list[AlertStepOutcome] = strawberry.field(description="One for each row, in their order.")
    errors: list[UserError] = strawberry.field(description="Failures of the whole; nothing was done where there are any.")


@strawberry.type(description="The incident as it is now, or why nothing was done.")
class IncidentStepPayload:
    changed: strawberry.Private[int | None]
    changed_count: int = strawberry.field(description="How many alerts the step changed.")
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The incident; null where there are errors.")
    def incident(self, info: Info) -> Incident | None:
        return read_together(info, IncidentModel, self.changed, [self.changed or 0])


def _owner_of(given: _StepInput) -> User:
    owner = User.objects.filter(username=given.owner or "").first()
    if owner is None:
        raise DomainError("unknown_owner", _("There is no user %(owner)r."), path=("owner",), params={"owner": given.owner})
    return owner


def _step_of(given: _StepInput) -> Step:
    """The step with what it needs; DomainErrors where that is missing or makes no sense."""
    match given.step:
        case AlertStep.ACKNOWLEDGE:
            return services.acknowledging()
        case AlertStep.START:
            return services.starting()
        case AlertStep.ASSIGN:
            return services.assigning(_owner_of(given))
        case AlertStep.SNOOZE:
            if given.until_at is None:
                raise DomainError("until_required", _("Say until when to snooze."), path=("untilAt",))
            return services.snoozing(given.until_at, given.reason or "")
        case AlertStep.RESOLVE:
            return services.resolving(given.resolution or "")
    return services.false_alarm(given.cause.value if given.cause else "", given.note or "")


@strawberry.type
class InboxMutation:
    @root_field("alerts.change_alert", "Takes a step with many alerts, with each for itself.")
    def alert_steps_submit(self, info: Info, input: Annotated[AlertStepsSubmitInput, INPUT]) -> AlertStepsPayload:  # noqa: A002
        def work() -> list[RowResult]:
            if not 1 <= len(input.rows) <= MAX_ROWS:
                raise DomainError("invalid_rows", _("Name 1 to %(most)s alerts."), path=("rows",), params={"most": MAX_ROWS})
            rows = [(primary_key(row.id, "Alert"), row.expected_version) for row in input.rows]
            return services.take_rows(step=_step_of(input), rows=rows, visible=rows_of(models.Alert, info))

        told, errors = attempt(work)
        together = tuple(sorted({result.alert.pk for result in told or () if result.alert is not None}))
        path = ("input", "rows")
        return AlertStepsPayload(results=[AlertStepOutcome(result=r, together=together, path=path) for r in told or ()], errors=errors)

    @root_field("alerts.change_incident", "Takes a step with an incident and all its open alerts.")
    def incident_step_submit(self, info: Info, input: Annotated[IncidentStepSubmitInput, INPUT]) -> IncidentStepPayload:  # noqa: A002
        def work() -> incident_services.Taken:
            owner = _owner_of(input) if input.step is AlertStep.ASSIGN else None
            return incident_services.take(
                incident_id=primary_key(input.id, "Incident"),
                step=_step_of(input),
                visible=rows_of(IncidentModel, info),
                expected_version=input.expected_version,
                owner_id=owner.pk if owner else None,
            )

        taken, errors = attempt(work)
        return IncidentStepPayload(changed=taken.incident.pk if taken else None, changed_count=taken.changed if taken else 0, errors=errors)
