"""What a full lane is worth: the linear programme over whole plans of the SKUs that share it (Dantzig and Wolfe 1960).

A plan is one SKU's best flow at some prices of the lanes. The programme mixes each SKU's plans so that the lanes' limits hold, which gives
new prices, and these give new plans. It grows by a plan a SKU in each round, however many lanes a SKU has; in the end at most as many SKUs
have a mixed plan as there are full lanes; and each round says below which objective none can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.lot_flow import LotFlow, alone, objectives
from stockhub.formulas.transfers.network import IntArray, Network

#: Below this a price, a share of a plan or of a limit is the dust of floating point.
DUST = 1e-7
MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class _Plans:
    """A plan for every SKU (S, ...): its objective and its load on each limited lane; and which SKUs have one of this round."""

    lots: IntArray
    objective: FloatArray
    loads: FloatArray
    made: IntArray


@dataclass(frozen=True, slots=True)
class _Programme:
    """The mix of the plans made so far: which SKUs (S,) were coupled, each round's share of each of them, prices and objective."""

    coupled: NDArray[np.bool_]
    shares: list[FloatArray]
    prices: FloatArray
    reached: float


@dataclass(frozen=True, slots=True)
class Mixed:
    """Lots (A,) of the SKUs whose plan is whole, those whose plan is mixed, and what no objective of the group is below."""

    lots: IntArray
    cut: IntArray
    bound: float


class LanePrices:
    """The rounds for a group of SKUs under the lanes' limits (lanes,) of load; `lots` (A,) are the best of each by itself.

    A SKU is coupled once it would use a lane that has a price; the others keep the plan that they make alone, which is best at these prices
    too, as a higher price on lanes that they do not use changes nothing for them.
    """

    def __init__(self, network: Network, flow: LotFlow, skus: IntArray, lots: IntArray, limit: FloatArray) -> None:
        self.network, self.flow, self.skus = network, flow, skus
        self.lanes = np.flatnonzero(np.isfinite(limit))
        self.limit = limit[self.lanes]
        self.alone = self._plans(lots, skus)
        #: A SKU that moves nothing fits on any lane.
        self.rounds = [self.alone, self._plans(np.zeros_like(lots), skus)]
        self.coupled = np.zeros(len(network.problem.skus), dtype=np.bool_)

    def mixed(self, close_enough: float) -> Mixed:
        """Rounds until the objective is within a part of the least there is, or as near as floating point shows."""
        over = self.alone.loads[self.skus].sum(axis=0) > self.limit
        bound = self._round(np.where(over, self._closing_prices(), 0.0))
        programme = self._programme()
        for _ in range(MOST_ROUNDS):
            bound = max(bound, self._round(programme.prices))
            if programme.reached - bound <= max(close_enough * abs(programme.reached), DUST):
                break
            programme = self._programme()
        return self._whole(programme, bound)

    def _closing_prices(self) -> FloatArray:
        """Of each limited lane the price at which nothing is worth sending over it."""
        net = self.network
        problem, loaded = net.problem, net.load > 0
        saved = problem.residual_penalty[net.sku, net.source] + problem.shortage_penalty[net.sku, net.destination] - net.unit_cost
        highest = np.zeros(net.lanes)
        np.maximum.at(highest, net.lane[loaded], (saved * net.lot)[loaded] / net.load[loaded])
        return highest[self.lanes] + 1.0

    def _round(self, prices: FloatArray) -> float:
        """Adds the best plans at some prices, and gives the objective that none is below: prices of limits relax the limits."""
        touched = np.asarray((self.alone.loads[:, prices > DUST] > 0).any(axis=1))
        self.coupled[self.skus] |= touched[self.skus]
        net, price = self.network, np.zeros(self.network.lanes)
        price[self.lanes] = prices
        flow = LotFlow(net, self.flow.unit_cost + price[net.lane] * net.load / net.lot, by_place=False)
        made = self.skus[touched[self.skus]]
        plans = self._plans(alone(net, flow, made), made)
        self.rounds.append(plans)
        kept = self.skus[~touched[self.skus]]
        relaxed = (plans.objective + plans.loads @ prices)[made].sum() + (self.alone.objective + self.alone.loads @ prices)[kept].sum()
        return float(relaxed - prices @ self.limit)

    def _plans(self, lots: IntArray, made: IntArray) -> _Plans:
        net = self.network
        place = np.full(net.lanes, -1)
        place[self.lanes] = np.arange(len(self.lanes))
        used = np.flatnonzero((lots > 0) & (place[net.lane] >= 0))
        shape = (len(net.problem.skus), len(self.lanes))
        cell = net.sku[used] * len(self.lanes) + place[net.lane[used]]
        loads = np.bincount(cell, net.load[used] * lots[used], shape[0] * shape[1]).astype(np.float64).reshape(shape)
        return _Plans(lots, objectives(net, self.flow.arc_cost, lots), loads, made)

    def _programme(self) -> _Programme:
        from scipy.optimize import linprog
        from scipy.sparse import coo_array, csr_array

        members = np.flatnonzero(self.coupled)
        row = np.full(len(self.coupled), -1)
        row[members] = np.arange(len(members))
        made = [plans.made[self.coupled[plans.made]] for plans in self.rounds]
        rows = np.concatenate([row[each] for each in made])
        columns = np.arange(len(rows))
        one: Any = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(members), len(rows))).tocsr()
        loads: Any = csr_array(np.concatenate([plans.loads[each] for plans, each in zip(self.rounds, made, strict=True)]).T)
        cost = np.concatenate([plans.objective[each] for plans, each in zip(self.rounds, made, strict=True)])
        outside = self.skus[~self.coupled[self.skus]]
        left = np.maximum(self.limit - self.alone.loads[outside].sum(axis=0), 0.0)
        found: Any = linprog(cost, A_ub=loads, b_ub=left, A_eq=one, b_eq=np.ones(len(members)), method="highs-ds")
        if found.status != 0:
            raise AssertionError(f"A linear programme in which nothing has to move has a solution: {found.message}")
        shares = np.split(found.x, np.cumsum([len(each) for each in made])[:-1])
        reached = float(found.fun + self.alone.objective[outside].sum())
        return _Programme(self.coupled.copy(), shares, np.maximum(-found.ineqlin.marginals, 0.0), reached)

    def _whole(self, programme: _Programme, bound: float) -> Mixed:
        net = self.network
        whole = np.full(len(programme.coupled), -1)
        for at, (plans, share) in enumerate(zip(self.rounds, programme.shares, strict=False)):
            made = plans.made[programme.coupled[plans.made]]
            whole[made[share > 1 - DUST]] = at
        whole[self.skus[~programme.coupled[self.skus]]] = 0
        lots = np.zeros(len(net.sku), dtype=np.int64)
        for at, plans in enumerate(self.rounds):
            taken = (whole == at)[net.sku]
            lots[taken] = plans.lots[taken]
        return Mixed(lots, self.skus[whole[self.skus] < 0], bound)
