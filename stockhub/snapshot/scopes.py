"""Which of the things that people set for a category, a class, a stage, an account, a pool or a SKU is each row's (ADR 0020).

Everything is an array over rows or a loop over what differs (targets, categories), never over rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.snapshot.scope_facts import IntArray, SkuFacts, accounts_of_pools, facts_of, line_of, parents_of_categories

#: No candidate.
NONE = -1


@dataclass
class ScopedRows:
    """Rows (n,) of SKUs in pools, on a day. What their SKUs are is read once, and only where a scope asks for it."""

    sku_ids: IntArray
    pool_ids: IntArray
    day: date

    def last_of(self, scope: str, targets: IntArray, classes: NDArray[np.object_], candidates: IntArray) -> IntArray:
        """The last of the candidates (c,), numbers from 0 on, that is for each row (n,); `NONE` where none is.

        `scope` is category, class, stage, account, pool or sku; `targets` (c,) are ids of such, `classes` (c,) are in capitals.
        """
        if scope == "class":
            return self._by_class(classes, candidates)
        if scope == "category":
            return self._by_category(dict(zip(targets.tolist(), candidates.tolist(), strict=True)))
        if scope == "account":
            return self._by_account(dict(zip(targets.tolist(), candidates.tolist(), strict=True)))
        if scope == "stage":
            return _last_of(targets, candidates, self._facts.stage[self._of_row])
        return _last_of(targets, candidates, self.pool_ids if scope == "pool" else self.sku_ids)

    def _by_class(self, classes: NDArray[np.object_], candidates: IntArray) -> IntArray:
        last = dict(zip(classes.tolist(), candidates.tolist(), strict=True))
        known, number = np.unique(self._facts.sku_class.astype(str), return_inverse=True)
        return self._spread([last.get(each, NONE) for each in known.tolist()], number)

    def _by_category(self, last: Mapping[int, int]) -> IntArray:
        """Of a category and those above it, the nearest that somebody set something for."""
        categories, number = np.unique(self._facts.category, return_inverse=True)
        return self._spread([_first(last, line_of(each, self._parents)) for each in categories.tolist()], number)

    def _by_account(self, last: Mapping[int, int]) -> IntArray:
        """Of the accounts that a pool serves, the one whose candidate comes last."""
        pools, number = np.unique(self.pool_ids, return_inverse=True)
        found = [max((last.get(account, NONE) for account in self._accounts.get(each, ())), default=NONE) for each in pools.tolist()]
        return np.array(found, np.int64)[number] if found else np.full(len(self.sku_ids), NONE, np.int64)

    def _spread(self, found: list[int], number: NDArray[Any]) -> IntArray:
        """What was found for distinct values, for each row; `number` is the position of each SKU's value."""
        return np.array(found, np.int64)[number][self._of_row] if found else np.full(len(self.sku_ids), NONE, np.int64)

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
