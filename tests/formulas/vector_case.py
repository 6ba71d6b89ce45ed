"""An adapter goes from a case's inputs to the names that the case expects; a missing number is None there, as at every boundary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any

Case = Mapping[str, Any]
Adapter = Callable[[Case], dict[str, Any]]


def known(number: float) -> float | None:
    """The number, or None where it is missing."""
    return None if isnan(number) else float(number)
