"""Parameters of rules: what was set, what holds for a SKU in a pool, and where it comes from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from strawberry import Info, relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub.alerts import parameter_models as models
from stockhub.alerts.parameters.effective import EffectiveParameter
from stockhub.alerts.parameters.setting import REPLACED
from stockhub.alerts.selectors import kind_info
from stockhub.core import clock
from stockhub.core.kept_texts import recognised
from stockhub.graphql.labels import ENUM_LABELS, Slugged, graphql_enum, slugged
from stockhub.graphql.together import read_together
from stockhub.graphql.types.catalog import Category, Sku, StockPool
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped
from stockhub.values import Label

ParameterScope = models.ParameterScope
graphql_enum(
    ParameterScope,
    "For which SKUs a value holds. Of several that hold, the one that comes last here counts; of two of one scope, one for a time, then "
    "the one that began last.",
    {
        "GLOBAL": ("All SKUs", "所有商品"),
        "CATEGORY": ("A category, and all beneath it", "类目及其下级"),
        "CLASS": ("A class, such as A", "等级（如A）"),
        "STAGE": ("A life-cycle stage", "生命周期阶段"),
        "ACCOUNT": ("The pools of an account", "账号所用库存池"),
        "POOL": ("A stock pool", "库存池"),
        "SKU": ("A SKU", "单个商品"),
    },
)
_DEFAULT = Label("The rule's default", "规则默认值")


@strawberry_django.type(
    models.RuleParameter,
    description="A value of a rule's parameter that somebody set, with who, why and for how long. It is never changed.",
)
class RuleParameter(Scoped, relay.Node):
    id: relay.NodeID[int]
    parameter: str = field(description="The name of the parameter.")
    value: JSON = field(description="The value, as the rule takes it.")
    previous_value: JSON | None = field(description="What was set for the same SKUs before; null where nothing was.")
    scope: ParameterScope = field(description="For which SKUs it holds.")
    category: Category | None = field(description="The category, where that is its scope.")
    sku_class: str = field(description="The class, where that is its scope; else empty.")
    account: Account | None = field(description="The account, where that is its scope.")
    pool: StockPool | None = field(description="The pool, where that is its scope.")
    sku: Sku | None = field(description="The SKU, where that is its scope.")
    starts_at: dt.datetime = field(description="From when it holds.")
    until_at: dt.datetime | None = field(description="When it reverts by itself; null where it holds until somebody ends or replaces it.")
    reason: str = field(description="Why.")
    set_by: str = field(description="Who set it.")
    set_at: dt.datetime = field(description="When it was set.")
    ended_at: dt.datetime | None = field(description="When somebody ended or replaced it; null where nobody did.")
    ended_by: str = field(description="Who ended it, or empty.")
    version: int = field(description="For `expectedVersion`.")
    updated_at: dt.datetime = field(description="When it last changed.")

    @field(only=["end_reason"], description="Why it was ended, or empty. What nobody typed is in the language of the request.")
    def end_reason(self, root: strawberry.Parent[Any]) -> str:
        return recognised(root.end_reason, (REPLACED,))

    @field(only=["rule"], description="The kind of alert whose rule it is.")
    def kind(self, root: strawberry.Parent[Any]) -> Slugged:
        label = kind_info(root.rule).label
        return slugged(root.rule, Label(label, label))

    @field(
        select_related=["stage"],
        only=["stage__slug", "stage__name_en", "stage__name_zh"],
        description="The stage, where that is its scope.",
    )
    def stage(self, root: strawberry.Parent[Any]) -> Slugged | None:
        return slugged(root.stage.slug, Label(root.stage.name_en, root.stage.name_zh)) if root.stage else None

    @field(only=["starts_at", "until_at", "ended_at"], description="Whether its time is now. A more specific one may stand before it.")
    def is_active(self, root: strawberry.Parent[Any]) -> bool:
        now = clock.now()
        over = root.until_at is not None and root.until_at <= now
        return bool(root.starts_at <= now and not over and (root.ended_at is None or root.ended_at > now))


@strawberry.type(description="A parameter of a rule as it holds for a SKU in a pool, and where it comes from.")
class EffectiveRuleParameter:
    found: strawberry.Private[EffectiveParameter]
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="The parameter: its name, and what it is called.")
    def parameter(self) -> Slugged:
        return slugged(self.found.name, self.found.label)

    @strawberry.field(description="Its unit: day, unit, 1 for a share.")
    def unit(self) -> str:
        return self.found.unit

    @strawberry.field(description="What holds.")
    def value(self) -> JSON:
        return JSON(self.found.value)

    @strawberry.field(description="The rule's own value, which holds where nobody set one.")
    def default_value(self) -> JSON:
        return JSON(self.found.default)

    @strawberry.field(description="Where the value comes from: `default`, or the scope that it was set for.")
    def source(self) -> Slugged:
        row = self.found.source
        if row is None:
            return slugged("default", _DEFAULT)
        return slugged(str(row.scope), ENUM_LABELS["ParameterScope"][ParameterScope(row.scope).name])

    @strawberry.field(description="What set it; null for the rule's default.")
    def set_value(self, info: Info) -> RuleParameter | None:
        row = self.found.source
        return None if row is None else read_together(info, models.RuleParameter, row.pk, self.together)

    @strawberry.field(description="What holds too and lost, in the order in which it would hold.")
    def lost(self, info: Info) -> list[RuleParameter]:
        return [read_together(info, models.RuleParameter, row.pk, self.together) for row in self.found.lost]
