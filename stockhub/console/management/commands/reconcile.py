"""`manage.py reconcile`: proves the ledger, or lists what does not hold; with `--repair`, corrects it first."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from stockhub.core.actor import Actor, acting_as
from stockhub.inventory.proof.proofs import prove_ledger
from stockhub.inventory.proof.repair import Keep, repair
from stockhub.values.errors import DomainError

_ACTOR = Actor("manage.py reconcile")


class Command(BaseCommand):
    help = (
        "Settles lots, then proves that the ledger adds up (I1 to I3) over the whole database, and that lots hold no more than lies there; "
        "records the proof, lists what does not hold and exits with 1. With --repair it corrects the ledger first, without ever changing a "
        "movement, and opens a dispute for each SKU that it touched: count those."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Correct what does not hold; needs --reason.")
        parser.add_argument(
            "--keep", choices=[str(side) for side in Keep], default=str(Keep.MOVEMENTS),
            help="Which side to believe: movements (balances and what order lines hold are worked out anew, the default) or balances "
            "(both stay, and the difference is posted).",
        )  # fmt: skip
        parser.add_argument("--reason", default="", help="Why, in words: it stands on every correction.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        with acting_as(_ACTOR):
            if options["repair"]:
                self._repair(Keep(options["keep"]), options["reason"])
            found = prove_ledger()
        for discrepancy in found:
            self.stdout.write(f"{discrepancy.invariant}: {discrepancy.text}")
        if found:
            self.stderr.write(
                f"{len(found)} discrepancies. Find out what wrote around the ledger, then run "
                "`manage.py reconcile --repair --reason …`: it posts corrections and says what to count."
            )
            sys.exit(1)
        self.stdout.write("The ledger adds up: I1, I2 and I3 hold, and lots hold no more than lies there.")

    def _repair(self, keep: Keep, reason: str) -> None:
        try:
            told = repair(keep=keep, reason=reason, idempotency_key=uuid4().hex)
        except DomainError as error:
            raise CommandError(error.message) from error
        for line in told.done:
            self.stdout.write(line)
