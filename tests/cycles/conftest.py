from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from stockhub.cycles import registry
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.values import Label

Define = Callable[..., CycleDefinition]


@pytest.fixture
def define(settings: Settings) -> Iterator[Define]:
    """Registers a cycle for one test: ten SKUs in chunks of four, and nothing to do unless the test says otherwise."""
    settings.STOCKHUB_RETRY_SECONDS = 0
    before = dict(registry._definitions)

    def make(run_chunk: Callable[[Work], None] = lambda _work: None, **options: Any) -> CycleDefinition:  # noqa: ANN401 - fields of a definition
        values: dict[str, Any] = {
            "name": "trial",
            "label": Label("Trial", "试"),
            "sku_ids": lambda _cycle: range(1, 11),
            "chunk_skus": 4,
        } | options
        definition = CycleDefinition(run_chunk=run_chunk, **values)
        registry._definitions.pop(definition.name, None)
        registry.register(definition)
        return definition

    yield make
    registry._definitions.clear()
    registry._definitions.update(before)
