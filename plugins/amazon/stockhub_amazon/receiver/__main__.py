"""`python -m stockhub_amazon.receiver`: runs until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading

from stockhub_amazon.receiver.forwarding import Forwarder
from stockhub_amazon.receiver.queue import Queue
from stockhub_amazon.receiver.signing import Credentials


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m stockhub_amazon.receiver",
        description="Takes Amazon's notifications from an SQS queue and posts them to an account's webhook.",
        epilog="Secrets come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (optional), "
        "STOCKHUB_WEBHOOK_SECRET (the account's own).",
    )
    parser.add_argument("--queue-url", required=True)
    parser.add_argument("--region", required=True, help="of the queue, such as us-east-1")
    parser.add_argument("--webhook-url", required=True, help="https://…/webhooks/amazon/ACCOUNT/")
    parser.add_argument("--once", action="store_true", help="one poll, then the end")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    missing = [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "STOCKHUB_WEBHOOK_SECRET") if not os.environ.get(name)]
    if missing:
        parser.error(f"The environment lacks {', '.join(missing)}.")
    credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN", ""))
    queue = Queue(options.queue_url, options.region, credentials)
    return run(Forwarder(queue, options.webhook_url, os.environ["STOCKHUB_WEBHOOK_SECRET"]), once=options.once)


def run(forwarder: Forwarder, *, once: bool) -> int:
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    while not stopped.is_set():
        forwarder.turn(wait_seconds=0 if once else 20)
        if once:
            return int(forwarder.pause > 0 or forwarder.refused > 0)
        stopped.wait(forwarder.pause)
    return 0


if __name__ == "__main__":
    sys.exit(main())
