"""Everything addressable: which types there are, and how one is found by its global id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from strawberry import Info, relay
from strawberry.relay import from_base64
from strawberry_django.optimizer import optimize
from strawberry_django.utils.typing import get_django_definition

from stockhub.graphql.context import user_of
from stockhub.graphql.errors import bad_input
from stockhub.graphql.pagination import MAX_FIRST, rows_of
from stockhub.graphql.permissions import TYPE_PERMISSIONS, require
from stockhub.graphql.types import (
    alerts,
    benchmarks,
    catalog,
    channels,
    contingency,
    cycles,
    demand,
    editing,
    incidents,
    ingestion,
    inventory,
    launch_analogues,
    lifecycle,
    lines,
    market,
    notifications,
    plans,
    platform_facts,
    pushes,
    rule_parameters,
    stock_counts,
    suppliers,
    transfers,
    webhooks,
)

NODE_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        alerts.Alert,
        benchmarks.CategoryBenchmark,
        catalog.Category,
        catalog.Product,
        catalog.Sku,
        catalog.StockPool,
        catalog.Warehouse,
        channels.Account,
        channels.Feed,
        channels.Listing,
        contingency.ContingencyPlan,
        cycles.Cycle,
        cycles.Plugin,
        cycles.Provider,
        demand.Forecast,
        demand.SalesSeries,
        editing.ChangeSet,
        incidents.Incident,
        incidents.StockoutEvent,
        ingestion.QuarantinedRecord,
        ingestion.ReceivedRecord,
        inventory.Balance,
        inventory.Lot,
        inventory.Movement,
        lifecycle.CategoryStage,
        lifecycle.SkuStage,
        lifecycle.StageChange,
        lifecycle.StageOverride,
        lines.StockOverride,
        lines.ThresholdAdjustment,
        market.MarketObservation,
        market.MarketTrend,
        notifications.AlertSubscription,
        notifications.Delivery,
        notifications.Endpoint,
        notifications.ResponseStep,
        launch_analogues.LaunchAnalogue,
        plans.DayMark,
        plans.EventLift,
        plans.ForecastAdjustment,
        plans.MarketSignal,
        plans.PlannedEvent,
        pushes.Push,
        pushes.StockDifference,
        pushes.StockRule,
        platform_facts.ExperienceScore,
        platform_facts.FeeEstimate,
        platform_facts.ListingSignal,
        platform_facts.PlatformShipment,
        platform_facts.SettledCharge,
        platform_facts.StockAge,
        rule_parameters.RuleParameter,
        stock_counts.StockDispute,
        suppliers.Offer,
        suppliers.Supplier,
        transfers.StockVariance,
        transfers.Transfer,
        webhooks.WebhookMessage,
    )
}
#: The largest primary key; beyond it a database refuses the number.
_MAX_ID = 2**63 - 1


def model_of(kind: type[Any]) -> type[Model]:
    definition = get_django_definition(kind, strict=True)
    return definition.model


#: From an entity's name in events and external references to its type.
TYPE_OF_ENTITY = {model_of(kind)._meta.label_lower: name for name, kind in NODE_TYPES.items()}


def opened(global_id: str) -> tuple[str, int]:
    """Type name and primary key of a global id; a refusal where it is none of ours."""
    try:
        type_name, text = from_base64(global_id)
        pk = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_ID)) else -1
    except (ValueError, TypeError) as error:
        raise bad_input(gettext("%(id)s is no id of this API.") % {"id": repr(global_id[:100])}) from error
    if type_name not in NODE_TYPES or not 0 <= pk <= _MAX_ID:
        raise bad_input(gettext("%(id)s is no id of this API.") % {"id": repr(global_id[:100])})
    return type_name, pk


def primary_key(global_id: object, type_name: str) -> int:
    """The primary key in an id that must be of one type."""
    found, pk = opened(str(global_id))
    if found != type_name:
        raise bad_input(gettext("This is the id of a %(found)s; a %(wanted)s is wanted.") % {"found": found, "wanted": type_name})
    return pk


def find_nodes(info: Info, ids: Sequence[relay.GlobalID | str]) -> list[Any]:
    """The objects of the ids in their order, None for what is not there or not the user's. One query for each type."""
    if len(ids) > MAX_FIRST:
        raise bad_input(gettext("At most %(most)d ids at a time.") % {"most": MAX_FIRST})
    places = [opened(str(i)) for i in ids]
    by_type: defaultdict[str, set[int]] = defaultdict(set)
    for type_name, pk in places:
        by_type[type_name].add(pk)
    found: dict[tuple[str, int], Any] = {}
    for type_name, pks in by_type.items():
        require(user_of(info), TYPE_PERMISSIONS[type_name], gettext("Reading %(what)s") % {"what": type_name})
        rows = optimize(rows_of(model_of(NODE_TYPES[type_name]), info).filter(pk__in=pks), info)
        found |= {(type_name, row.pk): row for row in rows}
    return [found.get(place) for place in places]
