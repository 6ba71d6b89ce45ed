"""The real scheduler of beat, for tests that turn its clock themselves."""

from __future__ import annotations

from stockhub.config.celery import app
from stockhub.jobs.beat import SlotScheduler


def scheduler() -> SlotScheduler:
    one = SlotScheduler(app=app, lazy=True)
    # It would write at the end of the process, into a database that is gone by then.
    one._finalize.cancel()
    return one
