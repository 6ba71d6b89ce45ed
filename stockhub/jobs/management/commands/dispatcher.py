"""`manage.py dispatcher`: one of the processes that `up` starts."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from stockhub.jobs.dispatcher import Dispatcher


class Command(BaseCommand):
    help = "Runs the dispatcher, which sees to it that new work is taken up at once, until SIGTERM or SIGINT."
    # `up` has run them, and they load the server's URLs and the GraphQL schema.
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Dispatcher(stop.is_set).run()
