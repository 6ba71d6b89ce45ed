"""What a new account came with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import Info

from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.baseline_page import SEES_ALERTS, kind_label
from stockhub.channels.baselines import BaselineSummary, inbox_of_baseline
from stockhub.graphql.context import user_of
from stockhub.graphql.labels import Slugged
from stockhub.graphql.metrics import Money, money


@strawberry.type(description="How many alerts there were of one level.")
class BaselineLevel:
    level: int = strawberry.field(description="From 1 (notice) to 3 (act now).")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many alerts there were of one kind.")
class BaselineKind:
    kind: Slugged = strawberry.field(description="Which rule raised them; its severity is the highest level of them.")
    count: int = strawberry.field(description="How many.")
    levels: list[BaselineLevel] = strawberry.field(description="By level, the gravest first.")
    money: Money | None = strawberry.field(description="What was at stake; null where none was valued.")


@strawberry.type(description="What was there when an account was new, summed up. It is not counted anew as its alerts are dealt with.")
class AccountBaseline:
    total_count: int = strawberry.field(description="How many alerts.")
    levels: list[BaselineLevel] = strawberry.field(description="By level, the gravest first.")
    kinds: list[BaselineKind] = strawberry.field(description="By kind, the gravest first.")
    money: Money | None = strawberry.field(
        description="What was at stake, of each SKU and pool the worst alert, in the base currency of then; null where none was valued."
    )
    inbox_path: str = strawberry.field(description="The page of the admin with what of it is still open.")


def baseline_of(info: Info, account: Any) -> AccountBaseline | None:  # noqa: ANN401 - an account
    """None where there is none, or the reader may not see alerts or some of the stock that it is about."""
    if account.baseline_summary is None or not user_of(info).has_perm(SEES_ALERTS):
        return None
    summary = BaselineSummary.from_json(account.baseline_summary)
    if not summary.may_be_seen_by(visible_pools(info)):
        return None
    return AccountBaseline(
        total_count=summary.count,
        levels=_levels(summary.levels),
        kinds=[
            BaselineKind(
                kind=Slugged(slug=each.kind, label=kind_label(each.kind), severity=max(each.levels)),
                count=each.count,
                levels=_levels(each.levels),
                money=money(each.money, summary.currency),
            )
            for each in summary.kinds
        ],
        money=money(summary.money, summary.currency),
        inbox_path=inbox_of_baseline(account.code),
    )


def visible_pools(info: Info) -> set[int] | None:
    """The ids of the pools that the reader may see, asked once a request; None for all."""
    memo = info.context.memo
    if "visible pools" not in memo:
        memo["visible pools"] = visible_pool_ids(user_of(info))
    known: set[int] | None = memo["visible pools"]
    return known


def _levels(levels: Mapping[int, int]) -> list[BaselineLevel]:
    return [BaselineLevel(level=level, count=count) for level, count in levels.items()]
