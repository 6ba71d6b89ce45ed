"""Which value of each parameter holds for each row: the most specific scope's, and of equals one for a time,
then the one that began last (ADR 0020).

Everything is an array over rows or a loop over what differs (targets, parameters), never over rows. Where all that was set is for all SKUs,
nothing of this runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np

from stockhub.alerts.parameters.candidates import SCOPES, Candidates, IntArray, candidates_of
from stockhub.pluginhost.row_parameters import ParametersByRow
from stockhub.snapshot.scopes import NONE, ScopedRows


@dataclass
class Resolution:
    """The parameters of every rule for rows (n,), from the candidates of a moment."""

    sku_ids: IntArray
    pool_ids: IntArray
    day: date
    candidates: Candidates

    @classmethod
    def at(cls, sku_ids: IntArray, pool_ids: IntArray, at: datetime, day: date) -> Resolution:
        return cls(sku_ids, pool_ids, day, candidates_of(np.unique(sku_ids), at))

    def of_rule(self, rule: str) -> ParametersByRow:
        """The distinct sets of parameters that somebody set, and which each row has; defaults are left to the rule."""
        own = np.flatnonzero(self.candidates.rule == rule) if len(self.candidates) else np.zeros(0, np.int64)
        names = sorted(set(self.candidates.parameter[own].tolist()))
        same: dict[str, Any] = {}
        differing: dict[str, IntArray] = {}
        for name in names:
            winner = self.winners(own[self.candidates.parameter[own] == name])
            if isinstance(winner, int):
                same[name] = json.loads(self.candidates.value[winner])
            else:
                differing[name] = winner
        if not differing:
            return ParametersByRow.same(same)
        return self._sets(same, differing)

    def winners(self, candidates: IntArray) -> int | IntArray:
        """The candidate that counts for each row (n,), `NONE` where none does; one number where it is the same without looking at rows."""
        scopes = self.candidates.scope[candidates]
        general = candidates[scopes == 0]
        everywhere = int(general[-1]) if len(general) else NONE
        if len(general) == len(candidates):
            return everywhere
        winner = np.full(len(self.sku_ids), everywhere, np.int64)
        for number, scope in enumerate(SCOPES[1:], start=1):
            of_scope = candidates[scopes == number]
            if len(of_scope):
                specific = self._rows.last_of(scope.value, self.candidates.target[of_scope], self.candidates.sku_class[of_scope], of_scope)
                winner = np.where(specific >= 0, specific, winner)
        return winner

    def _sets(self, same: Mapping[str, Any], differing: Mapping[str, IntArray]) -> ParametersByRow:
        """Rows with equal values share a set, whoever set them."""
        _texts, number_of = np.unique(self.candidates.value, return_inverse=True)
        group = np.zeros(len(self.sku_ids), np.int64)
        for winner in differing.values():
            value = np.append(number_of, NONE)[winner]  # the last is that of NONE
            _pairs, group = np.unique(group * (len(number_of) + 2) + value + 1, return_inverse=True)
        _groups, first = np.unique(group, return_index=True)
        sets = [
            {**same, **{name: json.loads(self.candidates.value[at]) for name, winner in differing.items() if (at := winner[row]) != NONE}}
            for row in first.tolist()
        ]
        return ParametersByRow(sets or [dict(same)], group if len(sets) > 1 else None)

    @cached_property
    def _rows(self) -> ScopedRows:
        return ScopedRows(self.sku_ids, self.pool_ids, self.day)
