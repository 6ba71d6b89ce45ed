from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from stockhub.cycles import registry
from stockhub.cycles.registry import CycleDefinition
from stockhub.values import Label


@pytest.fixture
def cycles() -> Iterator[None]:
    """Only two cycles are registered: `warnings` without work, and `sync`, which reacts to orders."""
    before = dict(registry._definitions)
    registry._definitions.clear()
    for name, queue, reacts_to in (("warnings", "bulk", ()), ("sync", "fast", ("channels.order_",))):
        label = Label(name, name)
        registry.register(
            CycleDefinition(name, label, run_chunk=lambda _work: None, sku_ids=lambda _cycle: [1], queue=queue, reacts_to=reacts_to)
        )
    yield
    registry._definitions.clear()
    registry._definitions.update(before)


@pytest.fixture
def kept_connection(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat lets go of its connection between its looks; here it holds the transaction of the test, which takes all back at no cost."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
