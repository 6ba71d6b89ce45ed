"""The terms of buying of each row, and where each comes from: what is said of the SKU, then its stage's, then a default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.demand.frames import Rows
from stockhub.lifecycle.buying import stage_terms
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot import defaults
from stockhub.snapshot.supply import Policies, policies_of
from stockhub.snapshot.worth import Rates, sku_facts

#: Where a term comes from, by its number: the catalogue's own word on the SKU, its stock policy, its stage, or nobody.
SOURCES: Final = ("default", "stage", "policy", "sku")
DEFAULT, STAGE, POLICY, SKU = range(len(SOURCES))


@dataclass(frozen=True, slots=True)
class Term:
    """One term of each row, (n,): what holds, and where it comes from as a position in `SOURCES`."""

    value: FloatArray
    source: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BuyingTerms:
    """Whether it is bought again (1 or 0), the service level, and the days from one review to the next."""

    is_replenished: Term
    service_level: Term
    review_period: Term

    def within(self, policies: Policies) -> Policies:
        """The policies with the terms that hold."""
        return replace(policies, service_level=self.service_level.value, review_period=self.review_period.value)


def buying_terms(rows: Rows, policies: Policies, may_be_bought: FloatArray) -> BuyingTerms:
    """`may_be_bought` (n,) is the catalogue's word: 0 where somebody took the SKU off the list or discontinued it, which nothing overrules.

    A stock policy may say that a SKU is bought whatever its stage says.
    """
    stage = stage_terms(rows.sku_ids)
    by_stage = np.where(stage.is_replenished == 0.0, 0.0, np.nan)
    bought = _first(policies.is_replenished, by_stage, 1.0)
    off = may_be_bought == 0.0
    return BuyingTerms(
        Term(np.where(off, 0.0, bought.value), np.where(off, SKU, bought.source)),
        _first(policies.service_level, stage.service_level, defaults.SERVICE_LEVEL),
        _first(policies.review_period, stage.review_period, defaults.REVIEW_PERIOD_DAYS),
    )


def _first(policy: FloatArray, stage: FloatArray, default: float) -> Term:
    """What is stated, NaN where it is not, in the order in which it counts."""
    by_policy, by_stage = ~np.isnan(policy), ~np.isnan(stage)
    return Term(
        np.where(by_policy, policy, np.where(by_stage, stage, default)), np.where(by_policy, POLICY, np.where(by_stage, STAGE, DEFAULT))
    )


@dataclass(frozen=True, slots=True)
class EffectiveTerm:
    """One term of one SKU in one pool: its name among the fields of `BuyingTerms`, what holds, and one of `SOURCES`."""

    name: str
    value: float
    source: str


def effective_terms(*, sku_id: int, pool_id: int, as_of: datetime) -> list[EffectiveTerm]:
    """The terms of a SKU in a pool as they hold now; it need have neither sales nor stock there."""
    rows = Rows(np.array([sku_id], np.int64), np.array([pool_id], np.int64))
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    terms = buying_terms(rows, policies_of(rows), sku_facts(rows, day, Rates(day)).is_replenished)
    told = []
    for name in BuyingTerms.__slots__:
        term: Term = getattr(terms, name)
        told.append(EffectiveTerm(name, float(term.value[0]), SOURCES[int(term.source[0])]))
    return told
