"""Alert rules: a snapshot in, findings for every row out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from stockhub.pluginapi.snapshot import FloatArray, Snapshot
from stockhub.values import Explanation, Label

#: `Findings.level` of a row for which the rule has no data; `Findings.reasons` says which.
NOT_EVALUATED: Final = -1


#: Stands for the saving of a rule that tells none; the findings have NaN for each row then.
_UNTOLD: Final[FloatArray] = np.zeros(0)


class Side(StrEnum):
    """Which of the two fears an alert speaks of; *Today* shows them side by side."""

    SHORTAGE = "shortage"
    EXCESS = "excess"
    DATA = "data"


class RuleParameters(BaseModel):
    """Base of a rule's parameters: numbers with defaults that an operator edits. Unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a rule found for the n rows of a snapshot.

    `level` (n,) int8: 0 none, 1 to 3 the alert's level, -1 not evaluated. `hold_level` (n,) int8: the level that an alert which is already
    open keeps, found with laxer thresholds (hysteresis): at least `level`. `value` (n,): the number that the alert is about, in `unit`.
    `money` (n,): what ignoring it costs in the base currency, NaN where unknown. `due_in_days` (n,): days until it is too late, NaN where
    that makes no sense. `suggested_qty` (n,): units to order, NaN where the rule suggests none. `inputs`: every number that the
    explanations need, (n,) each. `reasons`: a code (`NO_FORECAST`) and the rows it holds for. `saving` (n,): the part of `money` that the
    best action of now still saves, at most that, NaN where unknown; *Today* ranks by it. A rule that leaves it out tells none. On the
    side of excess it is what the rule's own proposal saves: the host values a promotion, a transfer and a purchase pause for every rule.
    """

    level: NDArray[np.int8]
    hold_level: NDArray[np.int8]
    value: FloatArray
    unit: str
    money: FloatArray
    due_in_days: FloatArray
    suggested_qty: FloatArray
    inputs: Mapping[str, FloatArray]
    reasons: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    saving: FloatArray = field(default_factory=lambda: _UNTOLD)

    def __post_init__(self) -> None:
        if self.saving is _UNTOLD:
            object.__setattr__(self, "saving", np.full(np.shape(self.value), np.nan))


class AlertRule(ABC):
    """One kind of alert: its slug is the alert's kind, and at most one alert of it is open for each (SKU, pool)."""

    slug: ClassVar[str]
    label: ClassVar[Label]
    description: ClassVar[Label]
    side: ClassVar[Side]
    parameters_model: ClassVar[type[RuleParameters]] = RuleParameters
    #: Whether a field of `parameters` may be an array (n,), one number a row, where rows have different ones. A rule that takes plain
    #: values only is asked once for each set of parameters, about the whole SKUs that have it.
    takes_parameters_by_row: ClassVar[bool] = False
    #: Whether the alert says that stock of this SKU will be gone here unless somebody acts, so that a stock-out that follows proves it
    #: right and none proves it wrong. A fee, a deadline or a dependence foretells none, though it is on the side of shortage.
    foretells_stockout: ClassVar[bool] = False
    #: What the rule may propose, each with its reason: the input `proposal` is a position in it, NaN where the row gets no proposal.
    proposals: ClassVar[tuple[Label, ...]] = ()
    #: Clock hours from detection within which a finding has to be settled, whatever its level, unless the operator says otherwise;
    #: None leaves it to the level.
    resolve_within_hours: ClassVar[float | None] = None
    #: Whether `due_in_days` counts from detection, so that an open alert keeps the earliest day that it was due on.
    due_counts_from_detection: ClassVar[bool] = False

    @abstractmethod
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        """Judges every row. Arrays in, arrays out; must not change the snapshot and knows no clock but `snapshot.as_of`.

        With `takes_parameters_by_row`, numbers among the parameters are floats, or float64 arrays (n,) where rows have different ones.
        """

    @abstractmethod
    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        """The formulas of the rule over the names of `Findings.inputs`, by calling the same functions with `Explanation` inputs.

        Keys are `value` and, where the rule gives them, `money`, `saving`, `due_in_days`, `suggested_qty`. Called once a cycle, with
        inputs that have no values: it must not branch on them.
        """

    def input_labels(self) -> Mapping[str, Label]:
        """Names of inputs that are not snapshot columns."""
        return {}
