"""`python -m stockhub_amazon.reports KIND FILE`: looks into a report that was saved from Seller Central.

`ledger` proves a ledger summary; `events` adds up a ledger detail; `restock` shows Amazon's advice, beside our figures with `--ours`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from stockhub.pluginapi.connectors import ConnectorError
from stockhub_amazon.fields import FieldError
from stockhub_amazon.reports.documents import Document, looked_through
from stockhub_amazon.reports.ledger import events_of, imbalances_of, totals_of
from stockhub_amazon.reports.restock import advice_of
from stockhub_amazon.reports.second_opinion import Ours, beside, our_figures
from stockhub_amazon.sites import Region


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m stockhub_amazon.reports", description=__doc__)
    parser.add_argument("kind", choices=("ledger", "events", "restock"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--region", choices=[region.value for region in Region], default="na")
    parser.add_argument("--day-first", action="store_true", help="days are written 18/11/2026, as in Europe")
    parser.add_argument("--ours", type=Path, help="with restock: the export overview-pools.csv")
    parser.add_argument("--pool", default="", help="with --ours: the code of Amazon's pool, where there are several")
    options = parser.parse_args()
    if options.ours is not None and options.kind != "restock":
        parser.error("--ours goes with restock")
    try:
        ours = our_figures(options.ours, options.pool) if options.ours is not None else None
        with options.file.open("rb") as file:
            document = looked_through(file, packed=False, charset="", region=Region(options.region))
            status = 0
            for line in _lines(options.kind, document, ours, day_first=options.day_first):
                status |= line.startswith("WRONG")
                sys.stdout.write(line + "\n")
            return int(status)
    except (OSError, UnicodeDecodeError, ConnectorError, FieldError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _lines(kind: str, document: Document, ours: Mapping[str, Ours] | None, *, day_first: bool) -> Iterator[str]:
    if kind == "events":
        for (sku, event), qty in sorted(totals_of(events_of(document, day_first=day_first)).items()):
            yield f"{sku}\t{event}\t{qty:+d}"
    elif ours is not None:
        yield from beside(advice_of(document, day_first=day_first), ours)
    elif kind == "restock":
        for advice in advice_of(document, day_first=day_first):
            supply = "?" if advice.days_of_supply is None else advice.days_of_supply
            yield f"{advice.sku}\tsend {advice.qty} by {advice.ship_on or '-'}\t{supply} days of supply\t{advice.alert or '-'}"
    else:
        proved, wrong = imbalances_of(document, day_first=day_first)
        for each in wrong:
            yield (
                f"WRONG {each.day} {each.sku} {each.disposition} {each.location}: {each.starting} {each.events:+d} is not {each.ending} "
                f"({each.missing:+d} without an event)"
            )
        yield f"{proved} rows proved, {len(wrong)} wrong"


if __name__ == "__main__":
    sys.exit(main())
