"""All orders of the shop, by id and in the order of their changes: those that live, and a past that is made up as it is asked for.

The past costs no memory: order n of it is computed from n alone, its times grow with n, so that a window of time is a range of numbers.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import Final

from stockhub_douyin.fake.catalogue import Catalogue
from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.orders import Line, LiveRoom, Order, Status

#: Ids are far above 2^53. An order has room for ten ids: itself, its lines, its phases.
FIRST_ID: Final = 6_938_402_123_456_789_012
_FIRST_PAST_ID: Final = 6_800_000_000_000_000_000
_IDS_EACH: Final = 10
#: As many as leave all ids below 2^63.
_SEEDS: Final = 2**31
_IDS_A_SEED: Final = 10**9
_PAST_STATUSES: Final = (*[Status.COMPLETED] * 7, *[Status.SHIPPED] * 2, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Past:
    """`count` orders from `start` on, evenly over `seconds`; each changed last an hour after it was created."""

    count: int
    start: int
    seconds: int
    codes: tuple[str, ...]

    def created(self, n: int) -> int:
        return self.start + n * self.seconds // max(self.count, 1)

    def updated(self, n: int) -> int:
        return self.created(n) + 3_600

    def range(self, start: int, end: int, *, by_creation: bool) -> tuple[int, int]:
        """First number in the window, and the one after the last."""
        shift = 0 if by_creation else 3_600
        numbers = range(self.count)
        return (
            bisect_left(numbers, start - shift, key=self.created),
            bisect_left(numbers, end - shift + 1, key=self.created),
        )

    def order(self, n: int, catalogue: Catalogue) -> Order:
        first_id = _FIRST_PAST_ID + n * _IDS_EACH
        sku = catalogue.sku_by_code(self.codes[(n * 7_919) % len(self.codes)])
        status = _PAST_STATUSES[(n * 31) % 10]
        created, updated = self.created(n), self.updated(n)
        line = Line(first_id + 1, sku, 1 + (n * 17) % 3, sku.price, status, updated=updated)
        order = Order(first_id, status, created, updated, [line])
        if n % 10 == 0:
            order.live = LiveRoom(7_454_000_000_000_000_001 + n % 5, 99_887_766_554_433, "示例达人")
        if status is Status.CANCELLED:
            order.cancel_reason = "超时未支付"
        else:
            order.paid, order.promised, order.shipped = created + 60, created + 172_860, updated
            line.shipped, line.tracking = updated, f"SF{first_id % 10**13}"
            order.finished = updated if status is Status.COMPLETED else 0
        return order


_NO_PAST: Final = Past(0, 0, 1, ())


class OrderBook:
    def __init__(self, catalogue: Catalogue, seed: int = 1) -> None:
        """Each seed has ids of its own, so that a fake that is started anew with another one does not tell of the same orders."""
        self._catalogue = catalogue
        self._orders: dict[int, Order] = {}
        self._by_update: list[tuple[int, int]] = []
        self._by_creation: list[tuple[int, int]] = []
        self._next_id = FIRST_ID + (seed - 1) % _SEEDS * _IDS_A_SEED
        self.past = _NO_PAST

    def __len__(self) -> int:
        return self.past.count + len(self._orders)

    def next_ids(self, lines: int) -> int:
        """The id of a new order; those of its lines follow it."""
        taken = self._next_id
        self._next_id += max(_IDS_EACH, lines + 4)
        return taken

    def add(self, order: Order) -> None:
        self._orders[order.order_id] = order
        insort(self._by_update, (order.updated, order.order_id))
        insort(self._by_creation, (order.created, order.order_id))

    def moved(self, order: Order, before: int) -> None:
        """The order changed; it was last changed at `before`."""
        index = bisect_left(self._by_update, (before, order.order_id))
        del self._by_update[index]
        insort(self._by_update, (order.updated, order.order_id))

    def get(self, order_id: int) -> Order | None:
        number, rest = divmod(order_id - _FIRST_PAST_ID, _IDS_EACH)
        if not rest and 0 <= number < self.past.count:
            return self.past.order(number, self._catalogue)
        return self._orders.get(order_id)

    def lives(self, order: Order) -> bool:
        return order.order_id in self._orders

    def must_get(self, order_id: int) -> Order:
        """One that can be moved: ControlError for the past."""
        order = self._orders.get(order_id)
        if order is None:
            raise ControlError(f"There is no order {order_id} that could change.")
        return order

    def window(self, start: int, end: int, *, by_creation: bool, ascending: bool, offset: int, size: int) -> tuple[int, list[Order]]:
        """How many orders the window has, and those from `offset` on."""
        index = self._by_creation if by_creation else self._by_update
        first, last = bisect_left(index, (start, 0)), bisect_left(index, (end + 1, 0))
        past_first, past_last = self.past.range(start, end, by_creation=by_creation)
        total = (last - first) + (past_last - past_first)
        if not ascending:
            offset, size = max(total - offset - size, 0), min(size, max(total - offset, 0))
        rows = self._merged(index[first:last], past_first, past_last, offset, size, by_creation=by_creation)
        return total, rows if ascending else rows[::-1]

    def _merged(
        self, living: list[tuple[int, int]], past_first: int, past_last: int, offset: int, size: int, *, by_creation: bool
    ) -> list[Order]:
        """`size` orders from `offset` on of two sequences in order, without walking over those before."""
        time_of = self.past.created if by_creation else self.past.updated
        numbers = range(past_first, past_last)
        if not numbers:
            return [self._orders[order_id] for _at, order_id in living[offset : offset + size]]
        # How many of the past come before each living one.
        places = [bisect_left(numbers, at, key=time_of) + k for k, (at, _id) in enumerate(living)]
        k = bisect_left(places, offset)
        number = past_first + offset - k
        rows: list[Order] = []
        while len(rows) < size:
            if k < len(living) and places[k] == offset + len(rows):
                rows.append(self._orders[living[k][1]])
                k += 1
            elif number < past_last:
                rows.append(self.past.order(number, self._catalogue))
                number += 1
            else:
                break
        return rows
