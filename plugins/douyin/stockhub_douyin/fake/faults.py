"""What can go wrong at a platform, on demand: for a method, so many times, after so many good answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.templates import ERRORS

#: Instead of an answer: nothing is done.
INSTEAD: Final = frozenset(
    {"too_many_requests", "error_500", "html_503", "no_answer", "reset", "garbage", "empty_200", "html_200", "no_object", "gzip_bomb"}
)
#: The request is understood otherwise.
REQUEST: Final = frozenset({"repeated_page"})
#: Done, and the answer's rows are not as they should be.
ROWS: Final = frozenset(
    {"short_page", "empty_page", "duplicate_rows", "nan", "negative", "future", "huge", "text_for_number", "renamed_fields",
     "missing_fields", "null_data", "endless"}
)  # fmt: skip
#: Done, and the answer does not arrive as it was.
TRANSPORT: Final = frozenset({"half_answer", "applied_then_timeout", "slow"})
#: The documented errors, by their names.
ERROR_MODES: Final = frozenset(ERRORS)
MODES: Final = INSTEAD | REQUEST | ROWS | TRANSPORT | ERROR_MODES


@dataclass(slots=True)
class Fault:
    """`times` of -1 never ends. `options` are of the mode, such as `retry_after`, `seconds`, `rows`, `fields`."""

    mode: str
    method: str = "*"
    times: int = 1
    after: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def concerns(self, method: str) -> bool:
        return self.method in ("*", method) and self.times != 0


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, wanted: dict[str, Any]) -> Fault:
        mode = str(wanted.get("mode", ""))
        if mode not in MODES:
            raise ControlError(f"There is no fault {mode!r}; there are {', '.join(sorted(MODES))}.")
        named = {"mode", "method", "times", "after"}
        fault = Fault(
            mode, str(wanted.get("method", "*")), int(wanted.get("times", 1)), int(wanted.get("after", 0)),
            {name: value for name, value in wanted.items() if name not in named},
        )  # fmt: skip
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        self._faults.clear()

    def next(self, method: str) -> Fault | None:
        """The first that concerns this call, which uses it up."""
        for fault in self._faults:
            if not fault.concerns(method):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= fault.times > 0
            fault.hits += 1
            return fault
        return None

    def shown(self) -> list[dict[str, Any]]:
        return [{"mode": f.mode, "method": f.method, "times": f.times, "after": f.after, "hits": f.hits} for f in self._faults]
