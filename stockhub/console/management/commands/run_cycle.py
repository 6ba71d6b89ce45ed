"""`manage.py run_cycle NAME`: one run of a cycle, in this process."""

from __future__ import annotations

import signal
import threading
import time
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from stockhub.channels import inbox
from stockhub.channels.feeds import engine
from stockhub.channels.models import Feed
from stockhub.core import clock
from stockhub.cycles import registry
from stockhub.cycles.executor import run_inline
from stockhub.cycles.leases import worker_name
from stockhub.cycles.models import Cycle, CycleStatus
from stockhub.cycles.services import request_cycle
from stockhub.values import DomainError

WRONG_USAGE = 2


class Command(BaseCommand):
    help = "Runs a cycle now, in this process, and prints what it changed. Exit status 1 where it failed, also in parts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help=f"one of {', '.join(registry.names()) or 'the registered cycles'}")
        parser.add_argument("--at", metavar="ISO", help="run as of this moment, such as 2026-03-01T02:30:00+08:00")
        parser.add_argument("--skus", default="", metavar="A,B", help="codes of the SKUs to run for; all without it")

    def handle(self, *, name: str, at: str | None, skus: str, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        moment = _moment(at)
        codes = [code.strip() for code in skus.split(",") if code.strip()]
        stop = threading.Event()
        before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        started = time.monotonic()
        try:
            if name == "sync" and moment is None:
                self._bring_in(stop)
            with clock.at(moment):
                cycle = run_inline(_requested(name, codes), stopping=stop.is_set)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self._print(cycle, time.monotonic() - started)
        if cycle.status in (CycleStatus.DUE, CycleStatus.RUNNING):
            raise CommandError("Stopped before the end. What is left is due: workers take it up, or the next run of this cycle.")
        if cycle.status != CycleStatus.DONE:
            raise CommandError(f"The run ended as “{cycle.get_status_display()}”; the lines above say why.")

    def _bring_in(self, stop: threading.Event) -> None:
        """What is due of the accounts' feeds, and what came in: without workers, nobody else does it."""
        started = clock.wall()
        read = engine.read_due(worker_name(), stopping=stop.is_set)
        applied = inbox.apply_due(stopping=stop.is_set)
        for label, number in (("pages read", read.pages), ("records read", read.records), ("records applied", applied.applied)):
            if number:
                self.stdout.write(f"  {number:>12,}  {label}")
        for feed in (
            Feed.objects.filter(error_at__gte=started).exclude(error="").select_related("account").order_by("account__code", "kind")
        ):
            self.stderr.write(f"  {feed.account.code} {feed.kind}: {feed.error_code}: {feed.error}")

    def _print(self, cycle: Cycle, seconds: float) -> None:
        self.stdout.write(f"{cycle.name} as of {cycle.as_of.isoformat()}: {cycle.get_status_display()} in {seconds:.1f} s")
        for label, number in sorted(cycle.counts.items()):
            self.stdout.write(f"  {number:>12,}  {label}")
        for step, duration in cycle.seconds.items():
            self.stdout.write(f"  {duration:>10.2f} s  {step}")
        for line in cycle.message.splitlines():
            self.stdout.write(f"  {line}")
        for chunk in cycle.chunks.exclude(error="", errors=[]).order_by("ordinal"):
            for error in filter(None, [chunk.error, *chunk.errors]):
                self.stderr.write(f"  part {chunk.ordinal} (SKU ids {chunk.first_sku_id} to {chunk.last_sku_id}): {error}")


def _requested(name: str, codes: list[str]) -> Cycle:
    try:
        return request_cycle(name=name, sku_codes=codes, requested_by="run_cycle")
    except DomainError as error:
        raise CommandError(error.message, returncode=WRONG_USAGE) from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CommandError(f"--at {text!r} is no moment with a time zone, such as 2026-03-01T02:30:00+08:00.", returncode=WRONG_USAGE)
    return moment
