"""An app whose cycles take their time, so that workers can be killed in the middle of them. Worker processes load it by `slow_settings`."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from stockhub.cycles.models import Cycle
    from stockhub.cycles.registry import Work

#: A row of the outbox is what a chunk does here.
EFFECT = "trial.chunk_worked.v1"
CHUNKS = 8
#: Longer than kombu's Redis transport takes to give an unacknowledged message to somebody else: it looks every ten seconds.
LONG_SECONDS = 13


class SlowConfig(AppConfig):
    name = "slow_app"
    label = "slow_app"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from stockhub.cycles.registry import CycleDefinition, register
        from stockhub.values import Label

        slow, instant, long = partial(_work, seconds=0.3), partial(_work, seconds=0), partial(_work, seconds=LONG_SECONDS)
        for name, queue, run_chunk, chunks, reacts_to in (
            ("slow", "bulk", slow, CHUNKS, ()),
            ("long", "bulk", long, 1, ()),
            ("deadly", "bulk", _die, 1, ()),
            ("asking", "bulk", _ask, 1, ()),
            ("instant", "fast", instant, 1, ()),
            ("reacting", "fast", instant, 1, ("trial.order_",)),
        ):
            ids = range(1, chunks + 1)
            register(
                CycleDefinition(
                    name=name,
                    label=Label(name, name),
                    run_chunk=run_chunk,
                    sku_ids=_always(ids),
                    chunk_skus=1,
                    queue=queue,
                    reacts_to=reacts_to,
                )
            )


def _always(ids: range) -> Callable[[Cycle], range]:
    return lambda _cycle: ids


def _work(work: Work, seconds: float) -> None:
    from stockhub.outbox.models import Event
    from stockhub.outbox.services import emit_event

    time.sleep(seconds)
    with work.guard():
        # The second time it changes nothing, as every cycle sees to.
        if not Event.objects.filter(kind=EFFECT, entity_id=work.chunk.pk).exists():
            emit_event(EFFECT, entity="trial", entity_id=work.chunk.pk, payload={})
    work.count("chunks", 1)


def _ask(work: Work) -> None:
    """Asks forecasters of a stranger's plugin, bad ones first; counts the answers, and notes each failure."""
    import datetime as dt

    import numpy as np

    from stockhub.pluginapi import ForecastBatch, Panel
    from stockhub.pluginhost.errors import ProviderFailedError
    from stockhub.pluginhost.forecasting import run_forecaster

    values = np.full((2, 30), 5.0, np.float32)
    batch = ForecastBatch(Panel(np.array([1, 2]), dt.date(2026, 1, 1), values, np.ones_like(values, np.bool_)), 7, (0.5,), ())
    for slug in ("dies", "crashes", "eats-memory", "exits-politely", "answers-nan", "behaving"):
        try:
            run_forecaster(slug, batch)
        except ProviderFailedError as error:
            work.errors.append(f"{slug}: {error}")
        else:
            work.count(slug, 1)
    # Which pool process asked.
    work.count("process", os.getpid())


def _die(work: Work) -> None:
    """Takes its process with it, as a crash in a library does."""
    os._exit(1)
