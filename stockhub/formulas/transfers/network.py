"""A transfer problem in lots: the lanes that may be worth using, and what each site gives and takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray
from stockhub.formulas.transfers.problem import TransferProblem

IntArray = NDArray[np.int64]
#: A lane's load may pass its limit by this share: the dust of floating point.
LOAD_TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Network:
    """Arcs (a SKU on a lane) sorted by SKU, source and destination, and the sites' lots.

    Left out are arcs that cannot be part of a best plan: no lane, nothing to give, or a gain that is at most the cost. A need is whole lots
    and a rest below one: serving the rest takes a lot and saves less, so lots save ever less, which makes a plan without fixed costs a
    flow of least cost.
    """

    problem: TransferProblem
    #: (A,) each. `lane` numbers (source, destination) from 0; `most` is lots; costs are a unit's, and the arc's.
    sku: IntArray
    source: IntArray
    destination: IntArray
    lane: IntArray
    most: IntArray
    unit_cost: FloatArray
    fixed_cost: FloatArray
    #: (S + 1,): where each SKU's arcs start.
    start: IntArray
    #: (S, I) lots to give; (S, J) lots missing whole, units missing besides, lots that can be taken in.
    supply: IntArray
    whole: IntArray
    rest: FloatArray
    room: IntArray

    @property
    def lanes(self) -> int:
        return len(self.problem.sources) * len(self.problem.destinations)

    @property
    def lot(self) -> FloatArray:
        """(A,): the units of a lot on each arc."""
        return self.problem.lot[self.sku].astype(np.float64)

    @property
    def load(self) -> FloatArray:
        """(A,): the load of a lot on each arc."""
        return self.problem.shared.load[self.sku] * self.lot if self.problem.shared is not None else np.zeros(len(self.sku))

    def arcs_of(self, skus: IntArray) -> IntArray:
        """The arcs of some SKUs, in order."""
        chosen = np.zeros(len(self.problem.skus), dtype=np.bool_)
        chosen[skus] = True
        arcs: IntArray = np.flatnonzero(chosen[self.sku])
        return arcs

    def loads(self, lots: FloatArray | IntArray) -> FloatArray:
        """(lanes,): the load on each lane."""
        loads: FloatArray = np.bincount(self.lane, lots * self.load, self.lanes).astype(np.float64)
        return loads


def network_of(problem: TransferProblem) -> Network:
    """The network of a problem."""
    lot = problem.lot.astype(np.float64)
    supply = _whole(problem.surplus / lot[:, None])
    whole = _whole(problem.need / lot[:, None])
    rest = np.maximum(problem.need - whole * lot[:, None], 0.0)
    rest[rest < ROUNDING_TOLERANCE] = 0.0
    total = supply.sum(axis=1)
    room = _whole(np.minimum(problem.receiving / lot[:, None], total[:, None]))
    most = np.minimum(supply[:, :, None], room[:, None, :]).astype(np.float64)
    most = np.minimum(most, np.floor(_lot_limit(problem, lot) + ROUNDING_TOLERANCE))
    wanted = np.where(problem.need > 0, problem.shortage_penalty, 0.0)
    gain = problem.residual_penalty[:, :, None] + wanted[:, None, :] - problem.unit_cost
    worth = (most >= 1) & (gain > 0) & (gain * most * lot[:, None, None] > problem.fixed_cost)
    sku, source, destination = np.nonzero(worth)
    return Network(
        problem=problem,
        sku=sku,
        source=source,
        destination=destination,
        lane=source * len(problem.destinations) + destination,
        most=most[sku, source, destination].astype(np.int64),
        unit_cost=problem.unit_cost[sku, source, destination],
        fixed_cost=problem.fixed_cost[sku, source, destination],
        start=np.searchsorted(sku, np.arange(len(problem.skus) + 1)),
        supply=supply,
        whole=whole,
        rest=rest,
        room=room,
    )


def _lot_limit(problem: TransferProblem, lot: FloatArray) -> FloatArray:
    """(S, I, J): lots that a lane takes of a SKU that has it for itself."""
    own: FloatArray = problem.capacity / lot[:, None, None]
    if problem.shared is None:
        return own
    with np.errstate(divide="ignore", invalid="ignore"):
        shared = problem.shared.capacity[None] / (problem.shared.load * lot)[:, None, None]
    return np.fmin(own, shared)


def _whole(lots: FloatArray) -> IntArray:
    whole: IntArray = np.floor(lots + ROUNDING_TOLERANCE).astype(np.int64)
    return whole
