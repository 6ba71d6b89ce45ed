"""Why a forecast is not its model's alone: a reason says what it did to which days, who said so and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from stockhub.values import Label


class ReasonKind(StrEnum):
    EVENT = "event"
    AFTER_EVENT = "after_event"
    SIGNAL = "signal"
    ADJUSTMENT = "adjustment"
    LOCK = "lock"
    ANALOGUES = "analogues"
    DAY_MARK = "day_mark"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Reason:
    """`factor` is what the days from `first_on` to `last_on` were multiplied by; None where it is no factor, but `note` says what was done.

    `code` names the plan, event or problem; `origin` says where the factor comes from: `stated`, or `learned` from so many `samples`.
    """

    kind: ReasonKind
    code: str
    label: Label
    first_on: date | None = None
    last_on: date | None = None
    factor: float | None = None
    origin: str = ""
    samples: int = 0
    why: str = ""
    made_by: str = ""
    values: dict[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "code": self.code,
            "label": {"en": self.label.en, "zh": self.label.zh},
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "factor": None if self.factor is None else round(self.factor, 6),
            "origin": self.origin,
            "samples": self.samples,
            "why": self.why,
            "made_by": self.made_by,
            "values": self.values or {},
        }
