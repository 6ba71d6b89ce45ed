"""A process of its own that asks a platform for an account, in threads: `worker.py ask|take THREADS TIMES`. Prints what came of it as JSON.

`worker.py prepare JSON` makes the account, with tokens.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")


def set_up() -> None:
    import django

    django.setup()
    from stockhub.pluginhost.kinds import Kind
    from stockhub.pluginhost.registry import register_built_in
    from tests.channels.connecting.little_market import LittleMarket

    register_built_in(Kind.MARKETPLACE, LittleMarket())


def prepare(config: dict[str, str], access: str, refresh: str) -> None:
    from stockhub.channels.accounts import AccountInput, upsert_account
    from stockhub.channels.connecting.tokens import authorization_of, store_tokens
    from stockhub.pluginapi.connectors import Tokens

    account = upsert_account(AccountInput(code="little", marketplace="little", name="little", config=config))
    authorization_of(account)
    assert store_tokens(account, Tokens(access, None, refresh))


def work(what: str, threads: int, times: int) -> Counter[str]:
    from django.db import connection

    told: Counter[str] = Counter()
    start, lock = threading.Barrier(threads), threading.Lock()

    def run() -> None:
        start.wait()
        for _turn in range(times):
            came = _once(what)
            with lock:
                told[came] += 1
        connection.close()

    its = [threading.Thread(target=run) for _number in range(threads)]
    for thread in its:
        thread.start()
    for thread in its:
        thread.join()
    return told


def _once(what: str) -> str:
    from stockhub.channels.connecting.asking import asking
    from stockhub.channels.connecting.buckets import Bucket
    from stockhub.channels.connecting.rate_limits import bucket_of, take
    from stockhub.channels.models import Account
    from stockhub.pluginapi.connectors import ConnectorError, RateLimit
    from tests.channels.connecting.little_market import ask

    try:
        if what == "ask":
            return str(asking(Account.objects.get(code="little"), ask).status)
        take(bucket_of("shared", "orders", RateLimit(0.001, 20)), Bucket("account:1", ""))
    except ConnectorError as error:
        return error.code
    return "taken"


if __name__ == "__main__":
    set_up()
    if sys.argv[1] == "prepare":
        prepare(**json.loads(sys.argv[2]))
    else:
        print(json.dumps(work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201 - what the test reads
