"""The API's conventions, checked on the schema itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)

from stockhub.graphql.labels import ENUM_LABELS
from stockhub.graphql.permissions import PUBLIC, TYPE_PERMISSIONS, declared_permission
from stockhub.graphql.schema import schema

#: Lists of objects that are no connections, because something else than the number of orders or days bounds them, and by how much.
BOUNDED_LISTS = {
    "Sku.balances": "warehouses times buckets",
    "Sku.lots": "receipts of one SKU of which something is left to say",
    "Sku.offers": "suppliers of one SKU",
    "Sku.sales": "accounts",
    "Sku.forecasts": "pools",
    "Sku.listingComponents": "listings of one SKU",
    "StockPool.warehouses": "warehouses",
    "Plugin.providers": "what one plugin brings",
    "TodayLine.also": "alert kinds",
    "TodayAction.alsoAnswers": "lines of one SKU, two for a transfer",
    "EffectiveRuleParameter.lost": "scopes of one parameter, and values for a time",
    "Alert.remedies": "three of one alert",
    "Alert.responseSteps": "what one alert asks for",
    "Query.feeds": "accounts times what a connector can bring",
    "Account.feeds": "what a connector can bring",
    "Today.feeds": "accounts times what a connector can bring",
    "StockRule.warehouses": "warehouses",
    "Query.nodes": "the ids asked for, at most 100",
}
#: Words that end in a verb's place of a mutation's name.
VERBS = frozenset(
    {
        "Upsert", "Record", "Remove", "Dispose", "Acknowledge", "Snooze", "Resolve", "Run", "Link", "Create", "Delete", "Approve", "Cancel",
        "Undo", "Submit", "Retry", "Dismiss", "Reprocess", "Open", "Test", "Complete", "Connect", "Disconnect", "Start", "Adopt",
        "Pause", "Resume", "Read", "Schedule", "Accept", "Preview", "Revert",
    }
)  # fmt: skip
#: What plugins can add to: never an enum.
EXTENSIBLE = re.compile(r"(AlertKind|Stage|ErrorCode|Marketplace|CycleName|Forecaster)$")
#: Names of fields that are money.
_MONEY = re.compile(r"(amount|price|cost|money)$", re.IGNORECASE)
#: How a type is found by what people call it: fields of Query that give one of them and take no id of ours.
_GLOBAL_IDS = frozenset({"node", "nodes"})
#: Types found through their owner or their own id only.
WITHOUT_KEY = frozenset(
    {
        "Node", "ChangeSet", "StockoutEvent", "ReceivedRecord", "StockOverride", "ThresholdAdjustment", "RuleParameter", "StageChange",
        "StageOverride", "AlertSubscription", "Delivery", "ResponseStep", "WebhookMessage", "StockDifference",
        "CategoryBenchmark", "StockAge", "FeeEstimate", "ListingSignal", "ExperienceScore", "MarketObservation",
    }
)  # fmt: skip


def _own_types() -> Iterator[GraphQLNamedType]:
    for name, kind in sorted(schema._schema.type_map.items()):  # noqa: SLF001 - Strawberry gives no other way to graphql-core's schema
        if not name.startswith("__"):
            yield kind


def _fields() -> Iterator[tuple[str, str, GraphQLField]]:
    for kind in _own_types():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield kind.name, name, field


def violations() -> Iterator[str]:
    """Every breach of a convention, with where it is."""
    yield from _without_description()
    yield from _mutations()
    yield from _numbers()
    yield from _lists()
    yield from _enums()
    yield from _keys()
    yield from _permissions()


def _without_description() -> Iterator[str]:
    for kind in _own_types():
        if not kind.description and kind.name not in ("Query", "Mutation"):
            yield f"{kind.name} has no description."
        if isinstance(kind, GraphQLInputObjectType):
            yield from (f"{kind.name}.{name} has no description." for name, field in kind.fields.items() if not field.description)
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{kind.name}.{name} has no description." for name, value in kind.values.items() if not value.description)
    for owner, name, field in _fields():
        if not field.description:
            yield f"{owner}.{name} has no description."
        yield from (f"{owner}.{name}({arg}:) has no description." for arg, its in field.args.items() if not its.description)


def _mutations() -> Iterator[str]:
    for owner, name, field in _fields():
        if owner != "Mutation":
            continue
        if not any(name.endswith(verb) and name != verb.lower() for verb in VERBS):
            yield f"Mutation.{name} is not a noun followed by a verb ({', '.join(sorted(VERBS))})."
        if list(field.args) != ["input"]:
            yield f"Mutation.{name} takes {', '.join(field.args) or 'nothing'}; it takes exactly one `input`."
        payload = get_named_type(field.type)
        errors = getattr(payload, "fields", {}).get("errors")
        if not payload.name.endswith("Payload") or errors is None or str(errors.type) != "[UserError!]!":
            yield f"Mutation.{name} gives {payload.name}; it gives a payload with `errors: [UserError!]!`."


def _numbers() -> Iterator[str]:
    for owner, name, field in _fields():
        target = get_named_type(field.type).name
        if target == "Float":
            yield f"{owner}.{name} is a Float; numbers with a fraction are Decimal."
        elif _MONEY.search(name) and target not in ("Decimal", "Money", "Metric"):
            yield f"{owner}.{name} sounds like money and is {target}."
    for kind in _own_types():
        if isinstance(kind, GraphQLInputObjectType):
            for name, its in kind.fields.items():
                if get_named_type(its.type).name == "Float":
                    yield f"{kind.name}.{name} is a Float; numbers with a fraction are Decimal."


def _is_list(kind: GraphQLOutputType) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _is_node(kind: GraphQLNamedType) -> bool:
    return kind.name == "Node" or (isinstance(kind, GraphQLObjectType) and any(i.name == "Node" for i in kind.interfaces))


def _lists() -> Iterator[str]:
    for owner, name, field in _fields():
        target = get_named_type(field.type)
        if _is_list(field.type) and _is_node(target) and f"{owner}.{name}" not in BOUNDED_LISTS and not owner.endswith("Payload"):
            yield f"{owner}.{name} is a list of {target.name}; make it a connection, or say in BOUNDED_LISTS what bounds it."
        if target.name.endswith("Connection"):
            if missing := {"first", "after"} - set(field.args):
                yield f"{owner}.{name} is a connection without {', '.join(sorted(missing))}."
            elif not isinstance(default := field.args["first"].default_value, int) or not 0 < default <= 100:
                yield f"{owner}.{name} gives more than 100 unless told otherwise."


def _enums() -> Iterator[str]:
    for kind in _own_types():
        if not isinstance(kind, GraphQLEnumType):
            continue
        if EXTENSIBLE.search(kind.name):
            yield f"{kind.name} is an enum although plugins can add to it; make it Slugged."
        if set(kind.values) != set(ENUM_LABELS.get(kind.name, {})):
            yield f"{kind.name} has no labels; make it with graphql_enum."


def _keys() -> Iterator[str]:
    """A type that is a Node can also be found by what people call it."""
    found = set()
    for owner, name, field in _fields():
        if owner == "Query" and name not in _GLOBAL_IDS and not isinstance(field.type, GraphQLNonNull) and field.args:
            found.add(get_named_type(field.type).name)
    for kind in _own_types():
        if isinstance(kind, GraphQLObjectType) and _is_node(kind) and kind.name not in found | WITHOUT_KEY:
            yield f"{kind.name} is a Node without a business key on Query."


def _permissions() -> Iterator[str]:
    graphql_schema = schema._schema  # noqa: SLF001 - Strawberry gives no other way to graphql-core's schema
    for owner, name, _field in _fields():
        if owner in ("Query", "Mutation") and name not in PUBLIC and declared_permission(graphql_schema, owner, name) is None:
            yield f"{owner}.{name} declares no permission and is not public."
    for kind in _own_types():
        if _is_node(kind) and kind.name != "Node" and kind.name not in TYPE_PERMISSIONS:
            yield f"{kind.name} has no permission in TYPE_PERMISSIONS."
