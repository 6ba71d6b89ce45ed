"""What people do with alerts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.alerts import models, services
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import MAX_ROWS, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import Alert
from stockhub.values import DomainError

_IDS = "The alerts' ids, at most 1,000: the step is taken with all of them or with none."
_VERSION = "The version that the decision was made from; with one alert only."


@strawberry.input(description="Says that somebody has seen alerts and is at them.")
class AlertAcknowledgeInput:
    ids: list[strawberry.ID] = strawberry.field(description=_IDS)
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


@strawberry.input(description="Takes alerts out of Today until a moment, or until they get worse.")
class AlertSnoozeInput:
    ids: list[strawberry.ID] = strawberry.field(description=_IDS)
    until_at: dt.datetime = strawberry.field(description="Until when.")
    reason: str = strawberry.field(description="Why: what the next person reads.")
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


@strawberry.input(description="Says that alerts are dealt with.")
class AlertResolveInput:
    ids: list[strawberry.ID] = strawberry.field(description=_IDS)
    resolution: str = strawberry.field(description="How they were dealt with.")
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


@strawberry.type(description="The alerts as they are now, or why nothing was done.")
class AlertsPayload:
    changed: strawberry.Private[tuple[int, ...]]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The alerts, in the order of their numbers; empty where there are errors.")
    def alerts(self, info: Info) -> list[Alert]:
        return [read_together(info, models.Alert, pk, self.changed) for pk in self.changed]


def _keys(ids: Sequence[strawberry.ID], expected_version: int | None) -> list[int]:
    if not 1 <= len(ids) <= MAX_ROWS:
        raise DomainError("invalid_rows", _("Name 1 to %(most)s alerts."), path=("ids",), params={"most": MAX_ROWS})
    if expected_version is not None and len(ids) > 1:
        raise DomainError("invalid_rows", _("A version can be expected of one alert only."), path=("expected_version",))
    return [primary_key(each, "Alert") for each in ids]


def _payload(found: tuple[list[models.Alert] | None, list[UserError]]) -> AlertsPayload:
    alerts, errors = found
    return AlertsPayload(changed=tuple(alert.pk for alert in alerts or ()), errors=errors)


@strawberry.type
class AlertsMutation:
    @root_field("alerts.change_alert", "Says that somebody has seen alerts. Saying it again changes nothing.")
    def alert_acknowledge(self, info: Info, input: Annotated[AlertAcknowledgeInput, INPUT]) -> AlertsPayload:  # noqa: A002 - its name in the graph
        visible, version = rows_of(models.Alert, info), input.expected_version
        return _payload(
            attempt(lambda: services.acknowledge(alert_ids=_keys(input.ids, version), visible=visible, expected_version=version))
        )

    @root_field("alerts.change_alert", "Takes alerts out of Today for a while.")
    def alert_snooze(self, info: Info, input: Annotated[AlertSnoozeInput, INPUT]) -> AlertsPayload:  # noqa: A002 - its name in the graph
        visible, version = rows_of(models.Alert, info), input.expected_version
        return _payload(
            attempt(
                lambda: services.snooze(
                    alert_ids=_keys(input.ids, version),
                    until_at=input.until_at,
                    reason=input.reason,
                    visible=visible,
                    expected_version=version,
                )
            )
        )

    @root_field("alerts.change_alert", "Says that alerts are dealt with.")
    def alert_resolve(self, info: Info, input: Annotated[AlertResolveInput, INPUT]) -> AlertsPayload:  # noqa: A002 - its name in the graph
        visible, version = rows_of(models.Alert, info), input.expected_version
        return _payload(
            attempt(
                lambda: services.resolve(
                    alert_ids=_keys(input.ids, version), resolution=input.resolution, visible=visible, expected_version=version
                )
            )
        )
