"""Which lots what lies there belongs to: against a warehouse that is simulated unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.inventory.lots.order import NEVER, UNKNOWN, Arrivals, remaining

Lot = tuple[int, int, int]  # expires, received, id: the order in which lots leave
DAYS = st.integers(1, 4)
EXPIRIES = st.one_of(st.just(NEVER), DAYS)
SORTS = st.booleans()


@dataclass
class Yard:
    """One SKU in one warehouse as it really goes: units that carry their lot, leaving one by one."""

    sellable: list[Lot] = field(default_factory=list)
    unsellable: list[Lot] = field(default_factory=list)
    came: list[tuple[int, int, int, int]] = field(default_factory=list)
    lots: list[tuple[Lot, bool]] = field(default_factory=list)

    def receive(self, expires: int, received: int, qty: int, *, broken: bool) -> None:
        lot = (expires, received, len(self.lots))
        self.lots.append((lot, broken))
        self.add(len(self.lots) - 1, qty)

    def add(self, place: int, qty: int) -> None:
        lot, broken = self.lots[place]
        self.came.append((place, qty, len(self.sellable), len(self.unsellable)))
        (self.unsellable if broken else self.sellable).extend([lot] * qty)

    def leave(self, qty: int, *, broken: bool) -> None:
        units = self.unsellable if broken else self.sellable
        for _unit in range(min(qty, len(units))):
            units.remove(min(units))

    def take_back(self, place: int, qty: int) -> None:
        """Units that were another SKU's all along: this lot's own while it has some, then whatever leaves next of its sort."""
        lot, broken = self.lots[place]
        qty = min(qty, sum(came for where, came, _good, _bad in self.came if where == place))
        if not qty:
            return
        self.came.append((place, -qty, len(self.sellable), len(self.unsellable)))
        units = self.unsellable if broken else self.sellable
        own = min(units.count(lot), qty)
        for _unit in range(own):
            units.remove(lot)
        self.leave(qty - own, broken=broken)

    def arrivals(self, *, known: bool = True, pair: int = 0, pairs: int = 1) -> Arrivals:
        on_hand, unsellable = np.zeros(pairs, np.int64), np.zeros(pairs, np.int64)
        on_hand[pair] = len(self.sellable) + len(self.unsellable)
        unsellable[pair] = len(self.unsellable)
        return arrivals_of(self.lots, self.came, on_hand, unsellable, known=known, pair=pair)


def arrivals_of(
    lots: Sequence[tuple[Lot, bool]],
    came: Sequence[tuple[int, int, int, int]],
    on_hand: np.ndarray[tuple[int], np.dtype[np.int64]],
    unsellable: np.ndarray[tuple[int], np.dtype[np.int64]],
    *,
    known: bool = True,
    pair: int = 0,
) -> Arrivals:
    receipts = np.array(came, np.int64).reshape(-1, 4)
    keys = np.array([lot for lot, _broken in lots], np.int64).reshape(-1, 3)
    return Arrivals(
        pair=np.full(len(lots), pair, np.int64), expires=keys[:, 0], received=keys[:, 1], lot_id=keys[:, 2],
        unsellable=np.array([broken for _lot, broken in lots], bool), lot=receipts[:, 0], qty=receipts[:, 1],
        sellable_before=receipts[:, 2] if known else np.full(len(receipts), UNKNOWN),
        unsellable_before=receipts[:, 3] if known else np.full(len(receipts), UNKNOWN), on_hand=on_hand, unsellable_on_hand=unsellable,
    )  # fmt: skip


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), EXPIRIES, DAYS, st.integers(1, 6), SORTS),
        st.tuples(st.just("more"), st.integers(0, 9), st.integers(1, 6)),
        st.tuples(st.just("leave"), st.integers(1, 8), SORTS),
        st.tuples(st.just("back"), st.integers(0, 9), st.integers(1, 6)),
    ),
    max_size=14,
)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_h38_lots_hold_exactly_the_units_that_a_warehouse_would_hold(steps: list[tuple[object, ...]]) -> None:
    """However lots come in: older ones from other warehouses, earlier expiries, broken returns, more of the same code; and what is taken
    back out of them.
    """
    yard = Yard()
    for step in steps:
        match step:
            case ("receive", int(expires), int(received), int(qty), bool(broken)):
                yard.receive(expires, received, qty, broken=broken)
            case ("more", int(place), int(qty)) if yard.lots:
                yard.add(place % len(yard.lots), qty)
            case ("leave", int(qty), bool(broken)):
                yard.leave(qty, broken=broken)
            case ("back", int(place), int(qty)) if yard.lots:
                yard.take_back(place % len(yard.lots), qty)
    units = [*yard.sellable, *yard.unsellable]
    assert remaining(yard.arrivals()).tolist() == [units.count(lot) for lot, _broken in yard.lots]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(EXPIRIES, DAYS, SORTS), min_size=1, max_size=5),
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(-6, 6), st.one_of(st.just(UNKNOWN), st.integers(0, 12)), st.integers(0, 12)), max_size=8
    ),
    st.integers(-3, 40),
    st.integers(-3, 40),
)
def test_units_are_conserved_whatever_was_told(
    lots: list[tuple[int, int, bool]], came: list[tuple[int, int, int, int]], on_hand: int, unsellable: int
) -> None:
    """Counts, damage in the house, units taken back, notes that are missing or wrong: what lies there is in the lots, as far as they have
    received so much.
    """
    named = [((expires, received, place), broken) for place, (expires, received, broken) in enumerate(lots)]
    receipts: list[tuple[int, int, int, int]] = []
    received = np.zeros(len(lots), np.int64)
    for place, qty, before, broken in came:
        # No more is taken back than came in.
        possible = max(qty, -int(received[place % len(lots)]))
        if possible:
            receipts.append((place % len(lots), possible, before, broken))
            received[place % len(lots)] += possible
    held = remaining(arrivals_of(named, receipts, np.array([on_hand]), np.array([unsellable])))
    assert held.sum() == min(max(on_hand, 0), received.sum())
    assert (held >= 0).all()
    assert (held <= received).all()


def one(*lots: tuple[int, int, bool, int], sellable: int, unsellable: int = 0) -> list[int]:
    """What is left of lots (expires, received, broken, quantity) that came in one after the other."""
    named = [((expires, received, place), broken) for place, (expires, received, broken, _qty) in enumerate(lots)]
    came = [(place, qty, UNKNOWN, UNKNOWN) for place, (_e, _r, _b, qty) in enumerate(lots)]
    return [int(qty) for qty in remaining(arrivals_of(named, came, np.array([sellable + unsellable]), np.array([unsellable])))]


def test_what_expires_first_leaves_first_and_without_expiry_last() -> None:
    late, soon, never = (30, 1, False, 10), (20, 2, False, 10), (NEVER, 0, False, 10)
    assert one(never, late, soon, sellable=25) == [10, 10, 5]
    assert one(never, late, soon, sellable=15) == [10, 5, 0]


def test_equal_expiries_leave_by_the_day_of_receipt_then_as_they_came() -> None:
    assert one((20, 2, False, 10), (20, 1, False, 10), (20, 1, False, 10), sellable=15) == [10, 0, 5]


def test_disposing_of_broken_returns_does_not_age_the_good_stock() -> None:
    old, broken, new = (NEVER, 1, False, 10), (NEVER, 2, True, 3), (NEVER, 3, False, 10)
    assert one(old, broken, new, sellable=20, unsellable=3) == [10, 3, 10]
    assert one(old, broken, new, sellable=20, unsellable=0) == [10, 0, 10]
    # Ten more were sold: the oldest good ones, the broken ones stay.
    assert one(old, broken, new, sellable=10, unsellable=3) == [0, 3, 10]


def test_more_broken_than_broken_lots_are_of_the_good_lots_and_the_other_way_round() -> None:
    good, broken = (NEVER, 1, False, 10), (NEVER, 2, True, 3)
    assert one(good, broken, sellable=5, unsellable=5) == [7, 3]
    assert one(good, broken, sellable=12, unsellable=1) == [10, 3]
    assert one(good, broken, sellable=90, unsellable=9) == [10, 3]


def test_u16_an_older_lot_that_comes_later_did_not_sell_before_it_came() -> None:
    yard = Yard()
    yard.receive(NEVER, 5, 100, broken=False)
    yard.leave(60, broken=False)
    yard.receive(NEVER, 1, 50, broken=False)
    assert remaining(yard.arrivals()).tolist() == [40, 50]
    yard.leave(45, broken=False)
    assert remaining(yard.arrivals()).tolist() == [40, 5]
    # Without the note of what lay there, all that left is taken from what leaves first.
    assert remaining(yard.arrivals(known=False)).tolist() == [45, 0]


def test_units_are_taken_back_out_of_their_very_lot_and_never_more_than_it_holds() -> None:
    yard = Yard()
    for day in (1, 2, 3):
        yard.receive(NEVER, day, 10, broken=False)
    yard.take_back(1, 4)
    assert remaining(yard.arrivals()).tolist() == [10, 6, 10]
    yard.leave(13, broken=False)
    yard.take_back(1, 6)
    # Three of its six had been sold: the others leave from what is next.
    assert remaining(yard.arrivals()).tolist() == [0, 0, 7]
    # Told in a wrong order, a lot has received nothing, not less.
    early = arrivals_of([((NEVER, 1, 0), False)], [(0, -5, 0, 0)], np.array([7]), np.array([0]))
    assert remaining(early).tolist() == [0]


def test_pairs_do_not_touch_each_other() -> None:
    first, second = Yard(), Yard()
    for yard in (first, second):
        yard.receive(NEVER, 5, 10, broken=False)
        yard.leave(6, broken=False)
        yard.receive(NEVER, 1, 10, broken=False)
    second.leave(12, broken=False)
    a, b = first.arrivals(pair=0, pairs=2), second.arrivals(pair=1, pairs=2)
    both = Arrivals(
        pair=np.concatenate([a.pair, b.pair]), expires=np.concatenate([a.expires, b.expires]),
        received=np.concatenate([a.received, b.received]), lot_id=np.concatenate([a.lot_id, b.lot_id + 2]),
        unsellable=np.concatenate([a.unsellable, b.unsellable]), lot=np.array([0, 2, 1, 3]), qty=np.full(4, 10),
        sellable_before=np.array([0, 0, 4, 4]), unsellable_before=np.zeros(4, np.int64), on_hand=a.on_hand + b.on_hand,
        unsellable_on_hand=a.unsellable_on_hand + b.unsellable_on_hand,
    )  # fmt: skip
    assert remaining(both).tolist() == [4, 10, 2, 0]


def test_no_lots_and_nothing_there() -> None:
    assert remaining(Yard().arrivals()).tolist() == []
    assert one((NEVER, 1, False, 5), sellable=0) == [0]
