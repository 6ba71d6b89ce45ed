"""Endpoints, trying one out, dead letters, subscriptions, and steps that are done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info
from strawberry.scalars import JSON

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError
from stockhub.alerts import models as alerts
from stockhub.alerts import subscriptions
from stockhub.alerts.response_steps import complete_step
from stockhub.catalog.models import Category, StockPool
from stockhub.channels.models import Account
from stockhub.graphql.context import user_of
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import ids_by_code
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import MAX_ROWS, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scoping import sees_everything
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import AlertSide
from stockhub.graphql.types.notifications import AlertSubscription, Delivery, Endpoint, EndpointDigest, ResponseStep
from stockhub.outbox import endpoints, models
from stockhub.outbox.deliveries import retry_delivery
from stockhub.values import DomainError


@strawberry.input(description="An endpoint: made where no id is given. What is not sent stays.")
class EndpointUpsertInput:
    id: strawberry.ID | None = strawberry.field(description="The endpoint's id; without one, a new one is made.", default=None)
    name: str | None = strawberry.field(description="What people call it.", default=UNSET)
    notifier: str | None = strawberry.field(description="The slug of its channel; it stays once the endpoint is made.", default=UNSET)
    config: JSON | None = strawberry.field(
        description="What its channel needs, secrets among it, as an object. A secret that is left out or empty stays.", default=UNSET
    )
    language: str | None = strawberry.field(description="en or zh-hans.", default=UNSET)
    time_zone: str | None = strawberry.field(description="A name such as Asia/Shanghai.", default=UNSET)
    is_active: bool | None = strawberry.field(description="Whether anything is sent there.", default=UNSET)
    digest: EndpointDigest | None = strawberry.field(description="When it is told of what is not urgent.", default=UNSET)
    digest_hour: int | None = strawberry.field(description="The hour of a daily digest, from 0 to 23, in its zone.", default=UNSET)
    quiet_from: str | None = strawberry.field(description="When its quiet hours begin, such as 22:00; null for none.", default=UNSET)
    quiet_until: str | None = strawberry.field(description="When they end, such as 07:00; null for none.", default=UNSET)
    urgent_level: int | None = strawberry.field(description="From this level on alerts come at once; 4 is never.", default=UNSET)
    expected_version: int | None = strawberry.field(description="The version that the change was made from.", default=None)


@strawberry.input(description="An endpoint.")
class EndpointInput:
    id: strawberry.ID = strawberry.field(description="The endpoint's id.")


@strawberry.type(description="The endpoint as it is now, or why nothing was done.")
class EndpointPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The endpoint; null where there are errors.")
    def endpoint(self, info: Info) -> Endpoint | None:
        return read_together(info, models.Endpoint, self.changed, [self.changed or 0])


@strawberry.input(description="A dead letter.")
class DeliveryRetryInput:
    id: strawberry.ID = strawberry.field(description="The delivery's id.")


@strawberry.type(description="The message as it is now, or why nothing was done.")
class DeliveryPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The message: ask for it again to see what became of it. Null where there are errors.")
    def delivery(self, info: Info) -> Delivery | None:
        return read_together(info, models.Delivery, self.changed, [self.changed or 0])


@strawberry.input(description="Who is told of which alerts: made where no id is given. What is not sent stays; empty lists mean all.")
class AlertSubscriptionUpsertInput:
    id: strawberry.ID | None = strawberry.field(description="The subscription's id; without one, a new one is made.", default=None)
    username: str | None = strawberry.field(description="A new one's target: a user by his name at login.", default=None)
    role: str | None = strawberry.field(description="A new one's target: everybody in a role, such as purchasing.", default=None)
    endpoint: strawberry.ID | None = strawberry.field(description="A new one's target: an endpoint. Without any: oneself.", default=None)
    name: str | None = strawberry.field(description="What it is for.", default=UNSET)
    min_level: int | None = strawberry.field(description="From this level on, 1 to 3.", default=UNSET)
    max_level: int | None = strawberry.field(description="Up to this level, 1 to 3.", default=UNSET)
    sides: list[AlertSide] | None = strawberry.field(description="Only these sides.", default=UNSET)
    kinds: list[str] | None = strawberry.field(description="Only these kinds, by slug.", default=UNSET)
    accounts: list[str] | None = strawberry.field(description="Only these accounts, by code.", default=UNSET)
    pools: list[str] | None = strawberry.field(description="Only these pools, by code.", default=UNSET)
    categories: list[str] | None = strawberry.field(description="Only these categories and all beneath them, by code.", default=UNSET)
    is_active: bool | None = strawberry.field(description="Whether it holds.", default=UNSET)


@strawberry.input(description="A subscription.")
class AlertSubscriptionDeleteInput:
    id: strawberry.ID = strawberry.field(description="The subscription's id.")


@strawberry.type(description="The subscription as it is now, or why nothing was done.")
class AlertSubscriptionPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The subscription; null where there are errors, and where it is deleted.")
    def alert_subscription(self, info: Info) -> AlertSubscription | None:
        return read_together(info, alerts.Subscription, self.changed, [self.changed or 0])


@strawberry.input(description="A step that somebody has taken.")
class ResponseStepCompleteInput:
    id: strawberry.ID = strawberry.field(description="The step's id.")
    note: str = strawberry.field(description="What is to be known of it.", default="")


@strawberry.type(description="The step as it is now, or why nothing was done.")
class ResponseStepPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The step; null where there are errors.")
    def response_step(self, info: Info) -> ResponseStep | None:
        return read_together(info, alerts.ResponseStep, self.changed, [self.changed or 0])


_SETTINGS = (
    "name", "notifier", "language", "time_zone", "is_active", "digest", "digest_hour", "quiet_from", "quiet_until", "urgent_level",
)  # fmt: skip
#: What null empties; of all else it is as if it were not sent.
_NULLABLE = frozenset({"quiet_from", "quiet_until"})


def _visible_endpoint(info: Info, global_id: strawberry.ID) -> int:
    pk = primary_key(global_id, "Endpoint")
    if not rows_of(models.Endpoint, info).filter(pk=pk, deleted_at=None).exists():
        raise DomainError("not_found", _("There is no such endpoint, or you may not see it."), path=("id",))
    return pk


def _sent(given: Any, names: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401 - any input
    values = {name: getattr(given, name) for name in names}
    return {name: value for name, value in values.items() if value is not UNSET and (value is not None or name in _NULLABLE)}


def _time(name: str, text: str | None) -> dt.time | None:
    try:
        return None if text is None else dt.time.fromisoformat(text)
    except ValueError as error:
        raise DomainError("invalid_endpoint", _("Write a time as 22:00."), path=(name,)) from error


def _save_endpoint(info: Info, given: EndpointUpsertInput) -> models.Endpoint:
    pk = None if given.id is None else _visible_endpoint(info, given.id)
    if pk is None and not sees_everything(user_of(info)):
        raise NotAllowedError(_("An endpoint of the company is made by those who see all of it."))
    values = _sent(given, _SETTINGS)
    if pk is not None and values.pop("notifier", None) not in (None, models.Endpoint.objects.get(pk=pk).notifier):
        raise DomainError("invalid_endpoint", _("The channel of an endpoint stays: make another one."), path=("notifier",))
    for name in _NULLABLE & values.keys():
        values[name] = _time(name, values[name])
    if "digest" in values:
        values["digest"] = str(values["digest"].value)
    if given.config is not UNSET and given.config is not None:
        if not isinstance(given.config, Mapping):
            raise DomainError("invalid_configuration", _("The configuration is an object."), path=("config",))
        values["config"] = given.config
    return endpoints.save_endpoint(given=endpoints.EndpointInput(**values), endpoint_id=pk, expected_version=given.expected_version)


def _save_subscription(info: Info, given: AlertSubscriptionUpsertInput) -> alerts.Subscription:
    values = _sent(given, ("name", "min_level", "max_level", "kinds", "is_active"))
    if given.sides is not UNSET and given.sides is not None:
        values["sides"] = [str(side.value) for side in given.sides]
    for name, model in (("accounts", Account), ("pools", StockPool), ("categories", Category)):
        codes = getattr(given, name)
        if codes is not UNSET and codes is not None:
            if len(codes) > MAX_ROWS:
                raise DomainError("too_many_rows", _("Name at most %(most)s."), path=(name,), params={"most": MAX_ROWS})
            values[name] = list(ids_by_code(info, model, codes, name).values())
    if given.id is None:
        values |= _targets(info, given)
        return subscriptions.save_subscription(given=subscriptions.SubscriptionInput(**values))
    pk = _visible_subscription(info, given.id)
    return subscriptions.save_subscription(given=subscriptions.SubscriptionInput(**values), subscription_id=pk)


def _targets(info: Info, given: AlertSubscriptionUpsertInput) -> dict[str, Any]:
    """Whom it tells, and where. DomainError `not_found` names what there is none of."""
    targets: dict[str, Any] = {}
    if given.username is not None:
        targets["user"] = User.objects.filter(username=given.username).first()
        if targets["user"] is None:
            raise DomainError("not_found", _("There is no user %(username)r."), path=("username",), params={"username": given.username})
    if given.role is not None:
        targets["role"] = Group.objects.filter(name=given.role).first()
        if targets["role"] is None:
            raise DomainError("not_found", _("There is no role %(role)r."), path=("role",), params={"role": given.role})
    if given.endpoint is not None:
        targets["endpoint"] = models.Endpoint.objects.get(pk=_visible_endpoint(info, given.endpoint))
    return targets


def _visible_subscription(info: Info, global_id: strawberry.ID) -> int:
    pk = primary_key(global_id, "AlertSubscription")
    if not rows_of(alerts.Subscription, info).filter(pk=pk).exists():
        raise DomainError("not_found", _("There is no such subscription, or you may not see it."), path=("id",))
    return pk


def _retry(info: Info, given: DeliveryRetryInput) -> models.Delivery:
    pk = primary_key(given.id, "Delivery")
    if not rows_of(models.Delivery, info).filter(pk=pk).exists():
        raise DomainError("not_found", _("There is no such message, or you may not see it."), path=("id",))
    return retry_delivery(delivery_id=pk)


@strawberry.type
class NotificationsMutation:
    @root_field("outbox.change_endpoint", "Makes or changes a place that messages go to. Secrets go in and never come out.")
    def endpoint_upsert(self, info: Info, input: Annotated[EndpointUpsertInput, INPUT]) -> EndpointPayload:  # noqa: A002 - its name in the graph
        saved, errors = attempt(lambda: _save_endpoint(info, input))
        return EndpointPayload(changed=saved.pk if saved else None, errors=errors)

    @root_field("outbox.delete_endpoint", "Nothing goes there any more; what went there can still be read.")
    def endpoint_delete(self, info: Info, input: Annotated[EndpointInput, INPUT]) -> EndpointPayload:  # noqa: A002 - its name in the graph
        gone, errors = attempt(lambda: endpoints.delete_endpoint(endpoint_id=_visible_endpoint(info, input.id)))
        return EndpointPayload(changed=gone.pk if gone else None, errors=errors)

    @root_field("outbox.change_endpoint", "Sends a test message. What becomes of it is told by its delivery, a moment later.")
    def endpoint_test(self, info: Info, input: Annotated[EndpointInput, INPUT]) -> DeliveryPayload:  # noqa: A002 - its name in the graph
        sent, errors = attempt(lambda: endpoints.send_test(endpoint_id=_visible_endpoint(info, input.id)))
        return DeliveryPayload(changed=sent.pk if sent else None, errors=errors)

    @root_field("outbox.change_delivery", "Tries a message again that was given up.")
    def delivery_retry(self, info: Info, input: Annotated[DeliveryRetryInput, INPUT]) -> DeliveryPayload:  # noqa: A002 - its name in the graph
        due, errors = attempt(lambda: _retry(info, input))
        return DeliveryPayload(changed=due.pk if due else None, errors=errors)

    @root_field("alerts.change_subscription", "Says who is told of which alerts: oneself, or, for those who manage people, anybody.")
    def alert_subscription_upsert(
        self,
        info: Info,
        input: Annotated[AlertSubscriptionUpsertInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> AlertSubscriptionPayload:
        saved, errors = attempt(lambda: _save_subscription(info, input))
        return AlertSubscriptionPayload(changed=saved.pk if saved else None, errors=errors)

    @root_field("alerts.change_subscription", "Ends a subscription.")
    def alert_subscription_delete(
        self,
        info: Info,
        input: Annotated[AlertSubscriptionDeleteInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> AlertSubscriptionPayload:
        _done, errors = attempt(lambda: subscriptions.delete_subscription(subscription_id=_visible_subscription(info, input.id)))
        return AlertSubscriptionPayload(changed=None, errors=errors)

    @root_field("alerts.change_alert", "Says that something which an alert asks for is done. Saying it again changes nothing.")
    def response_step_complete(self, info: Info, input: Annotated[ResponseStepCompleteInput, INPUT]) -> ResponseStepPayload:  # noqa: A002 - its name in the graph
        visible = rows_of(alerts.Alert, info)
        done, errors = attempt(lambda: complete_step(step_id=primary_key(input.id, "ResponseStep"), visible=visible, note=input.note))
        return ResponseStepPayload(changed=done.pk if done else None, errors=errors)
