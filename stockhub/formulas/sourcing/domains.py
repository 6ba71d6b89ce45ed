"""What the parameters of an order may be: outside of it, InvalidParameterError."""

import math

from stockhub.formulas.errors import InvalidParameterError


def require_within(name: str, value: float, *, least: float, most: float = math.inf) -> None:
    """A finite number from `least` to `most`."""
    if not (least <= value <= most and math.isfinite(value)):
        allowed = f"a number of at least {least:g}" + (f" and at most {most:g}" if math.isfinite(most) else "")
        raise InvalidParameterError(name, value, allowed)


def require_cases(name: str, value: float) -> None:
    """Units in a case: a whole number of at least 1."""
    if not (value >= 1 and math.isfinite(value) and value == int(value)):
        raise InvalidParameterError(name, value, "a whole number of at least 1")
