"""Pages behind opaque tokens that belong to one query and expire."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TypeVar

from stockhub_amazon.fake.answers import invalid
from stockhub_amazon.fake.world import World

T = TypeVar("T")


class Pages:
    """Tokens that are out: where each goes on, with which parameters, until when."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._out: dict[str, tuple[str, int, float]] = {}
        #: A fault: the next answer repeats the token that it was asked with.
        self.repeats = False

    def cut(self, rows: Sequence[T], *, asked: str, query: str, size: int, seconds: float) -> tuple[Sequence[T], str]:
        """The rows of this page and the token of the next, empty at the end."""
        start = 0
        if asked:
            known_query, start, until = self._out.get(asked, ("", -1, 0.0))
            if start < 0 or known_query != query or self._world.monotonic() > until:
                raise invalid("The token is unknown, expired, or belongs to another query.")
        if start + size >= len(rows):
            return rows[start:], ""
        if self.repeats and asked:
            return rows[start : start + size], asked
        token = secrets.token_urlsafe(24)
        self._out[token] = (query, start + size, self._world.monotonic() + seconds)
        return rows[start : start + size], token
