"""Life-cycle rules: weekly demand of many SKUs in, the stage that each week's evidence speaks for out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi.snapshot import FloatArray
from stockhub.values import Explanation, Label
from stockhub.values.stages import STAGES

#: `StageFindings.stage` of a row of which nothing can be said; `StageFindings.reasons` says why.
NO_STAGE: Final = -1

__all__ = ["NO_STAGE", "STAGES", "LifecyclePanel", "LifecycleRule", "StageFindings"]


@dataclass(frozen=True, slots=True)
class LifecyclePanel:
    """Weekly demand of n SKUs, or categories, over t whole weeks; the last of them ends on `last_on`.

    `weekly` (n, t) float64: units a week after demand cleaning, oldest first. NaN before the first sale, and in a week that says nothing
    of demand: out of stock, under a promotion, or with figures that cannot be; taken for a week without sales it would look like decline.
    `age_weeks` (n,) float64: weeks since the launch or the first sale ever, NaN where neither is known. `is_clearance` (n,) bool: somebody
    has said that it is being cleared. `is_off_season` (n,) bool: it has a season, and this is not the time of it. `series_ids` (n,) int64.
    The arrays are read-only.
    """

    series_ids: NDArray[np.int64]
    last_on: date
    weekly: FloatArray
    age_weeks: FloatArray
    is_clearance: NDArray[np.bool_]
    is_off_season: NDArray[np.bool_]

    def __post_init__(self) -> None:
        n = self.weekly.shape[0]
        if self.weekly.ndim != 2 or {a.shape for a in (self.series_ids, self.age_weeks, self.is_clearance, self.is_off_season)} != {(n,)}:
            raise ValueError(f"A panel of {n} series needs a number of each for every one of them.")

    def __len__(self) -> int:
        return len(self.series_ids)

    def rows(self, rows: NDArray[np.intp]) -> LifecyclePanel:
        """Some series of the panel, in the given order."""
        return LifecyclePanel(
            self.series_ids[rows], self.last_on, self.weekly[rows], self.age_weeks[rows], self.is_clearance[rows], self.is_off_season[rows]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageFindings:
    """What a rule found for the n series of a panel.

    `stage` (n,) int8: the stage as a position in `STAGES`, `NO_STAGE` where nothing can be said. `evidence`: every number that the
    explanation needs, by name, (n,) float64 each, NaN where it is missing. `reasons`: a code (`NO_SALES`) and the rows (n,) that it
    holds for; every row without a stage has one.
    """

    stage: NDArray[np.int8]
    evidence: Mapping[str, FloatArray]
    reasons: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)


class LifecycleRule(ABC):
    """One way to tell stages. The host adds what is the same for all: hysteresis, a least time in a stage, overrides and the history."""

    slug: ClassVar[str]
    label: ClassVar[Label]
    description: ClassVar[Label]

    @abstractmethod
    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        """Judges every series by what the panel holds. Arrays in, arrays out; must not change the panel and knows no clock but its
        `last_on`. A series is judged alike whatever stands beside it.
        """

    @abstractmethod
    def explain(self, evidence: Mapping[str, Explanation]) -> Explanation:
        """The formula of the stage's position over the names of `StageFindings.evidence`, by calling the same functions with `Explanation`
        inputs. They have no values: it must not branch on them.
        """

    def evidence_labels(self) -> Mapping[str, Label]:
        """Names of the evidence, and of the formula's steps where they have any, in both languages."""
        return {}
