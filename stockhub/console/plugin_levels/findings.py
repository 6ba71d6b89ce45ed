"""What was looked at, what came of it, and which level that makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    NONE = 0
    BRONZE = 1
    SILVER = 2
    GOLD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement of a level. `detail` is what was seen, or what is missing."""

    level: Level
    name: str
    is_met: bool
    detail: str


def reached(findings: Sequence[Finding]) -> Level:
    """The highest level of which, and of those below which, every requirement is met. A level without any is not reached."""
    level = Level.NONE
    for wanted in (Level.BRONZE, Level.SILVER, Level.GOLD):
        of_level = [f for f in findings if f.level is wanted]
        if not of_level or not all(f.is_met for f in of_level):
            break
        level = wanted
    return level
