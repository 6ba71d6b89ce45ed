"""A platform that may not be talked to: what a web process has."""

from __future__ import annotations

from typing import Any, NoReturn

from stockhub.pluginapi.connectors import Platform


class UnreachablePlatform(Platform):
    """Every way to it is a fault of the connector."""

    def send(self, *args: Any, **options: Any) -> NoReturn:  # noqa: ANN401, ARG002 - whatever is wanted of it
        raise AssertionError("the connector reached for the platform where it may not")

    def download(self, *args: Any, **options: Any) -> NoReturn:  # noqa: ANN401, ARG002 - whatever is wanted of it
        raise AssertionError("the connector reached for the platform where it may not")

    def token(self) -> NoReturn:
        raise AssertionError("the connector wanted a token where it may not")
