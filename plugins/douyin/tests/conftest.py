"""A shop on the fake, reached by the connector over real HTTP, and the shared vectors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorContext
from stockhub.pluginapi.http import HttpResponse
from stockhub.pluginapi.testing.connector_context import PlainPlatform, connector_context
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.envelope import read_answer
from stockhub_douyin.fake import FakeDouyin

SHARED = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[3].parent / "shared")
VECTORS = SHARED / "vectors" / "douyin"
AT = datetime(2026, 3, 1, 4, tzinfo=UTC)


class Shop:
    """The fake and a context of the connector for it; both tell the time of the fake."""

    def __init__(self, fake: FakeDouyin, **more: Any) -> None:
        self.fake = fake
        self.connector = DouyinConnector()
        settings = fake.world.settings
        config = {
            "app_key": settings.app_key, "app_secret": settings.app_secret, "shop_id": str(settings.shop_id), "base_url": fake.url,
            "overlap_minutes": 0,
        }  # fmt: skip
        self.context: ConnectorContext = connector_context(self.connector, config | more, clock=self.now)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.fake.world.clock.time(), UTC)

    @property
    def platform(self) -> PlainPlatform:
        assert isinstance(self.context.platform, PlainPlatform)
        return self.context.platform

    def control(self, path: str, **wanted: Any) -> Any:
        return self.fake.control(path, wanted)

    def advance(self, seconds: float) -> None:
        self.control("clock", advance=seconds)

    def calls(self, operation: str) -> int:
        return self.platform.operations().count(operation)


@pytest.fixture
def fake() -> Iterator[FakeDouyin]:
    with FakeDouyin() as running:
        running.control("clock", {"stop": True})
        running.control("clock", {"set": AT.timestamp()})
        yield running


@pytest.fixture
def open_shop(fake: FakeDouyin) -> Iterator[Callable[..., Shop]]:
    """Shops on the fake with the configuration that a test wants."""
    shops: list[Shop] = []

    def opened(**more: Any) -> Shop:
        shops.append(Shop(fake, **more))
        return shops[-1]

    yield opened
    for shop in shops:
        shop.platform.http.close()


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop()


@pytest.fixture
def vectors() -> Path:
    """The folder of the shared vectors; without it a test is skipped."""
    if not VECTORS.is_dir():
        pytest.skip("the shared vectors are absent; STOCKHUB_SHARED names their folder")
    return VECTORS


@pytest.fixture
def sample(vectors: Path) -> Callable[[str], Any]:
    """The data of a sample of an answer, read as the connector reads it."""

    def data_of(name: str) -> Any:
        body = (vectors / "samples" / f"{name}.json").read_bytes()
        return read_answer(HttpResponse(200, {}, body), operation=name, token="t", now=AT).data

    return data_of


@pytest.fixture
def vectors_of(vectors: Path) -> Callable[[str], dict[str, Any]]:
    def loaded(name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((vectors / f"{name}.json").read_text("utf-8"))
        return found

    return loaded
