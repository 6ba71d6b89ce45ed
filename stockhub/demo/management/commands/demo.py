"""`manage.py demo`: a generated shop from nothing, one round of cycles, *Today* with reasons, and a server."""

from __future__ import annotations

import io
import logging
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from stockhub.agenda.terminal import show_today
from stockhub.agenda.today import today
from stockhub.core import clock
from stockhub.demo import amazon_platform, live_platform, ownership, settling
from stockhub.demo import burst as live_room
from stockhub.demo.checking import compare, open_alerts
from stockhub.demo.loading import load
from stockhub.demo.ownership import Recipe
from stockhub.demo.report import report_lines, stage_lines
from stockhub.demo.shop import HISTORY_DAYS, SEED, SKUS, DemoShop, generate
from stockhub.demo.stages import wrong_stages
from stockhub.demo.truth import expectations
from stockhub.values import DomainError

WRONG_USAGE = 2
#: The first forecast cycle learns what past festivals lifted, the second applies it.
CYCLES = ("sync", "forecast", "forecast", "lifecycle", "warnings", "escalation", "outcomes")
ADDRESS = "http://127.0.0.1:8000"


class Command(BaseCommand):
    help = (
        "Generates a Douyin and Amazon shop with a known truth, loads it as a seller would, runs the cycles, prints Today with reasons and "
        "serves. Only works in an empty database or its own; a shop of more than half a day ago is made anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, metavar="N", help=f"multiplies the shop of {SKUS} SKUs")
        parser.add_argument("--days", type=int, default=HISTORY_DAYS, metavar="N", help=f"days of history, {HISTORY_DAYS} unless given")
        parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="another seed is another shop")
        parser.add_argument("--no-serve", action="store_true", help="stop after the list")
        parser.add_argument("--fresh", action="store_true", help="make the shop anew although there is one of today")
        parser.add_argument(
            "--check", action="store_true", help="only compare the alerts in the database with the known truth; exit 1 if they differ"
        )
        parser.add_argument("--burst", action="store_true", help="only the burst, in the shop that is there")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE)

    def handle(self, *, language: str, check: bool, burst: bool, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        # What the command says itself, these would say again, a line a page.
        with translation.override(language), _only_warnings("stockhub.channels", "stockhub.cycles"):
            try:
                ownership.require_own_database()
                if check:
                    self._check()
                elif burst:
                    self._burst(stays=False)
                else:
                    self._demonstrate(**options)
            except DomainError as error:
                raise CommandError(error.message, returncode=WRONG_USAGE if error.code == "foreign_data" else 1) from error
        if not check and not burst and not options["no_serve"]:
            self._serve()

    def _demonstrate(self, *, scale: float, days: int, seed: int, fresh: bool, no_serve: bool, **_options: object) -> None:
        wanted = Recipe(clock.now().replace(microsecond=0), round(SKUS * scale), days, seed)
        started = time.perf_counter()
        demo, is_new = self._shop(wanted, fresh=fresh)
        if is_new:
            self._load(demo, max(round(scale), 1))
        # Before the cycles: whoever has the alerts has to be there.
        password, token = settling.invite_user()
        self._run_cycles()
        self.stdout.write("")
        show_today(today(), self.stdout)
        self._say(_("What a made-up Amazon told, by its reports and shipments:"))
        for line in amazon_platform.told_lines():
            self._say(line)
        self.stdout.write("")
        if is_new:
            self._burst(stays=not no_serve)
        self._say(_("Ready in %(seconds).0f s.") % {"seconds": time.perf_counter() - started})
        self._say(_("Sign in at %(url)s as %(user)s with the password %(password)s") % {
            "url": f"{ADDRESS}/admin/", "user": settling.USER, "password": password,
        })  # fmt: skip
        self._say(_("GraphQL at %(url)s with the header Authorization: Bearer %(token)s") % {"url": f"{ADDRESS}/graphql/", "token": token})
        self._say(_("The alerts against the known truth: python manage.py demo --check"))

    def _shop(self, wanted: Recipe, *, fresh: bool) -> tuple[DemoShop, bool]:
        call_command("migrate", verbosity=0, interactive=False)
        found = None if fresh else ownership.reusable(wanted)
        demo = _generated(found or wanted)
        if found is not None and found.is_loaded:
            self._say(
                _("The demo shop of %(time)s is here already; --fresh makes a new one.") % {"time": f"{found.now:%Y-%m-%d %H:%M} UTC"}
            )
            return demo, False
        if found is None and ownership.recipe() is not None:
            self._say(_("Removing the earlier demo shop."))
            ownership.start_afresh()
        return demo, True

    def _load(self, demo: DemoShop, scale: int) -> None:
        self._say(
            _("A shop of %(skus)d SKUs with %(lines)d order lines, generated from seed %(seed)d:")
            % {"skus": len(demo.items), "lines": len(demo.lines), "seed": demo.seed}
        )
        for step in load(demo, scale=scale, folder=Path(settings.VAR_DIR) / "demo"):
            self._say(f"{step.seconds:7.1f} s  {step.name}")
        ownership.remember(Recipe(demo.now, len(demo.items), demo.history_days, demo.seed, is_loaded=True))

    def _run_cycles(self) -> None:
        for name in CYCLES:
            started, out = time.perf_counter(), io.StringIO()
            try:
                call_command("run_cycle", name, stdout=out, stderr=out)
            except CommandError as error:
                raise CommandError(f"run_cycle {name}: {error}\n{out.getvalue()}") from error
            self._say(f"{time.perf_counter() - started:7.1f} s  {_('cycle %(name)s') % {'name': name}}")

    def _burst(self, *, stays: bool) -> None:
        """With `stays`, the made-up platform lives on with the server, and the account stays connected to it."""
        if ownership.recipe() is None:
            raise CommandError(_no_shop())
        self._say(_("A live room sells %(sku)s, four orders a second, and the dispatcher looks on:") % {"sku": live_room.SKU})
        platform = live_platform.start()
        try:
            for line in live_room.burst(platform):
                self._say(line)
            if stays:
                platform.push_to(ADDRESS)
                platform.outlive()
        finally:
            if not stays:
                live_platform.stop(platform)
        self.stdout.write("")

    def _check(self) -> None:
        found = ownership.recipe()
        if found is None or not found.is_loaded:
            raise CommandError(_no_shop())
        demo = _generated(found)
        report = compare(expectations(demo), open_alerts())
        for line in report_lines(report):
            self.stdout.write(line)
        wrong = wrong_stages(demo)
        for line in stage_lines(wrong):
            self.stdout.write(line)
        if not report.is_passed:
            raise CommandError(_("The alerts differ from the known truth."))
        if wrong:
            raise CommandError(_("Stages differ from the known truth."))

    def _serve(self) -> None:
        """The processes of `up` take this one's place: signals reach them, and nothing is left behind."""
        self._say(_("Serving at %(url)s; stop with Ctrl-C.") % {"url": ADDRESS})
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "django", "up"])  # noqa: S606 - our own command, no shell

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def _only_warnings(*loggers: str) -> Iterator[None]:
    """These loggers as they were afterwards: whoever calls the command inside a longer life still wants to be told."""
    levels = {logger: logger.level for logger in map(logging.getLogger, loggers)}
    for logger in levels:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


def _no_shop() -> str:
    return _("There is no demo shop in this database. Make one first: python manage.py demo --no-serve")


def _generated(recipe: Recipe) -> DemoShop:
    """The shop of a recipe; wrong usage where no shop can be made from it."""
    try:
        return generate(now=recipe.now, skus=recipe.skus, history_days=recipe.history_days, seed=recipe.seed)
    except ValueError as error:
        raise CommandError(str(error), returncode=WRONG_USAGE) from error
