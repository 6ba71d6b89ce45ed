"""An app whose cycle takes its time, so that workers can be killed in the middle of it. Loaded by `slow_settings` in worker processes."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from django.apps import AppConfig

EFFECT = "trial.chunk_worked.v1"


class SlowConfig(AppConfig):
    name = "slow_app"
    label = "slow_app"

    def ready(self) -> None:
        from stockhub.cycles.registry import CycleDefinition, Work, register
        from stockhub.outbox.models import Event
        from stockhub.outbox.services import emit_event
        from stockhub.values import Label

        def run_chunk(work: Work) -> None:
            time.sleep(float(os.environ.get("SLOW_SECONDS", "0.4")))
            with work.guard():
                # The second time it changes nothing, as every cycle must see to.
                if not Event.objects.filter(kind=EFFECT, entity_id=work.chunk.pk).exists():
                    emit_event(EFFECT, entity="trial", entity_id=work.chunk.pk, payload={"worker": work.chunk.leased_by})
            work.count("chunks", 1)

        def die(work: Work) -> None:
            os._exit(1)

        for name, queue, worker in (("slow", "bulk", run_chunk), ("quick", "fast", run_chunk), ("deadly", "bulk", die)):
            number = 1 if name == "deadly" else 10
            register(
                CycleDefinition(
                    name=name,
                    label=Label(name, name),
                    run_chunk=worker,
                    sku_ids=lambda cycle, n=number: range(1, n + 1),
                    chunk_skus=1,
                    queue=queue,
                )
            )
        reacting = CycleDefinition(
            name="reacting",
            label=Label("Reacting", "反应"),
            run_chunk=run_chunk,
            sku_ids=lambda cycle: [1],
            queue="fast",
            reacts_to=("trial.order_",),
        )
        register(reacting)


__all__ = ["EFFECT", "UTC", "SlowConfig", "datetime"]
