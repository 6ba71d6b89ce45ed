"""A plugin of pytest that writes down which contract each test belongs to and what came of it.

`manage.py plugins check` runs a plugin's tests with `-p stockhub.pluginapi.testing.recorder`. Without `STOCKHUB_CONTRACT_REPORT` it writes
nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

REPORT_VARIABLE: Final = "STOCKHUB_CONTRACT_REPORT"
_KIT: Final = "stockhub.pluginapi.testing."
#: By which attribute a contract names the provider that it holds to something, and the provider's kind.
_SUBJECTS: Final = {
    "connector": "marketplace", "forecaster": "forecaster", "rule": "rule", "schedule": "fee_schedule", "notifier": "notifier",
    "calendar": "demand_calendar", "source": "market_signal",
}  # fmt: skip

_rows: dict[str, dict[str, Any]] = {}


def pytest_configure(config: Any) -> None:  # noqa: ANN401 - pytest is not imported where it is not run
    config.addinivalue_line(
        "markers", "judged: compares with what the author did not write: recordings, published vectors, another program"
    )


def pytest_collection_finish(session: Any) -> None:  # noqa: ANN401 - as above
    for item in session.items:
        row: dict[str, Any] = {"test": item.nodeid, "outcome": "not run", "judged": item.get_closest_marker("judged") is not None}
        cls = getattr(item, "cls", None)
        if cls is not None and (contract := _contract_of(cls, item.originalname)):
            row |= {"contract": contract, **_subject_of(cls)}
        _rows[item.nodeid] = row


def _contract_of(cls: type[Any], test: str) -> str:
    """The class of the kit that the test comes from; a test that a subclass replaced is the subclass's own."""
    owner = next((c for c in cls.__mro__ if test in vars(c)), None)
    return owner.__name__ if owner is not None and owner.__module__.startswith(_KIT) else ""


def _subject_of(cls: type[Any]) -> dict[str, str]:
    for name, kind in _SUBJECTS.items():
        subject = getattr(cls, name, None)
        if subject is not None:
            provider = subject if isinstance(subject, type) else type(subject)
            return {"kind": kind, "slug": str(getattr(subject, "slug", "")), "provider": f"{provider.__module__}.{provider.__qualname__}"}
    return {}


def pytest_runtest_logreport(report: Any) -> None:  # noqa: ANN401 - as above
    row = _rows.get(report.nodeid)
    if row is None:
        return
    if report.failed:
        row["outcome"], row["reason"] = "failed", _reason(report)
    elif report.skipped:
        row["outcome"], row["reason"] = "skipped", _reason(report)
    elif report.when == "call":
        row["outcome"] = "passed"


def _reason(report: Any) -> str:  # noqa: ANN401 - as above
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])[:300]
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash is not None else report.longrepr)[:300]


def pytest_sessionfinish() -> None:
    if path := os.environ.get(REPORT_VARIABLE):
        Path(path).write_text(json.dumps(list(_rows.values())), encoding="utf-8")
