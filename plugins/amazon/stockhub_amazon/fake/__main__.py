"""`python -m stockhub_amazon.fake`: serves a seller's Amazon on 127.0.0.1 until it is told to stop."""

from __future__ import annotations

import argparse
import sys
import threading

from stockhub_amazon.fake.server import Fake


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stockhub_amazon.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rates", type=float, default=1.0, help="multiplies Amazon's quotas; 0 switches them off")
    parser.add_argument("--seen-as", default="", help="the address in document URLs, where a judge stands before this one")
    parser.add_argument("--until-stdin-closes", action="store_true", help="ends with the process that started it")
    options = parser.parse_args()
    fake = Fake(port=options.port, seed=options.seed, rates=options.rates, seen_as=options.seen_as)
    sys.stdout.write(f"{fake.base_url}\n")
    sys.stdout.flush()
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, args=(fake,), daemon=True).start()
    try:
        fake.serve_forever()
    except KeyboardInterrupt:
        sys.stdout.write("stopped\n")


def _end_with_stdin(fake: Fake) -> None:
    sys.stdin.read()
    fake.end()


if __name__ == "__main__":
    main()
