from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from stockhub.core.actor import SYSTEM, Actor, acting_as
from stockhub.core.logs import JsonFormatter, logged_with


def line(message: str = "It is so.", **extra: object) -> dict[str, Any]:
    raised = sys.exc_info() if sys.exc_info()[0] else None
    record = logging.getLogger("stockhub.trial").makeRecord("stockhub.trial", logging.INFO, "f", 1, message, (), raised, extra=extra)
    record.created = 1_772_424_000.25
    told: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return told


def test_u25_a_line_has_its_time_level_logger_and_message_and_nothing_empty() -> None:
    assert line() == {"at": "2026-03-02T04:00:00.250+00:00", "level": "INFO", "logger": "stockhub.trial", "message": "It is so."}


def test_u25_a_line_says_who_acts_in_which_request_run_and_chunk() -> None:
    with acting_as(Actor("cycle:warnings"), correlation="cycle-7"), logged_with(cycle_id=7), logged_with(chunk=3):
        inside = line(rows=12)
    assert {name: inside[name] for name in ("actor", "correlation_id", "cycle_id", "chunk", "rows")} == {
        "actor": "cycle:warnings", "correlation_id": "cycle-7", "cycle_id": 7, "chunk": 3, "rows": 12,
    }  # fmt: skip
    with acting_as(SYSTEM):
        assert line().keys() == {"at", "level", "logger", "message"}


@pytest.mark.parametrize("text", ["token=abc123", "password: 'abc123'", "Authorization: Bearer abc123", '"api_key": "abc123"'])
def test_i7_no_secret_is_in_a_message_a_field_or_a_traceback(text: str) -> None:
    try:
        int(text)
    except ValueError:
        told = line(text, note=text)
    assert "abc123" not in json.dumps(told)
    assert "[redacted]" in told["message"]
    assert "[redacted]" in told["note"]
    assert "ValueError" in told["traceback"]
