"""Structured log lines without secrets."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from stockhub.core import actor

#: What looks like a secret in a message is replaced before it is written; plugins' own secrets are redacted by their logger.
_SECRET = re.compile(r"(?i)((?:secret|token|password|authorization|api[_-]?key)[\"']?\s*[=:]\s*[\"']?(?:bearer\s+)?)([^\s\"',;&]+)")
_STANDARD = frozenset(vars(logging.makeLogRecord({})))


def redacted(text: str) -> str:
    """The text with the values of secret-looking names replaced."""
    return _SECRET.sub(r"\1[redacted]", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, correlation id, the record's extra fields and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if correlation := actor.correlation_id():
            line["correlation_id"] = correlation
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD and k not in ("message", "asctime", "data", "taskName")}
        if record.exc_info:
            line["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
