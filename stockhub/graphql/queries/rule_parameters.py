"""Reading parameters of rules, and how far the data that rules judge can be trusted."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.alerts import parameter_models as models
from stockhub.alerts.parameters.effective import effective_parameters
from stockhub.catalog import models as catalog
from stockhub.core import clock
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, UpdatedSince, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import SkuCode, SkuCodes
from stockhub.graphql.queries.lines import InPool, PoolCode
from stockhub.graphql.types.confidence import DataConfidence
from stockhub.graphql.types.rule_parameters import EffectiveRuleParameter, ParameterScope, RuleParameter
from stockhub.snapshot.confidence import data_confidence
from stockhub.values import DomainError

RuleSlug = Annotated[str, strawberry.argument(description="The slug of the rule: its kind of alert.")]


@strawberry.type
class RuleParametersQuery:
    @root_field(
        "alerts.view_ruleparameter",
        "Every parameter of a rule as it holds now for a SKU in a pool, where it comes from and what lost against it. Refused where there "
        "is no such rule, SKU or pool, or the user does not see it.",
    )
    def effective_rule_parameters(self, info: Info, rule: RuleSlug, sku: SkuCode, pool: PoolCode) -> list[EffectiveRuleParameter]:
        found_sku = rows_of(catalog.Sku, info).filter(code=sku, deleted_at=None).first()
        found_pool = rows_of(catalog.StockPool, info).filter(code=pool, deleted_at=None).first()
        if found_sku is None:
            raise DomainError("unknown_sku", _("There is no such SKU, or you may not see it."), path=("sku",), params={"value": sku[:100]})
        if found_pool is None:
            raise DomainError(
                "unknown_pool", _("There is no such pool, or you may not see it."), path=("pool",), params={"value": pool[:100]}
            )
        found = effective_parameters(rule=rule, sku_id=found_sku.pk, pool_id=found_pool.pk, as_of=clock.now())
        rows = [row for each in found for row in (each.source, *each.lost) if row is not None]
        together = tuple(sorted(row.pk for row in rows))
        return [EffectiveRuleParameter(found=each, together=together) for each in found]

    @root_field(
        "inventory.view_balance",
        "How far the data of a SKU in a pool can be trusted; null where the SKU has no sales, stock or policy there, or the user does not "
        "see the pool.",
    )
    def data_confidence(self, info: Info, sku: SkuCode, pool: PoolCode) -> DataConfidence | None:
        found_sku = rows_of(catalog.Sku, info).filter(code=sku, deleted_at=None).first()
        found_pool = rows_of(catalog.StockPool, info).filter(code=pool, deleted_at=None).first()
        if found_sku is None or found_pool is None:
            return None
        now = clock.now()
        found = data_confidence(sku_id=found_sku.pk, pool_id=found_pool.pk, as_of=now)
        return None if found is None else DataConfidence(found=found, as_of=now)

    @root_field("alerts.view_ruleparameter", "Values of rules' parameters that people set, the one that was set last first.")
    def rule_parameters(
        self,
        info: Info,
        rule: Annotated[str | None, strawberry.argument(description="Only those of the rule with this slug.")] = None,
        scope: Annotated[ParameterScope | None, strawberry.argument(description="Only those for this scope.")] = None,
        skus: SkuCodes = None,
        pool: InPool = None,
        only_active: Annotated[bool, strawberry.argument(description="Only those whose time is now.")] = True,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[RuleParameter]:
        rows = rows_of(models.RuleParameter, info)
        if rule is not None:
            rows = rows.filter(rule=rule)
        if scope is not None:
            rows = rows.filter(scope=scope.value)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if pool is not None:
            rows = rows.filter(pool__code=pool)
        if only_active:
            now = clock.now()
            rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=now), Q(until_at=None) | Q(until_at__gt=now), starts_at__lte=now)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[RuleParameter], rows, (Key("set_at", descending=True),), Paging(first, after, offset))
