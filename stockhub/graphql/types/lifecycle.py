"""Stages of SKUs and categories: which, since when, on what evidence, and what somebody said instead."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import strawberry
import strawberry_django
from strawberry import Info, relay
from strawberry_django import field

from stockhub.core.kept_texts import recognised
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Metric, metric
from stockhub.graphql.types.catalog import Category, Sku
from stockhub.lifecycle import models
from stockhub.lifecycle.categories import stage_shares
from stockhub.lifecycle.explanations import explanation_of, labels_of
from stockhub.lifecycle.life_curve import LifeCurve
from stockhub.lifecycle.overrides import ENDINGS
from stockhub.lifecycle.settling import needed
from stockhub.snapshot.buying_terms import EffectiveTerm
from stockhub.values import Label
from stockhub.values.stages import STAGES

StageChangeKind = models.ChangeKind
graphql_enum(
    StageChangeKind,
    "What changed.",
    {
        "FIRST": ("The first stage", "首次判定"),
        "CHANGED": ("The stage changed", "阶段变更"),
        "PENDING": ("Another stage is found, and waits to be confirmed", "待确认"),
        "WITHDRAWN": ("What was found is found no longer", "撤回"),
        "STATED": ("Somebody stated another stage in the catalogue", "目录中修改"),
        "OVERRIDDEN": ("Somebody set it by hand for a time", "人工设定"),
        "REVERTED": ("What was set by hand is over", "恢复"),
    },
)
#: Where a term of buying comes from.
_SOURCES = {
    "default": Label("General default", "系统默认"),
    "stage": Label("The SKU's stage", "生命周期阶段"),
    "policy": Label("Stock policy", "库存策略"),
    "sku": Label("The SKU is off the list or discontinued", "商品已停采或停售"),
}
_TERMS = {
    "is_replenished": (Label("Is bought again", "继续采购"), "flag"),
    "service_level": (Label("Service level", "服务水平"), "1"),
    "review_period": (Label("Review period", "盘查周期"), "day"),
}
_STAGE: dict[str, Any] = {"only": ["stage_id"], "select_related": ["stage"]}


@strawberry.type(description="One number that a stage rests on.")
class StageEvidence:
    name: str = strawberry.field(description="Its name in the formula, such as weeks_since_peak.")
    label: str = strawberry.field(description="What it is, in the language of the request.")
    value: Metric = strawberry.field(description="The number; null where too few weeks are known.")


@strawberry.type(description="How many SKUs are in a stage.")
class StageShare:
    stage: Slugged | None = strawberry.field(description="The stage; null for SKUs of which nothing is known.")
    skus: int = strawberry.field(description="How many.")


def stage_of(row: Any, name: str = "stage") -> Slugged | None:  # noqa: ANN401 - a row with a stage
    """The stage of a row with its name."""
    return named_stage(getattr(row, name))


def named_stage(stage: Any) -> Slugged | None:  # noqa: ANN401 - a stage or None
    """A stage with its name."""
    return None if stage is None else slugged(stage.slug, Label(stage.name_en, stage.name_zh))


def evidence_of(row: Any, as_of: dt.datetime) -> list[StageEvidence]:  # noqa: ANN401 - a row with evidence
    """The numbers by name."""
    names = labels_of(row.formula)
    return [
        StageEvidence(
            name=name,
            label=slugged(name, names.get(name)).label,
            value=metric(value, "1", as_of=as_of, reason="TOO_FEW_WEEKS"),
        )
        for name, value in sorted(row.evidence.items())
    ]


def _found(row: Any, as_of: dt.datetime) -> Metric:  # noqa: ANN401 - a row with evidence
    """The position of the stage found, explained by the formula."""
    tree = explanation_of(row.formula, row.evidence)
    value = None if row.evaluated is None or row.evaluated.slug not in STAGES else float(STAGES.index(row.evaluated.slug))
    reason = getattr(row, "reason", "") or "NO_DATA"
    return metric(
        value, "stage", as_of=as_of, reason=reason, explain=(lambda: (tree, labels_of(row.formula))) if tree is not None else None
    )


def _position(row: Any, name: str) -> float:  # noqa: ANN401 - a row with a stage
    stage = getattr(row, name)
    return float(STAGES.index(stage.slug)) if stage is not None and stage.slug in STAGES else float("nan")


def _settled() -> Any:  # noqa: ANN401 - a field of strawberry-django
    """The field `stage` of a state."""
    about = "The stage that the evaluations have settled; null while nothing has ever been told."
    return field(resolver=stage_of_row, description=about, **_STAGE)


def stage_of_row(root: Any) -> Slugged | None:  # noqa: ANN401 - a row with a stage
    return stage_of(root)


def _evaluated(about: str) -> Any:  # noqa: ANN401 - a field of strawberry-django
    """The field `evaluated` of a state or a change."""

    def resolve(root: Any) -> Slugged | None:  # noqa: ANN401 - a row
        return stage_of(root, "evaluated")

    return field(resolver=resolve, only=["evaluated_id"], select_related=["evaluated"], description=about)


def _needed() -> Any:  # noqa: ANN401 - a field of strawberry-django
    """The field `needed` of a state."""

    def resolve(root: Any) -> int:  # noqa: ANN401 - a state
        return int(needed(np.array([_position(root, "stage")]), np.array([_position(root, "evaluated")]))[0])

    about = "How often in a row the stage found last has to be found before it holds; 0 where it holds already."
    return field(resolver=resolve, only=["evaluated_id", "stage_id"], select_related=["evaluated", "stage"], description=about)


def _found_by(at: str, more: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - a field of strawberry-django
    """The field `found` of a state or a change, as of its column `at`."""

    def resolve(root: Any) -> Metric:  # noqa: ANN401 - a row
        return _found(root, getattr(root, at))

    about = (
        "The position of the stage found among the stages, with the formula that gives it; null with the reason where nothing was found."
    )
    only = ["evidence", "formula_id", "evaluated_id", at, *more]
    return field(resolver=resolve, only=only, select_related=["formula", "evaluated"], description=about)


def _evidence(at: str) -> Any:  # noqa: ANN401 - a field of strawberry-django
    """The field `evidence` of a state or a change, as of its column `at`."""

    def resolve(root: Any) -> list[StageEvidence]:  # noqa: ANN401 - a row
        return evidence_of(root, getattr(root, at))

    only = ["evidence", "formula_id", at]
    return field(resolver=resolve, only=only, select_related=["formula"], description="The numbers that it rests on.")


@strawberry_django.type(models.StageOverride, description="A stage that somebody set by hand, with why and until when.")
class StageOverride(relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="Of what.")
    until_on: dt.date = field(description="The last day on which it holds; a day of the site's zone.")
    reason: str = field(description="Why.")
    set_by: str = field(description="Who set it.")
    set_at: dt.datetime = field(description="When it was set.")
    ended_at: dt.datetime | None = field(description="When it ended; null while it holds.")
    ended_by: str = field(description="Who ended it, or empty.")
    updated_at: dt.datetime = field(description="When it last changed.")

    @field(only=["end_reason"], description="Why it ended, or empty. What nobody typed is in the language of the request.")
    def end_reason(self, root: strawberry.Parent[Any]) -> str:
        return recognised(root.end_reason, ENDINGS)

    @field(**_STAGE, description="The stage.")
    def stage(self, root: strawberry.Parent[Any]) -> Slugged | None:
        return stage_of(root)

    @field(only=["ended_at"], description="Whether it holds.")
    def is_active(self, root: strawberry.Parent[Any]) -> bool:
        return root.ended_at is None


@strawberry_django.type(models.StageState, description="What the evaluations say of a SKU's stage, beneath anything set by hand.")
class SkuStage(relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="Of what; its `stage` is the one in force.")
    week_on: dt.date = field(description="The last day of the week that was evaluated last; a day of the site's zone.")
    since_on: dt.date | None = field(description="The last day of the week that settled the stage; null where somebody stated it.")
    weeks_in_stage: int = field(description="For how many weeks it has held.")
    consecutive: int = field(description="How often in a row the stage found last has been found.")
    rule: str = field(description="The slug of the rule that found it.")
    updated_at: dt.datetime = field(description="When it last changed.")
    stage: Slugged | None = _settled()
    evaluated: Slugged | None = _evaluated("The stage found last; null where the week said nothing.")
    needed: int = _needed()
    found: Metric = _found_by("updated_at", ("reason",))
    evidence: list[StageEvidence] = _evidence("updated_at")


@strawberry_django.type(models.CategoryStage, description="The stage of a category, from the sum of its SKUs and of all beneath it.")
class CategoryStage(relay.Node):
    id: relay.NodeID[int]
    category: Category = field(description="Of what.")
    week_on: dt.date = field(description="The last day of the week that was evaluated last; a day of the site's zone.")
    since_on: dt.date | None = field(description="The last day of the week that settled the stage; null where somebody stated it.")
    weeks_in_stage: int = field(description="For how many weeks it has held.")
    consecutive: int = field(description="How often in a row the stage found last has been found.")
    rule: str = field(description="The slug of the rule that found it.")
    updated_at: dt.datetime = field(description="When it last changed.")
    stage: Slugged | None = _settled()
    evaluated: Slugged | None = _evaluated("The stage found last; null where the week said nothing.")
    needed: int = _needed()
    found: Metric = _found_by("updated_at", ("reason",))
    evidence: list[StageEvidence] = _evidence("updated_at")
    sku_count: int = field(description="How many SKUs it was told from.")

    @field(only=["category_id"], description="How many of its SKUs, and of those beneath it, are in which stage.")
    def shares(self, root: strawberry.Parent[Any], info: Info) -> list[StageShare]:
        memo = info.context.memo
        if "stage_shares" not in memo:
            memo["stage_shares"] = stage_shares()
        return [StageShare(stage=named_stage(stage), skus=count) for stage, count in memo["stage_shares"].get(root.category_id, ())]


@strawberry_django.type(models.StageChange, description="One evaluation that changed something, or one word of a person; kept for ever.")
class StageChange(relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="Of what.")
    kind: StageChangeKind = field(description="What changed.")
    week_on: dt.date = field(description="The last day of the evaluated week; of what a person did, the day.")
    consecutive: int = field(description="How often in a row the stage had been found.")
    needed: int = field(description="How often it has to be found; 0 where that does not matter.")
    rule: str = field(description="The slug of the rule; empty where a person did it.")
    actor: str = field(description="Who: a user, or a part of the system.")

    @field(only=["note"], description="Why, in words, or empty. What nobody typed is in the language of the request.")
    def note(self, root: strawberry.Parent[Any]) -> str:
        return recognised(root.note, ENDINGS)

    recorded_at: dt.datetime = field(description="When it was recorded.")

    @field(only=["stage_from_id"], select_related=["stage_from"], description="The stage before; null for none.")
    def stage_from(self, root: strawberry.Parent[Any]) -> Slugged | None:
        return stage_of(root, "stage_from")

    @field(only=["stage_to_id"], select_related=["stage_to"], description="The stage after; the same where only a finding changed.")
    def stage_to(self, root: strawberry.Parent[Any]) -> Slugged | None:
        return stage_of(root, "stage_to")

    evaluated: Slugged | None = _evaluated("The stage found; null where a person did it.")
    found: Metric = _found_by("recorded_at")
    evidence: list[StageEvidence] = _evidence("recorded_at")


@strawberry.type(
    description="The weeks that a SKU's stage is told from, over all accounts, and what Bass's curve of its launch says if reliable."
)
class SkuLifeCurve:
    curve: strawberry.Private[LifeCurve]
    as_of: strawberry.Private[dt.datetime]

    @strawberry.field(name="from", description="The first day of the first week; a day of the site's zone.")
    def from_(self) -> dt.date:
        return self.curve.first_on

    @strawberry.field(description="The step as an ISO-8601 duration: P7D.")
    def step(self) -> str:
        return "P7D"

    @strawberry.field(description="Cleaned units a week; null in a week that says nothing: no stock, an event, or figures that cannot be.")
    def values(self) -> list[Decimal | None]:
        return [None if np.isnan(value) else Decimal(repr(round(value, 4))) for value in self.curve.weekly.tolist()]

    @strawberry.field(description="The week of the highest sales by the launch's curve; null with the reason where it cannot be relied on.")
    def peak_week(self) -> Metric:
        return metric(self.curve.peak_week, "week", as_of=self.as_of, reason=self.curve.bass.reason)

    @strawberry.field(description="Units that are still to be sold by the launch's curve; null likewise.")
    def remaining_qty(self) -> Metric:
        return metric(self.curve.remaining_units, "unit", as_of=self.as_of, reason=self.curve.bass.reason)


@strawberry.type(description="A term of buying a SKU for a pool as it holds now, and where it comes from.")
class EffectiveBuyingTerm:
    found: strawberry.Private[EffectiveTerm]
    as_of: strawberry.Private[dt.datetime]

    @strawberry.field(description="Which: is_replenished, service_level or review_period.")
    def term(self) -> Slugged:
        return slugged(self.found.name, _TERMS[self.found.name][0])

    @strawberry.field(description="What holds; of is_replenished, 1 or 0.")
    def value(self) -> Metric:
        return metric(self.found.value, _TERMS[self.found.name][1], as_of=self.as_of)

    @strawberry.field(description="Where it comes from: sku, policy, stage or default.")
    def source(self) -> Slugged:
        return slugged(self.found.source, _SOURCES[self.found.source])
