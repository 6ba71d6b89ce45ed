"""A shop on the fake, reached by the connector over real HTTP, and the shared vectors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stockhub.pluginapi.http import HttpResponse
from stockhub_douyin.envelope import read_answer
from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake_shop import FakeShop

SHARED = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[3].parent / "shared")
VECTORS = SHARED / "vectors" / "douyin"
AT = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakeDouyin]:
    with FakeDouyin() as running:
        running.control("clock", {"stop": True})
        running.control("clock", {"set": AT.timestamp()})
        yield running


@pytest.fixture
def open_shop(fake: FakeDouyin) -> Iterator[Callable[..., FakeShop]]:
    """Shops on the fake with the configuration that a test wants."""
    shops: list[FakeShop] = []

    def opened(**configuration: object) -> FakeShop:
        shops.append(FakeShop(fake, configuration))
        return shops[-1]

    yield opened
    for shop in shops:
        shop.platform.http.close()


@pytest.fixture
def shop(open_shop: Callable[..., FakeShop]) -> FakeShop:
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

    def data_of(name: str) -> Any:  # noqa: ANN401 - any JSON value
        body = (vectors / "samples" / f"{name}.json").read_bytes()
        return read_answer(HttpResponse(200, {}, body), operation=name, token="t", now=AT).data

    return data_of


@pytest.fixture
def vectors_of(vectors: Path) -> Callable[[str], dict[str, Any]]:
    def loaded(name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((vectors / f"{name}.json").read_text("utf-8"))
        return found

    return loaded
