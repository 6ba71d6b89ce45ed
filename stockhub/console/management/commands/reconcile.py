"""`manage.py reconcile`: proves the ledger, or lists what does not hold."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from stockhub.inventory.reconciliation import reconcile, reconcile_lots


class Command(BaseCommand):
    help = (
        "Settles lots, then proves that the ledger adds up (I1 to I3) over the whole database, and that lots hold no more than lies there; "
        "lists what does not hold and exits with 1."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        found = [*reconcile(), *reconcile_lots()]
        for discrepancy in found:
            self.stdout.write(f"{discrepancy.invariant}: {discrepancy.text}")
        if found:
            self.stderr.write(
                f"{len(found)} discrepancies. Movements are the truth: correct what contradicts them, with an adjustment or a count."
            )
            sys.exit(1)
        self.stdout.write("The ledger adds up: I1, I2 and I3 hold, and lots hold no more than lies there.")
