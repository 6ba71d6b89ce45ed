"""Batches, forecasts, snapshots and findings as headers and arrays, in both directions."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import COLUMNS, Findings, ForecastBatch, ForecastResult, Panel, Snapshot, State
from stockhub.pluginapi.lots import LOT_ARRAYS, Lots
from stockhub.pluginhost.errors import InvalidAnswerError
from stockhub.pluginhost.validation import MOST_INPUTS, MOST_REASONS, forecast_shapes
from stockhub.pluginhost.wire import Declared, Message
from stockhub.values import Explanation, Label

Arrays = dict[str, NDArray[Any]]
Header = dict[str, Any]

#: Which set of a rule's parameters each row of a snapshot has, where there are several.
PARAMETER_SET: Final = "parameter_set"
_COLUMN: Final = "column:"
_LOTS: Final = "lots:"
_DRIVER: Final = "driver:"
_OPEN_DAYS: Final = "open_days"
_CATEGORIES: Final = "categories"
_INPUT: Final = "input:"
_REASON: Final = "reason:"
#: What a forecaster has learned, as the bytes that `pack_state` makes; the host keeps them and never looks inside.
STATE: Final = "state"
MOST_STATE_BYTES: Final = 64 * 2**20
#: Before each name, so that none is taken for an argument of the packing.
_LEARNED: Final = "learned:"
_SNAPSHOT_ARRAYS: Final = ("sku_ids", "pool_ids", "forecast_mean", "inbound_row", "inbound_day", "inbound_qty")
_FINDINGS_ARRAYS: Final = {
    "level": "|i1",
    "hold_level": "|i1",
    "value": "<f8",
    "money": "<f8",
    "saving": "<f8",
    "due_in_days": "<f8",
    "suggested_qty": "<f8",
}


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What a rule says of a snapshot: findings, how each number came about (templates without values), and names of its own inputs."""

    findings: Findings
    explanations: Mapping[str, Explanation]
    labels: Mapping[str, Label]


# --- forecasts ------------------------------------------------------------------------------------------------------------------


def pack_batch(batch: ForecastBatch) -> tuple[Header, Arrays]:
    panel = batch.panel
    header = {
        "horizon": batch.horizon,
        "quantile_levels": list(batch.quantile_levels),
        "lead_time_days": list(batch.lead_time_days),
        "start_on": panel.start_on.isoformat(),
    }
    arrays: Arrays = {"series_ids": panel.series_ids, "values": panel.values, "observed": panel.observed}
    if panel.open_days is not None:
        arrays[_OPEN_DAYS] = panel.open_days
    if panel.categories is not None:
        arrays[_CATEGORIES] = panel.categories
    return header, arrays | {f"{_DRIVER}{name}": array for name, array in panel.drivers.items()}


def unpack_batch(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> ForecastBatch:
    panel = Panel(
        arrays["series_ids"],
        date.fromisoformat(header["start_on"]),
        arrays["values"],
        arrays["observed"],
        arrays.get(_OPEN_DAYS),
        _named(arrays, _DRIVER),
        arrays.get(_CATEGORIES),
    )
    return ForecastBatch(panel, header["horizon"], tuple(header["quantile_levels"]), tuple(header["lead_time_days"]))


def pack_forecast(result: ForecastResult) -> tuple[Header, Arrays]:
    arrays: Arrays = {"mean": result.mean, "quantiles": result.quantiles, "error_sd": result.error_sd}
    if result.lead_time_quantiles is not None:
        arrays["lead_time_quantiles"] = result.lead_time_quantiles
    return {"unfit": [[int(row), reason] for row, reason in result.unfit.items()]}, arrays


def admit_forecast(declared: tuple[Declared, ...], batch: ForecastBatch) -> None:
    """Refuses, before memory is taken, arrays that are not an answer to `batch`."""
    expected = forecast_shapes(batch, with_sums=any(d.name == "lead_time_quantiles" for d in declared))
    if {d.name: (d.dtype, d.shape) for d in declared} != expected or len(declared) != len(expected):
        raise InvalidAnswerError("wrong_shape", "The answer's arrays do not fit the batch that was asked for.")


def unpack_forecast(message: Message) -> ForecastResult:
    arrays = message.arrays
    unfit = {int(row): str(reason) for row, reason in message.header["answer"]["unfit"]}
    return ForecastResult(arrays["mean"], arrays["quantiles"], arrays["error_sd"], unfit, arrays.get("lead_time_quantiles"))


def pack_state(state: State) -> bytes:
    """Named arrays of numbers and texts as bytes, the same for the same state; InvalidAnswerError for anything else."""
    arrays = {f"{_LEARNED}{name}": np.asarray(array) for name, array in state.items()}
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise InvalidAnswerError("wrong_type", f"{name} holds objects, and what is learned has to be numbers or texts.")
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type] # names are no arguments of its own: they have a prefix
    packed = buffer.getvalue()
    if len(packed) > MOST_STATE_BYTES:
        raise InvalidAnswerError("too_large", f"What was learned has {len(packed)} bytes; {MOST_STATE_BYTES} are allowed.")
    return packed


def unpack_state(packed: bytes) -> State:
    """The way back, read-only; only where the forecaster itself runs, since the bytes are its own."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        return {name.removeprefix(_LEARNED): frozen(found[name]) for name in found.files}


def as_array(packed: bytes) -> NDArray[np.uint8]:
    """A packed state as it travels."""
    return np.frombuffer(packed, np.uint8)


def admit_state(declared: tuple[Declared, ...]) -> None:
    """Refuses, before memory is taken, what is no packed state of a sensible size."""
    if [d.name for d in declared] != [STATE] or declared[0].dtype != "|u1" or len(declared[0].shape) != 1:
        raise InvalidAnswerError("wrong_shape", "The answer is not what a forecaster has learned.")
    if declared[0].nbytes > MOST_STATE_BYTES:
        raise InvalidAnswerError("too_large", f"What was learned has {declared[0].nbytes} bytes; {MOST_STATE_BYTES} are allowed.")


# --- alert rules ----------------------------------------------------------------------------------------------------------------


def pack_snapshot(snapshot: Snapshot) -> tuple[Header, Arrays]:
    arrays: Arrays = {name: getattr(snapshot, name) for name in _SNAPSHOT_ARRAYS}
    arrays |= {f"{_COLUMN}{name}": column for name, column in snapshot.columns.items()}
    arrays |= {f"{_LOTS}{name}": getattr(snapshot.lots, name) for name in LOT_ARRAYS}
    return {"as_of": snapshot.as_of.isoformat(), "day": snapshot.day.isoformat()}, arrays


def unpack_snapshot(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Snapshot:
    return Snapshot(
        as_of=datetime.fromisoformat(header["as_of"]),
        day=date.fromisoformat(header["day"]),
        columns=_named(arrays, _COLUMN),
        lots=Lots(**_named(arrays, _LOTS)),
        **{name: arrays[name] for name in _SNAPSHOT_ARRAYS},
    )


def _named(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def pack_outcome(outcome: RuleOutcome) -> tuple[Header, Arrays]:
    findings = outcome.findings
    arrays: Arrays = {name: getattr(findings, name) for name in _FINDINGS_ARRAYS}
    arrays |= {f"{_INPUT}{name}": array for name, array in findings.inputs.items()}
    arrays |= {f"{_REASON}{name}": array for name, array in findings.reasons.items()}
    header = {
        "unit": findings.unit,
        "explanations": {name: tree.to_json() for name, tree in outcome.explanations.items()},
        "labels": {name: [label.en, label.zh] for name, label in outcome.labels.items()},
    }
    return header, arrays


def admit_outcome(declared: tuple[Declared, ...], n: int) -> None:
    """Refuses, before memory is taken, arrays that are not findings about n rows."""
    for array in declared:
        dtype = "<f8" if array.name.startswith(_INPUT) else "|b1" if array.name.startswith(_REASON) else _FINDINGS_ARRAYS.get(array.name)
        if array.dtype != dtype or array.shape != (n,):
            raise InvalidAnswerError("wrong_shape", f"The answer's array {array.name[:80]!r} does not fit a snapshot of {n} rows.")
    names = {d.name for d in declared}
    if len(names) != len(declared) or not names >= set(_FINDINGS_ARRAYS):
        raise InvalidAnswerError("wrong_shape", "The answer lacks an array of the findings.")
    if len(declared) > len(_FINDINGS_ARRAYS) + MOST_INPUTS + MOST_REASONS:
        raise InvalidAnswerError("too_large", "The answer has more inputs and reasons than a rule may give.")


def unpack_outcome(message: Message) -> RuleOutcome:
    answer, arrays = message.header["answer"], message.arrays
    findings = Findings(
        **{name: arrays[name] for name in _FINDINGS_ARRAYS},
        unit=str(answer["unit"]),
        inputs=_named(arrays, _INPUT),
        reasons=_named(arrays, _REASON),
    )
    return RuleOutcome(
        findings,
        {str(name): Explanation.from_json(tree) for name, tree in answer["explanations"].items()},
        {str(name): Label(str(en), str(zh)) for name, (en, zh) in answer["labels"].items()},
    )


def explanation_inputs(names: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Explanation]:
    """What `AlertRule.explain` is given: every snapshot column, every parameter and every other input of the findings, without values."""
    others = {name: Explanation.input(name, source=f"parameter:{name}" if name in parameters else None) for name in (*parameters, *names)}
    columns = {name: Explanation.input(name, unit=c.unit, source=c.source) for name, c in COLUMNS.items()}
    return others | columns


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only view."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view
