"""A shop on the fake with a context of the connector for it: for tests, benchmarks and a look at what the connector reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stockhub.pluginapi.connectors import ConnectorContext
from stockhub.pluginapi.testing.connector_context import PlainPlatform, connector_context
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.fake import FakeDouyin


class FakeShop:
    """`configuration` is added to the account's; the context's clock is the fake's."""

    def __init__(self, fake: FakeDouyin, configuration: dict[str, Any] | None = None) -> None:
        self.fake = fake
        self.connector = DouyinConnector()
        self.context: ConnectorContext = connector_context(self.connector, account_of(fake) | (configuration or {}), clock=self.now)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.fake.world.clock.time(), UTC)

    @property
    def platform(self) -> PlainPlatform:
        """Knows which operations were called."""
        platform = self.context.platform
        if not isinstance(platform, PlainPlatform):
            raise TypeError("the context is another one than this shop made")
        return platform

    def control(self, path: str, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
        """What `/_control/<path>` does."""
        done: dict[str, Any] = self.fake.control(path, wanted)
        return done

    def advance(self, seconds: float) -> None:
        self.control("clock", advance=seconds)

    def calls(self, operation: str) -> int:
        """How often an operation was called."""
        return self.platform.operations().count(operation)


def account_of(fake: FakeDouyin) -> dict[str, Any]:
    """The configuration of an account for the fake's shop; nothing is read twice, so that what is read can be counted."""
    settings = fake.world.settings
    return {
        "app_key": settings.app_key, "app_secret": settings.app_secret, "shop_id": str(settings.shop_id), "base_url": fake.url,
        "overlap_minutes": 0,
    }  # fmt: skip
