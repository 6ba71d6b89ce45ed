"""`manage.py today`: the decisions of the day with their reasons."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import translation

from stockhub.access.models import User
from stockhub.agenda.plan import budget_from, plan
from stockhub.agenda.terminal import show_today
from stockhub.agenda.terminal_plan import plan_lines
from stockhub.agenda.today import LINES, today
from stockhub.catalog.models import StockPool
from stockhub.channels.models import Account
from stockhub.values import DomainError, Money


class Command(BaseCommand):
    help = "Shows what needs a decision today, what saves most money first, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=LINES, metavar="N", help=f"Lines of each side, {LINES} unless given.")
        parser.add_argument("--pool", metavar="CODE", help="Only this stock pool.")
        parser.add_argument("--account", metavar="CODE", help="Only the pools that serve this account, and what is about it.")
        parser.add_argument("--owner", metavar="NAME", help="Only what this user has to deal with.")
        parser.add_argument("--user", metavar="NAME", help="As this user sees it. Without it everything is shown.")
        parser.add_argument("--budget", metavar="AMOUNT", help="Cash, in the base currency: what it is best spent on comes after the list.")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        user, owner = self._user(options["user"]), self._user(options["owner"])
        limit, budget = max(options["limit"], 1), self._budget(options["budget"])
        narrowed = {
            "pool_id": self._id_of(StockPool, "stock pool", options["pool"]),
            "account_id": self._id_of(Account, "account", options["account"]),
            "owner_id": owner.pk if owner else None,
        }
        found = today(user, limit=limit, **narrowed)
        with translation.override(options["language"]):
            show_today(found, self.stdout)
            if budget is not None:
                self.stdout.write("\n" + "\n".join(plan_lines(plan(user, budget=budget, **narrowed), limit)))

    def _budget(self, text: str | None) -> Money | None:
        if text is None:
            return None
        try:
            return budget_from(text)
        except DomainError as failure:
            raise CommandError(str(failure.message), returncode=2) from None

    def _user(self, name: str | None) -> User | None:
        if name is None:
            return None
        try:
            return User.objects.get(username=name, is_active=True)
        except User.DoesNotExist:
            raise CommandError(f"There is no active user {name!r}.", returncode=2) from None

    def _id_of(self, model: type[StockPool | Account], what: str, code: str | None) -> int | None:
        if code is None:
            return None
        there: QuerySet[Any] = model.objects.filter(deleted_at=None)
        found: int | None = there.filter(code=code).values_list("id", flat=True).first()
        if found is None:
            known = ", ".join(there.order_by("code").values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no {what} {code!r}. There are: {known}.", returncode=2)
        return found
