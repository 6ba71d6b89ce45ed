"""Log lines of what answers events name the requests that caused them, so that a request's way can be followed into cycles."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager

from stockhub.core.logs import logged_with

#: Correlation ids that a log line names.
_NAMED_CAUSES = 20


def answering(causes: Collection[str]) -> AbstractContextManager[None]:
    """Log lines of the block name these correlation ids as `caused_by`."""
    return logged_with(caused_by=sorted(filter(None, causes))[:_NAMED_CAUSES])
