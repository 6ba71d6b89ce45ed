"""Which lots what lies in a warehouse belongs to: the one rule that ageing, settlement, past moments and transfers share.

What expires first leaves first; lots without an expiry follow those with one; ties go by the day of receipt, then by the lot's id. Orders
never touch lots, so the rule is applied to what came in and to what lies there. Damaged and defective lots belong to the stock that cannot
be sold and the others to the rest, so that disposing of broken returns does not age the good stock; where one of the two holds more than
its own lots ever had, the lots of the other make up for it.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from stockhub.formulas.health.ageing import fifo_remaining_of
from stockhub.inventory.models import Grade

IntArray = NDArray[np.int64]

#: The order of a queryset of lots in which their units leave.
LEAVING_ORDER: Final = (F("expires_on").asc(nulls_last=True), "received_on", "id")
#: The bucket whose units are matched to the lots of `UNSELLABLE_GRADES`.
UNSELLABLE: Final = "unsellable"
UNSELLABLE_GRADES: Final = frozenset({Grade.DAMAGED, Grade.DEFECTIVE})
#: Stands for "never" where an expiry is a number.
NEVER: Final = 10_000_000
#: Stands for "nobody knew" where what lay there before a receipt is a number.
UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Arrivals:
    """r receipts of m lots of k (SKU, warehouse) pairs; all arrays are whole numbers.

    By lot, (m,): its pair `pair`, sorted; `expires`, `received` as ordinals (`NEVER` without an expiry), `lot_id`, `unsellable` by its
    grade. By receipt, (r,), in the order in which they were recorded: its lot's position `lot`, `qty` (below zero where units were
    taken back out of the lot), and the units that lay there before it, `sellable_before` and `unsellable_before`, `UNKNOWN` where nobody
    knew. By pair, (k,): `on_hand` and of it `unsellable_on_hand`.
    """

    pair: IntArray
    expires: IntArray
    received: IntArray
    lot_id: IntArray
    unsellable: NDArray[np.bool_]
    lot: IntArray
    qty: IntArray
    sellable_before: IntArray
    unsellable_before: IntArray
    on_hand: IntArray
    unsellable_on_hand: IntArray


def remaining(arrivals: Arrivals) -> IntArray:
    """Units (m,) that each lot still holds, never below 0. Their sum in a pair is what lies there, as far as its lots received that much.

    Where lots came in in the order in which they leave, the last of them hold what lies there. Where one comes in that leaves before others
    that are there (a transfer keeps its age, an earlier expiry) the receipts are followed one by one, so that what had left before it came
    is not taken from it; so they are where units are taken back out of a lot that others have followed.
    """
    m = len(arrivals.pair)
    received = np.zeros(m, np.int64)
    np.add.at(received, arrivals.lot, arrivals.qty)
    # No lot has received less than nothing, whatever was told.
    received = np.maximum(received, 0)
    order = np.lexsort((arrivals.lot_id, arrivals.received, arrivals.expires, arrivals.pair))
    left = np.zeros(m, np.int64)
    left[order] = fifo_remaining_of(
        arrivals.pair[order], received[order].astype(np.float64), np.maximum(arrivals.on_hand, 0).astype(np.float64)
    ).astype(np.int64)
    for pair, lots, receipts in _to_follow(arrivals, order):
        left[lots] = _followed(arrivals, pair, lots, receipts, received)
    return left


def _to_follow(arrivals: Arrivals, order: IntArray) -> Iterator[tuple[int, IntArray, IntArray]]:
    """The pairs that the plain rule does not serve, with their lots in leaving order and their receipts in recorded order."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    receipt_pair = arrivals.pair[arrivals.lot]
    by_pair = np.argsort(receipt_pair, kind="stable")
    ranks = rank[arrivals.lot][by_pair]
    backwards = np.flatnonzero((np.diff(receipt_pair[by_pair]) == 0) & (np.diff(ranks) < 0)) + 1
    pairs = set(receipt_pair[by_pair][backwards].tolist()) | set(arrivals.pair[arrivals.unsellable].tolist())
    sorted_pairs, sorted_receipts = arrivals.pair[order], receipt_pair[by_pair]
    for pair in sorted(pairs):
        lots = order[np.searchsorted(sorted_pairs, pair) : np.searchsorted(sorted_pairs, pair, side="right")]
        receipts = by_pair[np.searchsorted(sorted_receipts, pair) : np.searchsorted(sorted_receipts, pair, side="right")]
        yield pair, lots, receipts


@dataclass(slots=True)
class _Shelf:
    """What lots of one sort hold, by their place in the leaving order. Empty ones are dropped from `present`."""

    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    present: list[int] = field(default_factory=list)
    total: int = 0

    def add(self, place: int, qty: int) -> None:
        if not self.held[place]:
            insort(self.present, place)
        self.held[place] += qty
        self.total += qty

    def take(self, place: int, qty: int) -> None:
        """Units of this very lot leave, as far as it holds them."""
        taken = min(self.held[place], qty)
        if taken:
            self.held[place] -= taken
            self.total -= taken
            if not self.held[place]:
                self.present.remove(place)

    def keep(self, qty: int) -> None:
        """Lets units leave until `qty` are left; nothing where there are no more than that."""
        leaving = max(self.total - max(qty, 0), 0)
        self.total -= leaving
        gone = 0
        for place in self.present:
            taken = min(self.held[place], leaving)
            self.held[place] -= taken
            leaving -= taken
            if self.held[place]:
                break
            gone += 1
        del self.present[:gone]


def _followed(arrivals: Arrivals, pair: int, lots: IntArray, receipts: IntArray, received: IntArray) -> list[int]:
    """What each of a pair's lots holds, by following its receipts in the order in which they were recorded."""
    places = {lot: place for place, lot in enumerate(lots.tolist())}
    good, bad = _Shelf(), _Shelf()
    shelves = [bad if arrivals.unsellable[lot] else good for lot in lots.tolist()]
    rows = zip(
        arrivals.lot[receipts].tolist(), arrivals.qty[receipts].tolist(), arrivals.sellable_before[receipts].tolist(),
        arrivals.unsellable_before[receipts].tolist(), strict=True,
    )  # fmt: skip
    for lot, qty, sellable, unsellable in rows:
        if sellable != UNKNOWN:
            _let_leave(good, bad, sellable, unsellable)
        if qty > 0:
            shelves[places[lot]].add(places[lot], qty)
        else:
            shelves[places[lot]].take(places[lot], -qty)
    total = max(int(arrivals.on_hand[pair]), 0)
    unsellable = min(max(int(arrivals.unsellable_on_hand[pair]), 0), total)
    _let_leave(good, bad, total - unsellable, unsellable)
    # More lies there than its lots hold: units that were counted out came back, those that left last first, to lots of their own sort.
    held = [shelf.held[place] for place, shelf in enumerate(shelves)]
    room = [int(received[lot]) - there for lot, there in zip(lots.tolist(), held, strict=True)]
    missing = max(total - good.total - bad.total, 0)
    for shelf, lacking in ((good, total - unsellable - good.total), (bad, unsellable - bad.total), (None, total)):
        back = min(max(lacking, 0), missing)
        for place in reversed(range(len(held))):
            if shelf is None or shelves[place] is shelf:
                given = min(room[place], back)
                held[place] += given
                room[place] -= given
                missing -= given
                back -= given
    return held


def _let_leave(good: _Shelf, bad: _Shelf, sellable: int, unsellable: int) -> None:
    """Lets units of both sorts leave until so many are left; what one sort's lots lack, the other's hold."""
    lacking_good, lacking_bad = max(sellable - good.total, 0), max(unsellable - bad.total, 0)
    good.keep(sellable + lacking_bad)
    bad.keep(unsellable + lacking_good)
