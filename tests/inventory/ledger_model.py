"""A model of the ledger in plain Python: what is in every bucket at every moment, and what each order line holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

Outcome = tuple[object, ...]
#: A presale that must ship within this time is served like any other order.
PRESALE_WINDOW: Final = timedelta(days=3)
#: The answer to a key that was used for something else.
REUSED: Outcome = ("idempotency_key_reused",)


@dataclass
class Line:
    """What an order line wants and has. Lines with a ship-by time come before those without one, each by their time."""

    ordered_at: datetime
    wanted: int = 0
    shipped: int = 0
    reserved: int = 0
    unbacked: int = 0
    is_presale: bool = False
    ship_by_at: datetime | None = None

    @property
    def owed(self) -> int:
        return max(self.wanted - self.shipped - self.reserved, 0)

    @property
    def turn(self) -> tuple[bool, datetime, datetime]:
        return self.ship_by_at is None, self.ship_by_at or self.ordered_at, self.ordered_at

    def waits(self, now: datetime) -> bool:
        """A presale leaves what lies there to others until its ship-by time is near."""
        return self.is_presale and (self.ship_by_at is None or self.ship_by_at > now + PRESALE_WINDOW)


@dataclass
class Order:
    """An order of one line, as its newest record tells it."""

    version: int
    rank: int
    qty: int
    shipped_at: datetime | None = None


@dataclass
class Model:
    """One SKU in a warehouse that we count, in one that its platform counts (`observed:`), and in one that transfers go to (`far:`).

    `cells` and `history`, the changes by (moment, bucket), tell the second and third by their prefixes. `transfers` are their last moment
    and what they have put where. `keys` are the idempotency
    keys with what was asked and what was answered.
    """

    allows_backorder: bool
    #: Whether presales of the platform are promised what is on its way.
    allows_presale: bool = False
    cells: dict[str, int] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    history: dict[tuple[datetime, str], int] = field(default_factory=dict)
    observed_at: dict[str, datetime] = field(default_factory=dict)
    transfers: dict[int, tuple[datetime, dict[str, int]]] = field(default_factory=dict)
    keys: dict[str, tuple[object, Outcome]] = field(default_factory=dict)
    #: What a unit of the lot of each receipt cost, with all invoices, by the receipt's key.
    costs: dict[str, int] = field(default_factory=dict)

    def add(self, bucket: str, qty: int, at: datetime) -> None:
        """`qty` units more, or fewer, from a moment on."""
        self.cells[bucket] = self.cells.get(bucket, 0) + qty
        self.history[at, bucket] = self.history.get((at, bucket), 0) + qty

    def wants(self, name: str) -> bool:
        return name in self.lines and self.lines[name].wanted > 0

    def take(self, bucket: str, qty: int, *, partial: bool = False) -> int:
        """How many of `qty` units can leave a bucket."""
        there = max(self.cells.get(bucket, 0), 0)
        if qty <= there or (self.allows_backorder and bucket == "available"):
            return qty
        return there if partial else 0

    def as_of(self, bucket: str, at: datetime) -> int:
        return sum(qty for (moment, where), qty in self.history.items() if where == bucket and moment <= at)

    def told_apart(self, other: Model) -> set[tuple[str, datetime]]:
        """Where and when the histories of the two differ: different ways may lead to one state."""
        changes = self.history.keys() | other.history.keys()
        moments = {(where, at) for at, where in changes if self.history.get((at, where), 0) != other.history.get((at, where), 0)}
        return {(where, at) for where, at in moments if self.as_of(where, at) != other.as_of(where, at)}

    def serve(self, now: datetime, *, has_arrived: bool = True) -> int:
        """Lines that are owed units get what is available, each in its turn; presales that wait get what has come in, and nothing else."""
        served = 0
        for line in sorted(self.lines.values(), key=lambda line: line.turn):
            there = self.cells.get("available", 0)
            if line.owed and there > 0 and (has_arrived or not line.waits(now)):
                served += self._reserve(line, min(line.owed, there), now)
        return served

    def _reserve(self, line: Line, qty: int, at: datetime) -> int:
        units = self.take("available", qty, partial=True)
        line.reserved += units
        if units:
            self.add("available", -units, at)
            self.add("reserved", units, at)
        return units

    def target(
        self,
        name: str,
        ordered_at: datetime,
        *,
        wanted: int,
        shipped: int,
        at: datetime,
        now: datetime,
        is_presale: bool = False,
        ship_by_at: datetime | None = None,
    ) -> None:
        """A line wants `wanted` units, of which `shipped` have left. What leaves without stock is unbacked; what did not leave after all
        is first taken for such units. A presale leaves what is available to others.
        """
        line = self.lines.setdefault(name, Line(ordered_at, is_presale=is_presale, ship_by_at=ship_by_at))
        to_ship, undone = max(shipped - line.shipped, 0), max(line.shipped - shipped, 0)
        from_reserved = min(to_ship, line.reserved)
        forgiven = min(undone, line.unbacked)
        self.add("reserved", -from_reserved, at)
        self.add("available", undone - forgiven, at)
        line.reserved -= from_reserved
        excess = max(line.reserved - max(wanted - shipped, 0), 0)
        line.reserved -= excess
        self.add("reserved", -excess, at)
        self.add("available", excess, at)
        from_available = self.take("available", to_ship - from_reserved, partial=True)
        self.add("available", -from_available, at)
        line.unbacked += to_ship - from_reserved - from_available - forgiven
        line.wanted, line.shipped = wanted, shipped
        if not line.waits(now):
            self._reserve(line, line.owed, at)
        if excess or undone - forgiven:
            self.serve(now, has_arrived=is_presale)

    def state(self) -> tuple[dict[str, int], dict[str, tuple[int, int, int, int]]]:
        """What can be compared: the buckets that are not empty, and the lines that ever wanted something."""
        lines = {
            name: (line.wanted, line.shipped, line.reserved, line.unbacked)
            for name, line in self.lines.items()
            if any((line.wanted, line.shipped, line.reserved, line.unbacked))
        }
        return {bucket: qty for bucket, qty in self.cells.items() if qty}, lines
