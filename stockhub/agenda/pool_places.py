"""Which pools hold the same units, and between which goods can move: what makes actions in two pools one decision (N7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from stockhub.catalog.models import PoolWarehouse


@dataclass(frozen=True, slots=True)
class PoolPlaces:
    """By the id of a pool: which of the pools that share a warehouse stands for all of them, its warehouses, and its country.

    The country is empty where no warehouse says one, and None where they lie in several: such a pool gives to none (`Imbalance`).
    """

    units: dict[int, int] = field(default_factory=dict)
    warehouses: dict[int, frozenset[int]] = field(default_factory=dict)
    country: dict[int, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, str]]) -> PoolPlaces:
        """From each (pool, warehouse, country of the warehouse)."""
        warehouses: dict[int, set[int]] = {}
        countries: dict[int, set[str]] = {}
        pools_of: dict[int, list[int]] = {}
        for pool, warehouse, country in sorted(rows):
            warehouses.setdefault(pool, set()).add(warehouse)
            countries.setdefault(pool, set()).add(country)
            pools_of.setdefault(warehouse, []).append(pool)
        units = {pool: pool for pool in warehouses}
        for pools in pools_of.values():
            together = {units[pool] for pool in pools}
            units.update({pool: min(together) for pool, first in units.items() if first in together})
        of_country = {pool: next(iter(found)) if len(found) == 1 else None for pool, found in countries.items()}
        return cls(units, {pool: frozenset(found) for pool, found in warehouses.items()}, of_country)

    def holder(self, pool: int) -> int:
        """The pool that stands for all that hold the same units: itself where it shares none."""
        return self.units.get(pool, pool)

    def in_reach(self, one: int, other: int) -> bool:
        """Whether what is bound for one pool could serve the other: the same units, or the same country."""
        if self.holder(one) == self.holder(other):
            return True
        return one in self.country and self.country[one] is not None and self.country[one] == self.country.get(other)

    @property
    def are_shared(self) -> bool:
        """Whether any two pools share a warehouse."""
        return any(pool != first for pool, first in self.units.items())


def pool_places() -> PoolPlaces:
    """Of all pools. One query."""
    return PoolPlaces.of(PoolWarehouse.objects.order_by().values_list("pool_id", "warehouse_id", "warehouse__country"))
