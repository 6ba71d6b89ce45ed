"""`python -m stockhub_douyin.fake --port 0` runs the fake, prints its address, and ends with SIGTERM or when its standard input closes."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from stockhub_douyin.fake import FakeDouyin, FakeSettings


def main() -> int:
    defaults = FakeSettings()
    parser = argparse.ArgumentParser(prog="python -m stockhub_douyin.fake", description="A fake of Douyin's open platform.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--app-key", default=defaults.app_key)
    parser.add_argument("--app-secret", default=defaults.app_secret)
    parser.add_argument("--shop-id", type=int, default=defaults.shop_id)
    parser.add_argument("--until-stdin-closes", action="store_true", help="ends with the process that started it")
    given = parser.parse_args()
    settings = FakeSettings(seed=given.seed, app_key=given.app_key, app_secret=given.app_secret, shop_id=given.shop_id)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: ended.set())
    with FakeDouyin(settings, host=given.host, port=given.port) as fake:
        print(fake.url, flush=True)  # noqa: T201 - what it is started for
        if given.until_stdin_closes:
            threading.Thread(target=_end_with_stdin, args=(ended,), daemon=True).start()
        while not ended.wait(1.0):
            pass
    return 0


def _end_with_stdin(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    sys.exit(main())
