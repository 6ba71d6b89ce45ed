"""A transfer problem: which sites have too much and which too little of each SKU, and the lanes between them (H74; science.md 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

#: More units of a SKU than lie anywhere.
MOST_UNITS = 10**9
#: And more money than a unit is worth or a lane costs.
MOST_MONEY = 1e9


@dataclass(frozen=True, kw_only=True)
class SharedLanes:
    """What SKUs share on a lane. A load is a weight or a volume, whichever fills a lane first."""

    #: (S,): a unit's.
    load: FloatArray
    #: (I, J): the most load a lane takes; infinite where it is not limited.
    capacity: FloatArray
    #: (I, J): what one truck takes and costs; infinite and 0 where loads are not sent by the truck.
    truck_load: FloatArray
    truck_cost: FloatArray


@dataclass(frozen=True, kw_only=True)
class TransferProblem:
    """S SKUs, I sources, J destinations; money in the base currency. Raises InvalidParameterError where a number makes no sense.

    A place may be both source and destination; the lane to itself has no cost, as every lane that does not exist: NaN.
    """

    skus: Sequence[str]
    sources: Sequence[str]
    destinations: Sequence[str]
    #: (S, I) and (S, J): units to spare and missing.
    surplus: FloatArray
    need: FloatArray
    #: (S, J) and (S, I): what a unit missing and a unit left over costs.
    shortage_penalty: FloatArray
    residual_penalty: FloatArray
    #: (S, I, J): what a unit costs, what using the lane for the SKU costs at all, and the most units of it. They broadcast to that shape.
    unit_cost: FloatArray
    fixed_cost: FloatArray = field(default_factory=lambda: np.zeros((1, 1, 1)))
    capacity: FloatArray = field(default_factory=lambda: np.full((1, 1, 1), np.inf))
    #: (S, J): the most units that a site takes in, needed or not.
    receiving: FloatArray = field(default_factory=lambda: np.full((1, 1), np.inf))
    #: (S,): only multiples of it move.
    lot: NDArray[np.int64] = field(default_factory=lambda: np.ones(1, dtype=np.int64))
    shared: SharedLanes | None = None

    def __post_init__(self) -> None:
        for name, shape in self._shapes().items():
            values = np.asarray(getattr(self, name), dtype=np.float64)
            object.__setattr__(self, name, broadcast(name, values, shape))
        self._require_domains()
        object.__setattr__(self, "lot", self.lot.astype(np.int64))
        if self.shared is not None:
            object.__setattr__(self, "shared", _checked(self.shared, self.shape))

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        s, i, j = self.shape
        lanes = dict.fromkeys(("unit_cost", "fixed_cost", "capacity"), (s, i, j))
        sources = dict.fromkeys(("surplus", "residual_penalty"), (s, i))
        destinations = dict.fromkeys(("need", "shortage_penalty", "receiving"), (s, j))
        return {**lanes, **sources, **destinations, "lot": (s,)}

    def _require_domains(self) -> None:
        for name in ("shortage_penalty", "residual_penalty", "fixed_cost"):
            require_each(name, getattr(self, name))
        for name in ("surplus", "need"):
            require_each(name, getattr(self, name), most=MOST_UNITS)
        for name in ("capacity", "receiving"):
            require_each(name, getattr(self, name), most=np.inf)
        require_each("unit_cost", np.nan_to_num(self.unit_cost, nan=0.0, posinf=np.inf))
        if ((self.lot < 1) | (self.lot != np.floor(self.lot)) | (self.lot > MOST_UNITS)).any():
            raise InvalidParameterError("lot", float(self.lot.min()), "whole numbers of at least 1")
        for name in ("skus", "sources", "destinations"):
            codes = list(getattr(self, name))
            if len(set(codes)) < len(codes):
                raise InvalidParameterError(name, codes, "each code once")

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.skus), len(self.sources), len(self.destinations)

    def orders(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The orders of codes of SKUs, sources and destinations, in which plans are made whatever order they come in."""
        names = (self.skus, self.sources, self.destinations)
        s, i, j = (np.array(sorted(range(len(each)), key=each.__getitem__), dtype=np.int64) for each in names)
        return s, i, j

    def taken(self, s: NDArray[np.int64], i: NDArray[np.int64], j: NDArray[np.int64]) -> TransferProblem:
        """The problem of some SKUs, sources and destinations, in the order given."""
        if all(np.array_equal(order, np.arange(size)) for order, size in zip((s, i, j), self.shape, strict=True)):
            return self
        shared = self.shared and SharedLanes(
            load=self.shared.load[s],
            capacity=self.shared.capacity[np.ix_(i, j)],
            truck_load=self.shared.truck_load[np.ix_(i, j)],
            truck_cost=self.shared.truck_cost[np.ix_(i, j)],
        )
        return replace(
            self,
            skus=[self.skus[at] for at in s],
            sources=[self.sources[at] for at in i],
            destinations=[self.destinations[at] for at in j],
            surplus=self.surplus[np.ix_(s, i)],
            need=self.need[np.ix_(s, j)],
            shortage_penalty=self.shortage_penalty[np.ix_(s, j)],
            residual_penalty=self.residual_penalty[np.ix_(s, i)],
            unit_cost=self.unit_cost[np.ix_(s, i, j)],
            fixed_cost=self.fixed_cost[np.ix_(s, i, j)],
            capacity=self.capacity[np.ix_(s, i, j)],
            receiving=self.receiving[np.ix_(s, j)],
            lot=self.lot[s],
            shared=shared,
        )


def _checked(shared: SharedLanes, shape: tuple[int, int, int]) -> SharedLanes:
    s, i, j = shape
    load = broadcast("load", np.asarray(shared.load, dtype=np.float64), (s,))
    names = ("capacity", "truck_load", "truck_cost")
    lanes = {name: broadcast(name, np.asarray(getattr(shared, name), dtype=np.float64), (i, j)) for name in names}
    require_each("load", load)
    require_each("truck_cost", lanes["truck_cost"])
    require_each("lane capacity", lanes["capacity"], most=np.inf)
    if not (lanes["truck_load"] > 0).all():
        raise InvalidParameterError("truck_load", "0 or below", "loads above 0, infinite where there are no trucks")
    return SharedLanes(load=load, **lanes)


def broadcast(name: str, values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """The values in the shape asked for, or InvalidParameterError."""
    try:
        return np.broadcast_to(values, shape)
    except ValueError:
        raise InvalidParameterError(name, f"of shape {values.shape}", f"an array of shape {shape}") from None


def require_each(name: str, values: FloatArray, *, most: float = MOST_MONEY) -> None:
    """InvalidParameterError where a number is missing, negative or above `most`."""
    if not ((values >= 0) & (values <= most)).all():
        raise InvalidParameterError(name, "missing, negative or too large", f"numbers from 0 to {most:g}")
