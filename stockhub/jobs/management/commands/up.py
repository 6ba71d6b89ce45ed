"""`manage.py up`: the server, two workers, beat and the dispatcher, on whatever the environment names."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from stockhub.jobs.programs import programs
from stockhub.jobs.schedules import install_schedules
from stockhub.jobs.supervisor import Supervisor


class Command(BaseCommand):
    help = "Runs the server, two workers, beat and the dispatcher until Ctrl-C; restarts any that ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address of the server (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port of the server (8000)")
        parser.add_argument("--no-web", action="store_true", help="without the server: workers, beat and dispatcher only")
        parser.add_argument("--fast", type=int, default=1, metavar="N", help="processes for quick work (1)")
        parser.add_argument("--bulk", type=int, default=2, metavar="N", help="processes for long work (2)")

    def handle(self, *, host: str, port: int, no_web: bool, fast: int, bulk: int, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        _refuse_unmigrated()
        if not no_web:
            _refuse_taken(host, port)
            if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
                call_command("collectstatic", interactive=False, verbosity=0)
        for name in install_schedules():
            self.stdout.write(f"New schedule: {name}")
        connection.close()
        if not no_web:
            self.stdout.write(f"StockHub serves at http://{host}:{port} (Ctrl-C ends it).")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
        supervisor = Supervisor(programs(host=host, port=port, web=not no_web, fast=fast, bulk=bulk), out=sys.stdout)
        asyncio.run(supervisor.run())


def _refuse_unmigrated() -> None:
    executor = MigrationExecutor(connection)
    if pending := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        raise CommandError(f"{pending} migrations are not applied: run `manage.py migrate` first.")


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"The server cannot listen on {host}:{port} ({error.strerror}): choose another with --host and --port."
            ) from error
