"""The schema: every type, query and mutation put together.

Resolvers are synchronous. The ORM is; under an asynchronous view each of its calls would cross to a thread and back, `get_queryset`
together with strawberry-django's optimizer is unsupported there, and what a loader batches the optimizer already reads in one query for
each relation. Django runs the synchronous view in a thread under ASGI, so that a slow query holds no other request up. Rejected:
AsyncGraphQLView with data loaders.
"""

from __future__ import annotations

from graphql import GraphQLError
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from stockhub.graphql import errors
from stockhub.graphql.limits import Limits
from stockhub.graphql.mutations.alerts import AlertsMutation
from stockhub.graphql.mutations.benchmarks import BenchmarkMutation
from stockhub.graphql.mutations.catalog import CatalogMutation
from stockhub.graphql.mutations.connections import ConnectionsMutation
from stockhub.graphql.mutations.contingency import ContingencyMutation
from stockhub.graphql.mutations.editing import EditingMutation
from stockhub.graphql.mutations.feeds import FeedsMutation
from stockhub.graphql.mutations.inbox import InboxMutation
from stockhub.graphql.mutations.ingestion import IngestionMutation
from stockhub.graphql.mutations.inventory import InventoryMutation
from stockhub.graphql.mutations.launch_analogues import LaunchAnaloguesMutation
from stockhub.graphql.mutations.lifecycle import LifecycleMutation
from stockhub.graphql.mutations.lines import LinesMutation
from stockhub.graphql.mutations.lots import LotsMutation
from stockhub.graphql.mutations.market import MarketMutation
from stockhub.graphql.mutations.notifications import NotificationsMutation
from stockhub.graphql.mutations.operations import OperationsMutation
from stockhub.graphql.mutations.plans import PlansMutation
from stockhub.graphql.mutations.pushes import PushesMutation
from stockhub.graphql.mutations.rule_parameters import RuleParametersMutation
from stockhub.graphql.mutations.stock import StockMutation
from stockhub.graphql.mutations.stock_counts import StockCountsMutation
from stockhub.graphql.mutations.suppliers import SuppliersMutation
from stockhub.graphql.mutations.transfers import TransfersMutation
from stockhub.graphql.mutations.webhooks import WebhooksMutation
from stockhub.graphql.nodes import NODE_TYPES
from stockhub.graphql.pagination import MAX_FIRST
from stockhub.graphql.permissions import Authorisation
from stockhub.graphql.queries.accuracy import AccuracyQuery
from stockhub.graphql.queries.alerts import AlertsQuery
from stockhub.graphql.queries.benchmarks import BenchmarksQuery
from stockhub.graphql.queries.catalog import CatalogQuery
from stockhub.graphql.queries.channels import ChannelsQuery
from stockhub.graphql.queries.contingency import ContingencyQuery
from stockhub.graphql.queries.demand import DemandQuery
from stockhub.graphql.queries.editing import EditingQuery
from stockhub.graphql.queries.inbox import InboxQuery
from stockhub.graphql.queries.ingestion import IngestionQuery
from stockhub.graphql.queries.inventory import InventoryQuery
from stockhub.graphql.queries.kpis import KpiQuery
from stockhub.graphql.queries.launch_analogues import LaunchAnaloguesQuery
from stockhub.graphql.queries.lifecycle import LifecycleQuery
from stockhub.graphql.queries.lines import LinesQuery
from stockhub.graphql.queries.market import MarketQuery
from stockhub.graphql.queries.notifications import NotificationsQuery
from stockhub.graphql.queries.operations import OperationsQuery
from stockhub.graphql.queries.overview import OverviewQuery
from stockhub.graphql.queries.plans import PlansQuery
from stockhub.graphql.queries.platform_facts import PlatformFactsQuery
from stockhub.graphql.queries.pushes import PushesQuery
from stockhub.graphql.queries.rule_parameters import RuleParametersQuery
from stockhub.graphql.queries.stock_as_of import StockAsOfQuery
from stockhub.graphql.queries.stock_counts import StockCountsQuery
from stockhub.graphql.queries.suppliers import SuppliersQuery
from stockhub.graphql.queries.transfers import TransfersQuery
from stockhub.graphql.queries.webhooks import WebhooksQuery
from stockhub.graphql.scalars import SCALARS

QUERIES = (
    AlertsQuery,
    BenchmarksQuery,
    CatalogQuery,
    ChannelsQuery,
    ContingencyQuery,
    DemandQuery,
    AccuracyQuery,
    KpiQuery,
    EditingQuery,
    InboxQuery,
    IngestionQuery,
    InventoryQuery,
    LaunchAnaloguesQuery,
    LifecycleQuery,
    LinesQuery,
    MarketQuery,
    NotificationsQuery,
    OperationsQuery,
    OverviewQuery,
    PlansQuery,
    PushesQuery,
    PlatformFactsQuery,
    RuleParametersQuery,
    StockAsOfQuery,
    StockCountsQuery,
    SuppliersQuery,
    TransfersQuery,
    WebhooksQuery,
)
MUTATIONS = (
    AlertsMutation,
    CatalogMutation,
    ConnectionsMutation,
    ContingencyMutation,
    EditingMutation,
    FeedsMutation,
    InboxMutation,
    IngestionMutation,
    InventoryMutation,
    LaunchAnaloguesMutation,
    LifecycleMutation,
    LinesMutation,
    LotsMutation,
    MarketMutation,
    BenchmarkMutation,
    NotificationsMutation,
    OperationsMutation,
    PlansMutation,
    PushesMutation,
    RuleParametersMutation,
    StockCountsMutation,
    StockMutation,
    SuppliersMutation,
    TransfersMutation,
    WebhooksMutation,
)


class StockHubSchema(Schema):
    def process_errors(self, errors_: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:  # noqa: ARG002 - Strawberry's signature
        errors.log(errors_)


schema = StockHubSchema(
    query=merge_types("Query", QUERIES),
    mutation=merge_types("Mutation", MUTATIONS),
    types=[*NODE_TYPES.values(), *errors.ERROR_TYPES],
    extensions=[Limits, Authorisation],
    config=StrawberryConfig(relay_max_results=MAX_FIRST, scalar_map=SCALARS),
)
