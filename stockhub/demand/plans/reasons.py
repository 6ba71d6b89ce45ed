"""Why a forecast is not its model's alone: a reason says what it did to which days, who said so and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

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
    """What all rows that it is told of share. `code` names the plan, event or problem; `origin` says where the factor comes from:
    `stated`, or `learned` from so many `samples`.
    """

    kind: ReasonKind
    code: str
    label: Label
    first_on: date | None = None
    last_on: date | None = None
    origin: str = ""
    samples: int = 0
    why: str = ""
    made_by: str = ""
    values: dict[str, float] | None = None

    def to_json(self, factor: float | None = None) -> dict[str, Any]:
        """The factor last, so that the text of all before it is made once for all rows."""
        return {
            "kind": self.kind.value,
            "code": self.code,
            "label": {"en": self.label.en, "zh": self.label.zh},
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "origin": self.origin,
            "samples": self.samples,
            "why": self.why,
            "made_by": self.made_by,
            "values": self.values or {},
            "factor": None if factor is None else round(factor, 6),
        }


class Told(NamedTuple):
    """A reason of one row, and what its days from `first_on` to `last_on` were multiplied by; None where it is no factor."""

    reason: Reason
    factor: float | None = None

    def to_json(self) -> dict[str, Any]:
        return self.reason.to_json(self.factor)


def json_texts(told: Sequence[Sequence[Told]]) -> list[str]:
    """What is told of each row, as the text of a JSON array. Thousands of rows share a reason, whose text is made once."""
    begun: dict[int, str] = {}
    texts = []
    for of_row in told:
        parts = []
        for reason, factor in of_row:
            text = begun.get(id(reason))
            if text is None:
                text = begun[id(reason)] = json.dumps(reason.to_json(), ensure_ascii=False).removesuffix("null}")
            parts.append(f"{text}{'null' if factor is None else round(factor, 6)}}}")
        texts.append(f"[{', '.join(parts)}]")
    return texts
