"""Which limits make a plan impossible: the fewest whose lifting would make it possible."""

from collections.abc import Callable, Sequence
from itertools import combinations


def binding_limits(limits: Sequence[str], feasible_without: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """The smallest set of limits without which there is a plan, the first in the order of `limits` among equally small ones.

    Empty where there is a plan with all of them, and all of them where there is none even without any.
    """
    for size in range(len(limits) + 1):
        for lifted in combinations(limits, size):
            if feasible_without(frozenset(lifted)):
                return lifted
    return tuple(limits)
