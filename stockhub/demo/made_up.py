"""Made-up platforms as processes of their own, to which the demo's accounts are connected as to the real ones.

The core imports no plugin: a plugin's own fake is started by its name, and talked to over HTTP.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account, disconnect_account
from stockhub.channels.feeds.control import pause_feed, read_feed
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, Feed

HOST: Final = "127.0.0.1"
#: A reading is done within this, the limits that the host keeps to among it; between two looks it rests for as long as they want.
_PATIENCE_SECONDS: Final = 120.0
_REST_SECONDS: Final = 0.25


@dataclass(slots=True)
class MadeUp:
    """`process` ends when the pipe to it is closed, which is when whoever holds it ends."""

    name: str
    process: subprocess.Popen[str]
    url: str

    def tell(self, action: str, wanted: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        """Moves the world behind it. CommandError where it does not understand."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request("POST", f"/_control/{action}", json.dumps(wanted))
            answer = connection.getresponse()
            told = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise CommandError(f"{self.name}: {told}")
        return json.loads(told) if told else {}

    def outlive(self) -> None:
        """Lets the process live on with the one that takes this one's place."""
        if self.process.stdin is not None:
            os.set_inheritable(self.process.stdin.fileno(), True)


def start(module: str, *options: str) -> MadeUp:
    """CommandError where it does not start, with its log."""
    log = Path(settings.VAR_DIR) / "demo" / f"{module}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [sys.executable, "-m", module, *options, "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    url = process.stdout.readline().strip() if process.stdout else ""
    if not url.startswith("http"):
        raise CommandError(_("The made-up platform did not start; %(log)s says why.") % {"log": log})
    return MadeUp(module, process, url)


def stop(platform: MadeUp, account: str) -> None:
    """Ends it, and the connection to it: nothing is read from an address where nobody is."""
    disconnect_account(Account.objects.get(code=account))
    if platform.process.stdin is not None:
        platform.process.stdin.close()
    platform.process.wait(timeout=30)


def connect(code: str, config: Mapping[str, Any], feeds: Collection[str]) -> str:
    """Connects an account of the demo, and says how the shop calls itself. CommandError where the test fails.

    Other feeds are paused: the rest of the shop was made from files, and what the platform says of it would contradict them.
    """
    _allow_own_machine()
    account, tried = connect_account(AccountInput(code=code, config=config))
    if not tried.ok:
        raise CommandError(_("%(account)s could not be connected: %(reason)s") % {"account": code, "reason": tried.message})
    for feed in Feed.objects.filter(account=account).exclude(kind__in=feeds).exclude(next_attempt_at=None):
        pause_feed(feed_id=feed.pk)
    return tried.name or tried.subject


def read(code: str, kind: str, *, whole: bool = False, since: datetime | None = None) -> None:
    """Polls a feed now, and applies what came, as the workers do; with `whole` until the reading is done, from `since` on.

    CommandError where the feed says what is wrong.
    """
    feed = Feed.objects.get(account__code=code, kind=kind)
    done_at = feed.last_success_at
    until, is_first = time.monotonic() + _PATIENCE_SECONDS, True
    while is_first or (whole and time.monotonic() < until):
        if not is_first:
            time.sleep(_REST_SECONDS)
        read_feed(feed_id=feed.pk, since=since if is_first else None)
        is_first = False
        read_due("demo", seconds=10)
        apply_due()
        feed.refresh_from_db()
        if feed.consecutive_failures:
            raise CommandError(_("%(feed)s of %(account)s cannot be read: %(reason)s") % {
                "feed": kind, "account": code, "reason": feed.error,
            })  # fmt: skip
        if feed.reading_started_at is None and feed.last_success_at != done_at:
            return
    if whole:
        raise CommandError(_("%(feed)s of %(account)s did not come to an end.") % {"feed": kind, "account": code})


def _allow_own_machine() -> None:
    """The only platforms that the demo talks to are on this machine, which other servers refuse to reach."""
    allowed = [*settings.STOCKHUB_ALLOW_PRIVATE_URLS]
    if HOST not in allowed:
        settings.STOCKHUB_ALLOW_PRIVATE_URLS = [*allowed, HOST]
        os.environ["STOCKHUB_ALLOW_PRIVATE_URLS"] = ",".join([*allowed, HOST])
