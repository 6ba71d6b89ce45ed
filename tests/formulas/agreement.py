"""A formula's three forms agree: numbers one by one, arrays at once, and the explanation's value, which evaluating it gives again."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from stockhub.values import Explanation


def assert_forms_agree(formula: Callable[..., Any], rows: Sequence[Sequence[float]], *, rtol: float = 1e-12, atol: float = 0.0) -> None:
    """Over rows of arguments, NaN among them: the same answers, and missing in one form is missing in all."""
    one_by_one = [formula(*row) for row in rows]
    at_once = formula(*[np.array(column) for column in zip(*rows, strict=True)])
    told = [formula(*[Explanation.input(str(i), value) for i, value in enumerate(row)]) for row in rows]
    assert all(type(number) is float for number in one_by_one)
    assert at_once.dtype == np.float64
    np.testing.assert_allclose(at_once, one_by_one, rtol=rtol, atol=atol)
    np.testing.assert_allclose([math.nan if t.value is None else t.value for t in told], one_by_one, rtol=rtol, atol=atol)
    assert [t.evaluate() for t in told] == [t.value for t in told]
