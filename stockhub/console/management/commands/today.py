"""`manage.py today`: the decisions of the day with their reasons."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from stockhub.access.models import User
from stockhub.agenda.terminal import show_today
from stockhub.agenda.today import LINES, today
from stockhub.catalog.models import StockPool


class Command(BaseCommand):
    help = "Shows what needs a decision today, what saves most money first, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=LINES, metavar="N", help=f"Lines of each side, {LINES} unless given.")
        parser.add_argument("--pool", metavar="CODE", help="Only this stock pool.")
        parser.add_argument("--user", metavar="NAME", help="As this user sees it. Without it everything is shown.")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        user = self._user(options["user"])
        pool_id = self._pool_id(options["pool"])
        with translation.override(options["language"]):
            show_today(today(user, limit=max(options["limit"], 1), pool_id=pool_id), self.stdout)

    def _user(self, name: str | None) -> User | None:
        if name is None:
            return None
        try:
            return User.objects.get(username=name, is_active=True)
        except User.DoesNotExist:
            raise CommandError(f"There is no active user {name!r}.", returncode=2) from None

    def _pool_id(self, code: str | None) -> int | None:
        if code is None:
            return None
        found = StockPool.objects.filter(code=code, deleted_at=None).values_list("id", flat=True).first()
        if found is None:
            known = ", ".join(StockPool.objects.filter(deleted_at=None).order_by("code").values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no stock pool {code!r}. There are: {known}.", returncode=2)
        return found
