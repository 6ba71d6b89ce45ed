"""The contract of privacy: nothing of a buyer and no secret is in what a connector gives, raises or logs."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from stockhub.pluginapi.connectors import ConnectorContext
from stockhub.pluginapi.testing.connector_contract import ConnectorContract, require
from stockhub.pluginapi.testing.spoiled_json import RENAMED
from stockhub.pluginapi.testing.watched_platform import FAULTS


class PrivacyContract(ConnectorContract):
    """Needs `planted`: a buyer's data as they stand in the platform's answers."""

    def test_planted_data_and_secrets_are_in_nothing_that_a_reading_gives_or_logs(self) -> None:
        require(self.planted, "name what is planted of a buyer in the platform's answers")
        seen = False
        for kind in self.feeds():
            context, platform = self.watched()
            with _logged(context) as log:
                reading = self.read(kind, context)
            seen |= any(word.encode() in body or _escaped(word) in body for word in self.planted for body in platform.bodies)
            self._must_not_tell(context, f"{kind}: what was read", repr(reading.pages))
            self._must_not_tell(context, f"{kind}: the log", log.getvalue())
        require(seen, "none of what is planted came in any answer: this proves nothing")

    def test_planted_data_and_secrets_are_in_no_error(self) -> None:
        for kind in self.feeds():
            for fault in (*FAULTS, *RENAMED):
                context, _platform = self.watched(fault)
                with _logged(context) as log:
                    reading = self.read(kind, context)
                told = repr(reading.pages) + (f"{reading.error!r} {reading.error} {vars(reading.error)}" if reading.error else "")
                self._must_not_tell(context, f"{kind}: {fault.name}", told + log.getvalue(), tokens=False)

    def _must_not_tell(self, context: ConnectorContext, what: str, text: str, *, tokens: bool = True) -> None:
        words = {**dict.fromkeys(self.planted, "a buyer's data"), **dict.fromkeys(secrets_of(context, tokens=tokens), "a secret")}
        for word, kind in words.items():
            require(word not in text, f"{what} holds {kind}")


def secrets_of(context: ConnectorContext, *, tokens: bool = True) -> list[str]:
    """The configuration's secrets, and the token that is in use."""
    found = [value.get_secret_value() for _name, value in context.config if isinstance(value, SecretStr)]
    if tokens:
        found.append(context.platform.token())
    return [word for word in found if word]


@contextmanager
def _logged(context: ConnectorContext) -> Iterator[io.StringIO]:
    """All that is logged, whatever its level."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    before = context.log.level
    context.log.addHandler(handler)
    context.log.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        context.log.removeHandler(handler)
        context.log.setLevel(before)


def _escaped(word: str) -> bytes:
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in word).encode()
