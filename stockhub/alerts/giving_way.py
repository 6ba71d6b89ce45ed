"""A full cycle gives way: while events touch SKUs, what is left of the processor belongs to whoever judges those, within a second."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from stockhub.core import clock
from stockhub.cycles.models import Chunk

#: The cycle whose runs gather what was judged at once.
INCREMENTAL: Final = "incremental"
#: Something was judged at once so lately that more of it is likely to come.
_LATELY: Final = timedelta(seconds=2)
#: After a piece of work, so many times as long as it took is left to others.
TIMES: Final = 3.0
#: No pause is longer, so that a storm without end makes full cycles a few times as long and no more.
LONGEST_SECONDS: Final = 3.0
#: A chunk is done in pieces of so many SKUs meanwhile: whoever judges what was touched waits for a part of a second at most.
PIECE_SKUS: Final = 1_250


def is_wanted() -> bool:
    """Whether SKUs are being judged at once, so that a full cycle should give way."""
    return Chunk.objects.filter(cycle__name=INCREMENTAL, finished_at__gte=clock.wall() - _LATELY).exists()


def give_way(took_seconds: float) -> float:
    """Pauses after a piece of work that took so long, if SKUs are being judged at once meanwhile; the seconds of the pause.

    A lower priority alone is not enough: half of the work is done by the database's server, which knows nothing of it.
    """
    if not is_wanted():
        return 0.0
    pause = min(TIMES * took_seconds, LONGEST_SECONDS)
    time.sleep(pause)
    return pause
