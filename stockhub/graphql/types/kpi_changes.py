"""Why key figures changed."""

from __future__ import annotations

import datetime as dt

import strawberry

from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Metric, metric
from stockhub.overview.kpis import KPIS
from stockhub.review.kpi_changes.changes import Cause, CauseKind
from stockhub.review.kpi_changes.changes import KpiChange as Change

graphql_enum(
    CauseKind,
    "What a part of a change is put down to.",
    {
        "CATEGORY": ("A category in a pool", "库存池中的类目"),
        "SKU": ("A SKU in a pool", "库存池中的SKU"),
        "ALERT": ("SKUs with alerts of a kind", "有某类预警的SKU"),
        "INCIDENT": ("SKUs of an incident", "同一事件涉及的SKU"),
        "PART": ("Another key figure", "其他关键指标"),
    },
)


@strawberry.type(
    description="A part of the change of a key figure. Those of all categories add up to the change; a SKU counts for its category, for "
    "each kind of alert that it had, and for its incident."
)
class KpiCause:
    kind: CauseKind = strawberry.field(description="What it is.")
    code: str = strawberry.field(
        description="The code of a category (empty: SKUs of none) or a SKU, the slug of an alert's kind or a key figure, an incident's key."
    )
    name: str = strawberry.field(description="What it is called, in the language of the request.")
    pool: str = strawberry.field(description="The code of the pool; empty where it is about several.")
    contribution: Metric = strawberry.field(description="How much of the change it is, in the unit of the figure.")
    share: Metric = strawberry.field(
        description="The same as a part of the change: above 1 or below 0 where causes work against each other."
    )

    @classmethod
    def of(cls, cause: Cause, change: Change, as_of: dt.datetime) -> KpiCause:
        return cls(
            kind=cause.kind,
            code=cause.code,
            name=cause.name,
            pool=cause.pool,
            contribution=metric(cause.contribution, change.unit, as_of=as_of),
            share=metric(cause.share, "share", as_of=as_of, reason=None if cause.share is not None else "NO_DATA"),
        )


@strawberry.type(description="How a key figure of a place changed between two days, and what contributed most.")
class KpiChange:
    kind: Slugged = strawberry.field(description="Which figure.")
    code: str = strawberry.field(description="The code of the place.")
    name: str = strawberry.field(description="Its name.")
    since: dt.date | None = strawberry.field(
        description="The earlier day; for a turnover of three months the last day of the quarter before."
    )
    until: dt.date | None = strawberry.field(description="The later day.")
    before: Metric = strawberry.field(description="The figure then.")
    after: Metric = strawberry.field(description="The figure on the later day.")
    change: Metric = strawberry.field(description="What it changed by, with a reason where that cannot be told.")
    untold: Metric = strawberry.field(description="What of the change no SKU among the causes accounts for; null where SKUs are not told.")
    causes: list[KpiCause] = strawberry.field(description="At most 20 of each kind, by kind, those that contribute most first.")

    @classmethod
    def of(cls, change: Change, as_of: dt.datetime) -> KpiChange:
        def number(value: float | None) -> Metric:
            return metric(value, change.unit, as_of=as_of, reason=None if value is not None else change.reason or "NO_DATA")

        return cls(
            kind=slugged(change.kpi, KPIS[change.kpi]),
            code=change.code,
            name=change.name,
            since=change.since,
            until=change.until,
            before=number(change.before),
            after=number(change.after),
            change=number(change.change),
            untold=number(change.untold),
            causes=[KpiCause.of(cause, change, as_of) for cause in change.causes],
        )
