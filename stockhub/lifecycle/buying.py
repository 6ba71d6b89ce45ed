"""What a stage says of buying, where nobody has said anything of the SKU itself (H9; science.md 4, "policy by stage")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.apps import AppConfig
from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, F, IntegerField, QuerySet, Value, When
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.core.columns import FLOAT, INT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.formulas.lifecycle.stage_policy import INTRODUCTION_SERVICE_LEVEL, STAGE_POLICIES
from stockhub.lifecycle.models import LifecycleSettings
from stockhub.pluginapi.snapshot import FloatArray

#: Service levels that stages start with; the others take that of the SKU's policy or the general one.
_SERVICE_LEVELS: Final = {"introduction": INTRODUCTION_SERVICE_LEVEL}


@dataclass(frozen=True, slots=True)
class StageTerms:
    """Of n SKUs (repeated as they are asked for), (n,) each: whether their stage is bought for, 1 where it says nothing; the service level
    and the review period that it states, NaN where it states none.
    """

    is_replenished: FloatArray
    service_level: FloatArray
    review_period: FloatArray


def stage_terms(sku_ids: NDArray[np.int64]) -> StageTerms:
    """One query."""
    found = _stated(skus=np.unique(sku_ids))
    at = np.searchsorted(found["id"], sku_ids)
    return StageTerms(
        found["is_bought"].astype(np.float64)[at], found["its_service_level"][at], found["its_review_period"][at]
    )  # fmt: skip


@kept({"id": INT, "is_bought": INT, "its_service_level": FLOAT, "its_review_period": FLOAT})
def _stated(skus: KeptIds) -> QuerySet[Sku]:
    off = Exists(LifecycleSettings.objects.filter(applies_defaults=False))
    return (
        Sku.objects.filter(**id_filter("id", skus))
        .annotate(is_off=ExpressionWrapper(off, output_field=BooleanField()))
        .annotate(
            is_bought=Case(
                When(is_off=False, stage__default__is_replenished=False, then=Value(0)), default=Value(1), output_field=IntegerField()
            ),
            its_service_level=Case(When(is_off=False, then=F("stage__default__service_level"))),
            its_review_period=Case(When(is_off=False, then=F("stage__default__review_period_days"))),
        )
        .order_by("id")
    )  # fmt: skip


def install_stage_defaults(sender: AppConfig, **_kwargs: Any) -> None:  # noqa: ANN401, ARG001 - a signal's
    """Adds what the six stages say of buying where nobody has, after every migration: what an operator changed stays."""
    from stockhub.catalog.models import Stage
    from stockhub.lifecycle.models import StageDefault

    StageDefault.objects.bulk_create(
        (
            StageDefault(
                stage=stage,
                is_replenished=STAGE_POLICIES[stage.slug].orders_automatically,
                service_level=_SERVICE_LEVELS.get(stage.slug),
            )
            for stage in Stage.objects.filter(slug__in=STAGE_POLICIES)
        ),
        ignore_conflicts=True,
    )
