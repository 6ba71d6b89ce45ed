"""Structured log lines without secrets."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from stockhub.core import actor

#: What looks like a secret in a message is replaced before it is written; plugins' own secrets are redacted by their logger.
_SECRET = re.compile(r"(?i)((?:secret|token|password|authorization|api[_-]?key)[\"']?\s*[=:]\s*[\"']?(?:bearer\s+)?)([^\s\"',;&]+)")
_STANDARD = frozenset(vars(logging.makeLogRecord({})))
#: Celery puts these onto records, and they say nothing that the message does not.
_UNSAID = frozenset({"message", "asctime", "data", "taskName"})
_fields: ContextVar[dict[str, object]] = ContextVar("log_fields", default={})  # noqa: B039 - never changed, always replaced


@contextmanager
def logged_with(**fields: object) -> Iterator[None]:
    """Every log line of the block, in this thread, carries these fields as well: which run, which chunk, which delivery."""
    token = _fields.set(_fields.get() | fields)
    try:
        yield
    finally:
        _fields.reset(token)


def redacted(text: str) -> str:
    """The text with the values of secret-looking names replaced."""
    return _SECRET.sub(r"\1[redacted]", text)


def without_values(text: str, secrets: Iterable[str]) -> str:
    """The text without these values, the longest first. Very short ones are left: replacing every "1" hides nothing.

    Of a secret that is an address its telling parts are hidden as well: what stands behind a `=`, and long parts of its path.
    """
    parts = {part for secret in secrets for part in (secret, *_telling_parts(secret)) if len(part) >= 4}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "[redacted]")
    return redacted(text)


def _telling_parts(secret: str) -> list[str]:
    if "://" not in secret:
        return []
    path, _, query = secret.partition("://")[2].partition("?")
    values = [pair.partition("=")[2] for pair in query.split("&")]
    return [part for part in (*path.split("/")[1:], *values) if len(part) >= 8]


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, correlation id, actor, the fields of the block and of the record, and the
    traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if correlation := actor.correlation_id():
            line["correlation_id"] = correlation
        if (who := actor.current()) != actor.SYSTEM:
            line["actor"] = who.label
        own = {name: value for name, value in vars(record).items() if name not in _STANDARD and name not in _UNSAID}
        line |= {name: redacted(value) if isinstance(value, str) else value for name, value in (_fields.get() | own).items()}
        if record.exc_info:
            line["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
