"""Rows at the end of a life: what is bought for them is the end-of-life line's to say, and no other rule's of the shortage side (H62)."""

from typing import Final

from stockhub.alerts.rules.formula_rule import BoolArray
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.lifecycle.stage import DECLINE, LIQUIDATION

#: The snapshot column that says so.
STAGE: Final = "stage"


def is_ending(stage: FloatArray) -> BoolArray:
    """Whether a SKU declines, ends or is cleared; not where nobody knows its stage."""
    ending: BoolArray = stage >= DECLINE
    return ending


def is_cleared(stage: FloatArray) -> BoolArray:
    """Whether a SKU is being cleared: then nothing is bought at all (science.md 4)."""
    cleared: BoolArray = stage >= LIQUIDATION
    return cleared
