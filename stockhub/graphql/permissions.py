"""Who may ask for what. Nothing is allowed that is not declared.

Every root field carries a permission or is in `PUBLIC`; every type that holds business data has one in `TYPE_PERMISSIONS`, which a
selection needs wherever in the graph it comes upon the type. Both are read from the document once before it runs, so a nested permission
costs no query a row. Which rows a user sees is decided in `scoping`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import strawberry
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter

from stockhub.access.models import User
from stockhub.graphql.errors import RefusedError

#: Root fields that anybody may ask for: they say who is asking, and what this is.
PUBLIC = frozenset({"me", "service", "__typename"})
#: Root fields that take any type, whose permission is looked up for each object.
BY_TYPE = "by the type of the object"
IDE_PERMISSION = "graphql_api.use_ide"

TYPE_PERMISSIONS = {
    "Sku": "catalog.view_sku",
    "BundleComponent": "catalog.view_sku",
    "Product": "catalog.view_product",
    "Category": "catalog.view_category",
    "Warehouse": "catalog.view_warehouse",
    "StockPool": "catalog.view_stockpool",
    "Supplier": "suppliers.view_supplier",
    "Offer": "suppliers.view_offer",
    "Account": "channels.view_account",
    "Feed": "channels.view_account",
    "AccountAuthorization": "channels.view_account",
    "Listing": "channels.view_listing",
    "ListingComponent": "channels.view_listing",
    "QuarantinedRecord": "channels.view_quarantined",
    "ReceivedRecord": "channels.view_receivedrecord",
    "WebhookMessage": "channels.view_webhookmessage",
    "ListingSuggestions": "channels.view_listing",
    "LiveRoom": "channels.view_order",
    "StockRule": "channels.view_stockrule",
    "PushSettings": "channels.view_pushsettings",
    "Push": "channels.view_push",
    "PushRow": "channels.view_push",
    "StockDifference": "channels.view_stockdifference",
    "PlatformShipment": "channels.view_platformshipment",
    "StockAge": "channels.view_stockage",
    "FeeEstimate": "channels.view_feeestimate",
    "SettledCharge": "channels.view_settlement",
    "ListingSignal": "channels.view_listingsignal",
    "ListingTraffic": "channels.view_dailytraffic",
    "MarketObservation": "channels.view_marketobservation",
    "MarketTrend": "channels.view_markettrend",
    "RivalTrend": "channels.view_marketobservation",
    "RivalPrice": "channels.view_listingsignal",
    "RivalPrices": "channels.view_listingsignal",
    "ExperienceScore": "channels.view_experiencescore",
    "PresalePosition": "inventory.view_balance",
    "Balance": "inventory.view_balance",
    "Movement": "inventory.view_movement",
    "Lot": "inventory.view_lot",
    "StockDispute": "inventory.view_stockdispute",
    "LotCost": "inventory.view_lotcost",
    "LotsAsOf": "inventory.view_lotcost",
    "StockAsOf": "inventory.view_balance",
    "StockValueByAge": "inventory.view_lotcost",
    "Transfer": "inventory.view_transfer",
    "TransferLine": "inventory.view_transfer",
    "TransferEvent": "inventory.view_transfer",
    "StockVariance": "inventory.view_stockvariance",
    "StockOverride": "catalog.view_stockoverride",
    "ThresholdAdjustment": "catalog.view_thresholdadjustment",
    "EffectiveStockLine": "catalog.view_stockpolicy",
    "SkuStage": "lifecycle.view_stagestate",
    "SkuLifeCurve": "lifecycle.view_stagestate",
    "CategoryStage": "lifecycle.view_categorystage",
    "StageChange": "lifecycle.view_stagechange",
    "StageOverride": "lifecycle.view_stageoverride",
    "EffectiveBuyingTerm": "catalog.view_stockpolicy",
    "SalesSeries": "demand.view_salesseries",
    "Forecast": "demand.view_forecast",
    "PlannedEvent": "demand.view_plannedevent",
    "DayMark": "demand.view_daymark",
    "LaunchAnalogue": "demand.view_launchanalogue",
    "ForecastAdjustment": "demand.view_forecastadjustment",
    "MarketSignal": "demand.view_marketsignal",
    "CategoryBenchmark": "catalog.view_categorybenchmark",
    "ContingencyPlan": "demand.view_contingencyplan",
    "EventLift": "demand.view_eventlift",
    "ForecastChampion": "demand.view_champion",
    "ForecastAccuracy": "demand.view_modelaccuracy",
    "ForecastLean": "demand.view_forecasttrack",
    "MiniReview": "demand.view_forecasttrack",
    "DepletionCurve": "demand.view_forecast",
    "StockOverview": "inventory.view_balance",
    "WarehouseStock": "catalog.view_warehouse",
    "PoolStock": "demand.view_forecast",
    "AccountSales": "demand.view_salesseries",
    "StockKpis": "demand.view_stockfigures",
    "KpiChange": "demand.view_stockfigures",
    "Imbalance": "alerts.view_alert",
    "Alert": "alerts.view_alert",
    "AlertEvent": "alerts.view_alert",
    "RuleParameter": "alerts.view_ruleparameter",
    "EffectiveRuleParameter": "alerts.view_ruleparameter",
    "DataConfidence": "inventory.view_balance",
    "AlertOutcome": "alerts.view_alertoutcome",
    "Incident": "alerts.view_incident",
    "IncidentEvent": "alerts.view_incident",
    "StockoutEvent": "alerts.view_stockoutevent",
    "AlertSubscription": "alerts.view_subscription",
    "Delivery": "outbox.view_delivery",
    "Endpoint": "outbox.view_endpoint",
    "ResponseStep": "alerts.view_alert",
    "Today": "alerts.view_alert",
    "Cycle": "cycles.view_cycle",
    "Plugin": "pluginhost.view_plugin",
    "Provider": "pluginhost.view_provider",
    "Change": "outbox.view_event",
    "ChangeSet": "editing.view_changeset",
}

Requirement = tuple[str, str]


def root_field(permission: str, description: str, **options: Any) -> Any:  # noqa: ANN401 - as strawberry.field
    """A field of Query or Mutation that needs a permission."""
    return strawberry.field(description=description, metadata={"permission": permission}, **options)


def declared_permission(schema: GraphQLSchema, type_name: str, field_name: str) -> str | None:
    """The permission that a root field was declared with."""
    parent = schema.type_map[type_name]
    definition = getattr(parent, "fields", {})[field_name].extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    permission = definition.metadata.get("permission") if definition else None
    return permission if isinstance(permission, str) else None


def may_use_ide(user: User | AnonymousUser) -> bool:
    """Introspection, suggestions and the explorer: for all while developing, else for those with the permission."""
    return settings.DEBUG or user.has_perm(IDE_PERMISSION)


def require(user: User | AnonymousUser, permission: str, what: str) -> None:
    """Raises the refusal that fits: unknown users may log in, known ones may ask for the permission."""
    if not user.is_authenticated:
        raise RefusedError("UNAUTHENTICATED", gettext("Log in, or send a valid token as `Authorization: Bearer …`."))
    if not user.has_perm(permission):
        raise RefusedError(
            "FORBIDDEN",
            gettext("%(what)s needs the permission %(permission)s.") % {"what": what, "permission": permission},
            permission=permission,
        )


class Requirements:
    """What the operation of a document needs: walks each fragment once."""

    def __init__(self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.schema = schema
        self.fragments = fragments
        self.seen: set[str] = set()

    def of(self, selection_set: SelectionSetNode | None, parent: GraphQLNamedType) -> Iterator[Requirement]:
        for selection in selection_set.selections if selection_set else ():
            if isinstance(selection, FieldNode):
                yield from self._of_field(selection, parent)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self.schema.type_map[condition.name.value] if condition else parent
                yield from self._of_type(inner.name)
                yield from self.of(selection.selection_set, inner)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in self.seen:
                self.seen.add(selection.name.value)
                fragment = self.fragments[selection.name.value]
                inner = self.schema.type_map[fragment.type_condition.name.value]
                yield from self._of_type(inner.name)
                yield from self.of(fragment.selection_set, inner)

    def _of_field(self, node: FieldNode, parent: GraphQLNamedType) -> Iterator[Requirement]:
        field = getattr(parent, "fields", {}).get(node.name.value)
        if field is None:
            return  # a field of GraphQL itself, such as __typename
        target = get_named_type(field.type)
        yield from self._of_type(target.name)
        yield from self.of(node.selection_set, target)

    @staticmethod
    def _of_type(name: str) -> Iterator[Requirement]:
        if permission := TYPE_PERMISSIONS.get(name):
            yield permission, name


class Authorisation(SchemaExtension):
    """Refuses the operation before anything of it runs."""

    def on_execute(self) -> Iterator[None]:
        context = self.execution_context
        schema: GraphQLSchema = context.schema._schema  # noqa: SLF001 - Strawberry gives no other way to graphql-core's schema
        document = context.graphql_document
        operation = get_operation_ast(document, context.operation_name) if document else None
        if document is None or operation is None:
            raise RefusedError("BAD_REQUEST", gettext("Name one operation of the document in operationName."))
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._check(schema, operation, fragments, context.context.user)
        yield

    def _check(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        user: User | AnonymousUser,
    ) -> None:
        root = schema.get_root_type(operation.operation)
        if root is None:
            raise RefusedError(
                "BAD_REQUEST", gettext("There are no operations of the kind %(kind)s here.") % {"kind": operation.operation.value}
            )
        requirements = Requirements(schema, fragments)
        for name in sorted(_root_names(operation.selection_set, fragments, set())):
            if name in ("__schema", "__type"):
                if not may_use_ide(user):
                    require(user, IDE_PERMISSION, gettext("Reading the schema"))
                continue
            if name in PUBLIC:
                continue
            permission = declared_permission(schema, root.name, name)
            if permission is None:
                raise RefusedError(
                    "FORBIDDEN", gettext("%(field)s declares no permission, so nobody may use it.") % {"field": f"{root.name}.{name}"}
                )
            if permission is BY_TYPE:
                require_login(user)
            else:
                require(user, permission, f"{root.name}.{name}")
        checks: Callable[[SelectionSetNode, GraphQLNamedType], Iterator[Requirement]] = requirements.of
        for permission, type_name in dict.fromkeys(checks(operation.selection_set, root)):
            require(user, permission, gettext("Reading %(what)s") % {"what": type_name})


def require_login(user: User | AnonymousUser) -> None:
    if not user.is_authenticated:
        raise RefusedError("UNAUTHENTICATED", gettext("Log in, or send a valid token as `Authorization: Bearer …`."))


def _root_names(selection_set: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode], seen: set[str]) -> set[str]:
    names: set[str] = set()
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            names.add(selection.name.value)
        elif isinstance(selection, InlineFragmentNode):
            names |= _root_names(selection.selection_set, fragments, seen)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
            seen.add(selection.name.value)
            names |= _root_names(fragments[selection.name.value].selection_set, fragments, seen)
    return names
