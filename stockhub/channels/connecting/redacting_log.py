"""A logger in whose lines the secrets of one account do not stand, whatever its connector writes."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from stockhub.core.logs import without_values


class Hidden:
    """Values that may stand nowhere: secrets of the configuration, and tokens as they come."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values = {value for value in values if value}

    def add(self, *values: str) -> None:
        self._values.update(value for value in values if value)

    def clean(self, text: str) -> str:
        return without_values(text, self._values)


class RedactingLogger(logging.Logger):
    """Its lines go to the logger `name`. It is not registered: the next account's is another one."""

    def __init__(self, name: str, hidden: Hidden) -> None:
        super().__init__(name)
        self.parent = logging.getLogger(name)
        self._hidden = hidden

    def handle(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            # Written out here: a formatter would do so later, with whatever stands in the error.
            text = f"{text}\n{logging.Formatter().formatException(record.exc_info)}"
        record.msg, record.args, record.exc_info, record.exc_text = self._hidden.clean(text), (), None, None
        super().handle(record)
