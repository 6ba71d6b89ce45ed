"""Which value of each parameter holds for each row: the most specific scope's, and of equals the one that was set last (ADR 0020).

Everything is an array over rows or a loop over what differs (targets, parameters), never over rows. Where all that was set is for all SKUs,
nothing of this runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np

from stockhub.alerts.parameter_models import ParameterScope
from stockhub.alerts.parameters.candidates import SCOPES, Candidates, IntArray, candidates_of
from stockhub.alerts.parameters.facts import SkuFacts, accounts_of_pools, facts_of, line_of, parents_of_categories
from stockhub.pluginhost.row_parameters import ParametersByRow

#: No candidate.
NONE = -1


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
                specific = self._of_scope(scope, of_scope)
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

    # --- scopes ---------------------------------------------------------------------------------------------------------------

    def _of_scope(self, scope: ParameterScope, candidates: IntArray) -> IntArray:
        """The last candidate of the scope for each row (n,)."""
        if scope is ParameterScope.CLASS:
            return self._by_class(candidates)
        targets = self.candidates.target[candidates]
        if scope is ParameterScope.CATEGORY:
            return self._by_category(dict(zip(targets.tolist(), candidates.tolist(), strict=True)))
        if scope is ParameterScope.ACCOUNT:
            return self._by_account(dict(zip(targets.tolist(), candidates.tolist(), strict=True)))
        if scope is ParameterScope.STAGE:
            return _last_of(targets, candidates, self._facts.stage[self._of_row])
        return _last_of(targets, candidates, self.pool_ids if scope is ParameterScope.POOL else self.sku_ids)

    def _by_class(self, candidates: IntArray) -> IntArray:
        last = dict(zip(self.candidates.sku_class[candidates].tolist(), candidates.tolist(), strict=True))
        classes, number = np.unique(self._facts.sku_class.astype(str), return_inverse=True)
        found = np.array([last.get(each, NONE) for each in classes.tolist()], np.int64)
        return found[number][self._of_row] if len(found) else np.full(len(self.sku_ids), NONE, np.int64)

    def _by_category(self, last: Mapping[int, int]) -> IntArray:
        """Of a category and those above it, the nearest that somebody set something for."""
        categories, number = np.unique(self._facts.category, return_inverse=True)
        found = np.array([_first(last, line_of(each, self._parents)) for each in categories.tolist()], np.int64)
        return found[number][self._of_row] if len(found) else np.full(len(self.sku_ids), NONE, np.int64)

    def _by_account(self, last: Mapping[int, int]) -> IntArray:
        """Of the accounts that a pool serves, the one whose value was set last."""
        pools, number = np.unique(self.pool_ids, return_inverse=True)
        found = [max((last.get(account, NONE) for account in self._accounts.get(each, ())), default=NONE) for each in pools.tolist()]
        return np.array(found, np.int64)[number] if found else np.full(len(self.sku_ids), NONE, np.int64)

    @cached_property
    def _facts(self) -> SkuFacts:
        return facts_of(self.sku_ids)

    @cached_property
    def _of_row(self) -> IntArray:
        return self._facts.of(self.sku_ids)

    @cached_property
    def _parents(self) -> dict[int, int]:
        return parents_of_categories()

    @cached_property
    def _accounts(self) -> dict[int, list[int]]:
        return accounts_of_pools(self.day)


def _first(last: Mapping[int, int], categories: Iterator[int]) -> int:
    return next((last[category] for category in categories if category in last), NONE)


def _last_of(targets: IntArray, candidates: IntArray, keys: IntArray) -> IntArray:
    """The last of the candidates (c,) whose target is a row's key (n,); `NONE` where there is none."""
    known, first_from_the_end = np.unique(targets[::-1], return_index=True)
    last = candidates[::-1][first_from_the_end]
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, last[at], NONE)
