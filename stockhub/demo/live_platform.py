"""A made-up Douyin beside the demo: a process of its own, to which the shop's account is connected as to the real one.

The core imports no plugin: the plugin's own fake is started by its name, and talked to over HTTP.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from dataclasses import dataclass
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
from stockhub.core import clock
from stockhub.demo.places import CN_MAIN, DOUYIN

FAKE: Final = "stockhub_douyin.fake"
_HOST: Final = "127.0.0.1"
_APP_KEY: Final = "7000000000000000001"
_APP_SECRET: Final = "the-demo-keeps-no-secrets"  # noqa: S105 - of a made-up app on a made-up platform
_SHOP_ID: Final = "4463798"
#: The feed that the burst comes by. The rest of the shop was made from files, and what the fake says of it would contradict them.
_FEED: Final = "orders"
_ROOM: Final = {"room_id": 7_454_000_000_000_000_001, "author_name": "Demo live room"}


@dataclass(slots=True)
class LivePlatform:
    """`process` ends when the pipe to it is closed, which is when whoever holds it ends."""

    process: subprocess.Popen[str]
    url: str

    def sell(self, *, code: str, orders: int, seconds: float) -> None:
        """So many buyers in a live room, each for one, spread over the time."""
        self._tell("bursts", {"code": code, "orders": orders, "seconds": seconds, "live": _ROOM})

    def offer(self, *, code: str, name: str, cents: int, qty: int) -> None:
        """The SKU on the platform's shelf in the main warehouse, of which the platform has `qty`."""
        self._tell("warehouses", {"code": CN_MAIN})
        sku = {"code": code, "price": cents, "kind": "regional", "regional": {CN_MAIN: qty}}
        self._tell("products", {"name": name, "out_id": code, "skus": [sku]})

    def outlive(self) -> None:
        """Lets the process live on with the one that takes this one's place."""
        if self.process.stdin is not None:
            os.set_inheritable(self.process.stdin.fileno(), True)

    def _tell(self, subject: str, wanted: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request("POST", f"/_control/{subject}", json.dumps(wanted))
            answer = connection.getresponse()
            told = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise CommandError(f"{FAKE}: {told}")


def start() -> LivePlatform:
    """CommandError where it does not start, with its log."""
    log = Path(settings.VAR_DIR) / "demo" / "platform.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Another seed, other ids of orders: a second burst is not the first one again.
    seed = str(int(clock.now().timestamp()))
    command = [
        sys.executable,
        "-m",
        FAKE,
        "--host",
        _HOST,
        "--seed",
        seed,
        "--app-key",
        _APP_KEY,
        "--app-secret",
        _APP_SECRET,
        "--shop-id",
        _SHOP_ID,
    ]
    with log.open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    url = process.stdout.readline().strip() if process.stdout else ""
    if not url.startswith("http"):
        raise CommandError(_("The made-up Douyin did not start; %(log)s says why.") % {"log": log})
    return LivePlatform(process, url)


def stop(platform: LivePlatform) -> None:
    """Ends it, and the connection to it: nothing is read from an address where nobody is."""
    disconnect_account(Account.objects.get(code=DOUYIN))
    if platform.process.stdin is not None:
        platform.process.stdin.close()
    platform.process.wait(timeout=30)


def connect(platform: LivePlatform) -> str:
    """Connects the demo's account and reads what there is; says how the shop calls itself. CommandError where the test fails."""
    _allow_own_machine()
    config = {
        "app_key": _APP_KEY, "app_secret": _APP_SECRET, "shop_id": _SHOP_ID, "base_url": platform.url,
        "warehouse_codes": {CN_MAIN: CN_MAIN},
        # The made-up platform bears more than the real one, and there is no past on it to read in small pieces.
        "reads_per_second": 500, "window_hours": 2_160,
    }  # fmt: skip
    account, tried = connect_account(AccountInput(code=DOUYIN, config=config))
    if not tried.ok:
        raise CommandError(_("The demo's Douyin account could not be connected: %(reason)s") % {"reason": tried.message})
    for feed in Feed.objects.filter(account=account).exclude(kind=_FEED).exclude(next_attempt_at=None):
        pause_feed(feed_id=feed.pk)
    read_orders()
    return tried.name or tried.subject


def read_orders() -> None:
    """Polls the platform now, and applies what came, as the workers do. CommandError where the feed says what is wrong."""
    feed = Feed.objects.get(account__code=DOUYIN, kind=_FEED)
    read_feed(feed_id=feed.pk)
    read_due("demo", seconds=10)
    apply_due()
    feed.refresh_from_db(fields=["error", "consecutive_failures"])
    if feed.consecutive_failures:
        raise CommandError(_("The orders of the made-up Douyin cannot be read: %(reason)s") % {"reason": feed.error})


def _allow_own_machine() -> None:
    """The only platform that the demo talks to is on this machine, which other servers refuse to reach."""
    allowed = [*settings.STOCKHUB_ALLOW_PRIVATE_URLS]
    if _HOST not in allowed:
        settings.STOCKHUB_ALLOW_PRIVATE_URLS = [*allowed, _HOST]
        os.environ["STOCKHUB_ALLOW_PRIVATE_URLS"] = ",".join([*allowed, _HOST])
