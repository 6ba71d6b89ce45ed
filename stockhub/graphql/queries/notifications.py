"""Reading how people hear of alerts."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.alerts import models as alerts
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    IncludeDeleted,
    Key,
    Offset,
    Paging,
    UpdatedSince,
    current,
    page,
    rows_of,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.notifications import AlertSubscription, Delivery, DeliveryStatus, Endpoint, Notifier
from stockhub.outbox import models
from stockhub.pluginhost.notifying import notifiers


@strawberry.type
class NotificationsQuery:
    @root_field("outbox.view_endpoint", "The channels that there are, with what an endpoint of each needs.")
    def notifiers(self) -> list[Notifier]:
        return [Notifier.of(provider) for _slug, provider in sorted(notifiers().items())]

    @root_field("outbox.view_endpoint", "The company's endpoint with this name; null where there is none that the user sees.")
    def endpoint(self, info: Info, name: Annotated[str, strawberry.argument(description="Its name.")]) -> Endpoint | None:
        return by_key(info, models.Endpoint, name=name, user=None, deleted_at=None)

    @root_field("outbox.view_endpoint", "Where messages go: all for those who see the whole company, else one's own.")
    def endpoints(
        self,
        info: Info,
        notifier: Annotated[str | None, strawberry.argument(description="Only those of this channel, by slug.")] = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,  # noqa: FBT002 - clients name every argument
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Endpoint]:
        rows = current(rows_of(models.Endpoint, info), updated_since=updated_since, include_deleted=include_deleted)
        rows = rows if notifier is None else rows.filter(notifier=notifier)
        return page(info, Connection[Endpoint], rows, (Key("name"),), Paging(first, after, offset))

    @root_field("outbox.view_delivery", "Messages that were sent or are to be, the latest first.")
    def deliveries(
        self,
        info: Info,
        status: Annotated[
            list[DeliveryStatus] | None, strawberry.argument(description="Only those in one of these states: DEAD are dead letters.")
        ] = None,
        endpoint: Annotated[str | None, strawberry.argument(description="Only those to the endpoint with this name.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Delivery]:
        rows = rows_of(models.Delivery, info)
        rows = rows if status is None else rows.filter(status__in=status)
        rows = rows if endpoint is None else rows.filter(endpoint__name=endpoint)
        return page(info, Connection[Delivery], rows, (), Paging(first, after, offset))

    @root_field("alerts.view_subscription", "Who is told of which alerts: all for those who manage people, else one's own.")
    def alert_subscriptions(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None
    ) -> Connection[AlertSubscription]:
        rows = rows_of(alerts.Subscription, info)
        return page(info, Connection[AlertSubscription], rows, (), Paging(first, after, offset))
