"""Whether an answer keeps its contract. What fails here never becomes a forecast, an alert or an order.

`InvalidAnswerError.code` says what is wrong: `wrong_type`, `wrong_shape`, `not_finite`, `negative`, `not_ascending`,
`level_out_of_range`, `hold_below_level`, `unknown_input`, `too_large`. Types and shapes are checked in the runner and, from the header
alone, once more in the host before memory is taken; values are checked in the host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import Findings, ForecastBatch, ForecastResult
from stockhub.pluginapi.alert_rule import NOT_EVALUATED
from stockhub.pluginhost.errors import InvalidAnswerError
from stockhub.values import Explanation, Label

MOST_INPUTS: Final = 200
MOST_REASONS: Final = 50
MOST_NODES: Final = 5000
_MEASURES: Final = ("value", "money", "saving", "due_in_days", "suggested_qty")


def require(condition: object, code: str, message: str) -> None:
    if not condition:
        raise InvalidAnswerError(code, message)


def require_array(name: str, array: object, dtype: str, shape: tuple[int, ...]) -> None:
    """`array` is a numpy array of exactly this type and shape."""
    # Some 900 arrays an evaluation: the names of types take longer to write than ten SKUs to judge, so only a wrong one has them written.
    if not isinstance(array, np.ndarray):
        raise InvalidAnswerError("wrong_type", f"{name} must be a numpy array, not {type(array).__name__}.")
    if array.dtype != np.dtype(dtype):
        raise InvalidAnswerError("wrong_type", f"{name} must hold {np.dtype(dtype)}, not {array.dtype}.")
    if array.shape != shape:
        raise InvalidAnswerError("wrong_shape", f"{name} must have the shape {shape}, not {array.shape}.")


def forecast_shapes(batch: ForecastBatch, *, with_sums: bool) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Type and shape of every array of an answer to `batch`."""
    n, levels = batch.panel.values.shape[0], len(batch.quantile_levels)
    shapes: dict[str, tuple[str, tuple[int, ...]]] = {
        "mean": ("<f4", (n, batch.horizon)),
        "quantiles": ("<f4", (n, levels, batch.horizon)),
        "error_sd": ("<f4", (n,)),
    }
    if with_sums:
        shapes["lead_time_quantiles"] = ("<f4", (n, levels, len(batch.lead_time_days)))
    return shapes


def check_forecast_form(result: object, batch: ForecastBatch) -> None:
    """Types and shapes; cheap."""
    if not isinstance(result, ForecastResult):
        raise InvalidAnswerError("wrong_type", f"forecast must return a ForecastResult, not {type(result).__name__}.")
    for name, (dtype, shape) in forecast_shapes(batch, with_sums=result.lead_time_quantiles is not None).items():
        require_array(name, getattr(result, name), dtype, shape)
    n = batch.panel.values.shape[0]
    for row, reason in dict(result.unfit).items():
        require(isinstance(row, int | np.integer) and 0 <= row < n, "wrong_shape", f"unfit names the position {row!r} of {n} series.")
        require(isinstance(reason, str) and 0 < len(reason) <= 60, "wrong_type", "unfit gives a reason of at most 60 characters.")


def check_forecast_values(result: ForecastResult) -> None:
    """Finite, not negative, ascending; deviations may be NaN. Rows that are unfit are not looked at: they are ignored by everyone."""
    fit = np.ones(result.mean.shape[0], np.bool_)
    fit[[int(row) for row in result.unfit]] = False
    every = bool(fit.all())
    sums = {} if result.lead_time_quantiles is None else {"lead_time_quantiles": result.lead_time_quantiles}
    for name, whole in {"mean": result.mean, "quantiles": result.quantiles, **sums}.items():
        values = whole if every else whole[fit]
        require(np.isfinite(values).all(), "not_finite", f"{name} has NaN or infinity.")
        require((values >= 0).all(), "negative", f"{name} is negative somewhere.")
        if name != "mean":
            require((values[:, 1:] >= values[:, :-1]).all(), "not_ascending", f"{name} must ascend over the quantile levels.")
    deviations = result.error_sd[fit]
    require((np.isnan(deviations) | np.isfinite(deviations)).all(), "not_finite", "error_sd is infinite somewhere.")
    require(not (deviations < 0).any(), "negative", "error_sd is negative somewhere.")


def check_findings_form(findings: object, n: int) -> None:
    """Types, shapes and names; cheap."""
    if not isinstance(findings, Findings):
        raise InvalidAnswerError("wrong_type", f"evaluate must return Findings, not {type(findings).__name__}.")
    for name in ("level", "hold_level"):
        require_array(name, getattr(findings, name), "|i1", (n,))
    for name in _MEASURES:
        require_array(name, getattr(findings, name), "<f8", (n,))
    require(isinstance(findings.unit, str) and len(findings.unit) <= 40, "wrong_type", "unit must be a short text.")
    _check_arrays("inputs", findings.inputs, MOST_INPUTS, "<f8", n)
    _check_arrays("reasons", findings.reasons, MOST_REASONS, "|b1", n)


def _check_arrays(what: str, arrays: Mapping[str, NDArray[Any]], most: int, dtype: str, n: int) -> None:
    require(isinstance(arrays, Mapping), "wrong_type", f"{what} must be a mapping of names to arrays.")
    require(len(arrays) <= most, "too_large", f"{what} may have {most} entries, not {len(arrays)}.")
    for name, array in arrays.items():
        require(isinstance(name, str) and 0 < len(name) <= 80, "wrong_type", f"{what} must have short texts as names.")
        require_array(f"{what}[{name!r}]", array, dtype, (n,))


def check_findings_values(findings: Findings) -> None:
    """Levels within their range, held at least as high as opened; no infinities; a quantity to order is never negative."""
    for name in ("level", "hold_level"):
        levels = getattr(findings, name)
        require(((levels >= NOT_EVALUATED) & (levels <= 3)).all(), "level_out_of_range", f"{name} must be -1, 0, 1, 2 or 3.")
    require((findings.hold_level >= findings.level).all(), "hold_below_level", "hold_level must be at least level.")
    for name in _MEASURES:
        require(not np.isinf(getattr(findings, name)).any(), "not_finite", f"{name} is infinite somewhere.")
    require(not (findings.suggested_qty < 0).any(), "negative", "suggested_qty is negative somewhere.")
    raised = findings.level > 0
    require(not np.isnan(findings.value[raised]).any(), "not_finite", "value is NaN where level is 1 or more.")


def check_explanations(explanations: object, inputs: Mapping[str, Any]) -> None:
    """Trees over the inputs of the findings, of a sensible size."""
    require(isinstance(explanations, Mapping), "wrong_type", "explain must return a mapping.")
    if not isinstance(explanations, Mapping):
        return
    for name, tree in explanations.items():
        require(name in _MEASURES, "wrong_type", f"explain gives {name!r}; it may give {', '.join(_MEASURES)}.")
        require(isinstance(tree, Explanation), "wrong_type", f"explain must give an Explanation for {name}.")
        for nodes, node in enumerate(tree.walk()):
            require(nodes < MOST_NODES, "too_large", f"The explanation of {name} has more than {MOST_NODES} nodes.")
            unknown = node.op == "input" and node.name not in inputs
            require(not unknown, "unknown_input", f"The explanation of {name} uses {node.name!r}, which is not among the inputs.")
        # Few nodes that share their arguments make a text without end.
        require(tree.written_nodes() <= MOST_NODES, "too_large", f"The explanation of {name} has more than {MOST_NODES} nodes.")


def check_labels(labels: object) -> None:
    require(
        isinstance(labels, Mapping)
        and len(labels) <= MOST_INPUTS
        and all(isinstance(k, str) and isinstance(v, Label) and len(v.en) <= 200 and len(v.zh) <= 200 for k, v in labels.items()),
        "wrong_type",
        "input_labels must return a mapping of names to short labels.",
    )


def guarded(check: Callable[..., None], *arguments: object) -> None:
    """Runs a check over an untrusted object: whatever it raises while it is looked at is a wrong type, not the host's crash."""
    try:
        check(*arguments)
    except InvalidAnswerError:
        raise
    except (Exception, RecursionError) as error:
        raise InvalidAnswerError("wrong_type", f"The answer cannot be looked at: {type(error).__name__}.") from error
