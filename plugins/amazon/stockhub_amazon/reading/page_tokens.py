"""Tokens of pages that lead in a circle: a number that grows in the cursor would hide it from whoever looks at cursors."""

from __future__ import annotations

from stockhub.pluginapi.connectors import UnreadableAnswerError


class PageTokens:
    """The tokens of one run of a reading."""

    def __init__(self, operation: str, token: str) -> None:
        self._operation = operation
        self._seen = {token} if token else set[str]()

    def after(self, token: str) -> str:
        """The token of the next page, empty after the last one. UnreadableAnswerError `cursor_loop` where it came before."""
        if token and token in self._seen:
            raise UnreadableAnswerError(
                f"{self._operation} names a page again that it has given: its pages do not end.", code="cursor_loop"
            )
        self._seen.add(token)
        return token
