"""`manage.py reprocess --account CODE`: applies kept records again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from stockhub.channels import inbox
from stockhub.channels.payloads import RECORD_TYPES
from stockhub.channels.reprocessing import reprocess
from stockhub.console.import_command import account_by_code
from stockhub.values.errors import DomainError


class Command(BaseCommand):
    help = (
        "Makes kept records of an account due again and applies what is due: the stock that their orders want becomes what is right under "
        "today's settings. Where nothing has changed, nothing changes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", required=True, help="The account's code.")
        parser.add_argument("--since", metavar="ISO", help="Records received from this moment on, such as 2026-03-01T00:00:00+08:00.")
        parser.add_argument("--until", metavar="ISO", help="Records received before this moment. Default: now.")
        parser.add_argument("--id", action="append", default=[], dest="ids", help="The id of an order, return or listing; may be repeated.")
        parser.add_argument(
            "--kind", action="append", default=[], dest="kinds", choices=list(RECORD_TYPES), help="Only these. Default: all."
        )
        parser.add_argument("--reroute", action="store_true", help="Lines of which nothing has left look for their warehouse anew.")
        parser.add_argument("--leave-to-workers", action="store_true", help="Only makes them due; workers apply them.")

    def handle(self, *_args: Any, **given: Any) -> None:  # noqa: ANN401 - Django's signature
        try:
            number = reprocess(
                account=account_by_code(given["account"]),
                since=_instant("since", given["since"]),
                until=_instant("until", given["until"]),
                external_ids=given["ids"],
                kinds=given["kinds"],
                rerouting=given["reroute"],
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{number} records are due again.")
        if given["leave_to_workers"]:
            return
        done = inbox.apply_due()
        self.stdout.write(f"{done.applied} applied, {done.quarantined} in quarantine, {done.failed} to be tried again.")


def _instant(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None:
        raise CommandError(f"--{name} is no moment. Write it such as 2026-03-01T02:30:00+08:00.")
    return instant
