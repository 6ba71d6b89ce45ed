"""A worker with the bazaar installed: works on messages and applies what they led to, and tells in JSON what there is in the end.

`python -m tests.webhooks.worker all` ends when nothing is due; `forever` goes on until it is told to stop.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import django

_asked_to_stop: list[int] = []


def main(how: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
    django.setup()
    from stockhub.channels import inbox
    from stockhub.channels.models import Order
    from stockhub.channels.webhooks import waiting, working
    from stockhub.channels.webhooks.models import WebhookMessage
    from tests.webhooks.bazaar import installed

    installed()
    signal.signal(signal.SIGTERM, lambda number, _frame: _asked_to_stop.append(number))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    applied = 0
    while not _asked_to_stop:
        working.work_due("trial", stopping=lambda: bool(_asked_to_stop))
        applied += inbox.apply_due(seconds=1.0).applied
        if how == "all" and not waiting.is_due() and not inbox.is_due():
            break
        time.sleep(0.01)
    done = WebhookMessage.objects.filter(status="done").count()
    told = {"messages": WebhookMessage.objects.count(), "done": done, "orders": Order.objects.count(), "applied": applied}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
