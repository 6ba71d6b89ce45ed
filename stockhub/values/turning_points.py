"""What a formula decided against, and what would change its mind: from the tree that is evaluated, and from nothing else (N4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stockhub.values.explanation import Explanation

_COMPARISONS: Final = frozenset({"gt", "ge", "lt", "le"})
#: Looked at at most: trees of hundreds of comparisons are sums over many things, of which none decides alone.
_MOST: Final = 20
#: An input is moved by this part of itself to see what it does, and by this part beyond a turning point to see that it turns there.
_STEP, _BEYOND = 1e-3, 1e-6


@dataclass(frozen=True, slots=True)
class Rejected:
    """A number that the formula could have given and did not. `condition` is what decided; of the larger of two it is the other one."""

    number: Explanation
    condition: Explanation


@dataclass(frozen=True, slots=True)
class Turn:
    """If `moved` alone went to `to`, the formula would decide otherwise and give `gives`; None where it would have no number."""

    moved: Explanation
    to: float
    gives: float | None


def rejected(tree: Explanation) -> list[Rejected]:
    """Branches that were not taken, and the lesser ones of two numbers, on the way that the formula went; each once, the root's first."""
    found = []
    for node in _decided(tree):
        if node.op == "where" and node.args[0].value is not None:
            condition, yes, no = node.args
            found.append(Rejected(no if condition.value else yes, condition))
        elif node.op in ("max", "min"):
            taken, other = node.args if node.args[0].value == node.value else node.args[::-1]
            if other.value != node.value:
                found.append(Rejected(other, taken))
    return found


def next_turn(tree: Explanation) -> Turn | None:
    """The smallest change, as a part of itself, of one fact that a comparison of the tree rests on which turns that comparison over.

    Parameters are no facts: they change when somebody wants it. None where no comparison decided, or no fact alone turns one. The turning
    point of what is not linear is looked for by one step along its slope, and told only where it holds.
    """
    inputs = {name: node.value for name, node in tree.inputs().items()}
    best: tuple[float, Turn] | None = None
    for comparison in [node for node in _decided(tree) if node.op in _COMPARISONS][:_MOST]:
        for name, moved in list(comparison.inputs().items())[:_MOST]:
            if moved.value is None or (moved.source or "").startswith("parameter"):
                continue
            to = _turning_point(comparison, inputs, name, moved.value)
            if to is None:
                continue
            turn = Turn(moved, float(f"{to[0]:.12g}"), tree.fill({**inputs, name: to[1]}).value)
            distance = abs(to[0] - moved.value) / max(abs(moved.value), 1.0)
            if best is None or distance < best[0]:
                best = (distance, turn)
    return best[1] if best else None


def _turning_point(comparison: Explanation, inputs: Mapping[str, float | None], name: str, value: float) -> tuple[float, float] | None:
    """Where the comparison turns, and a point just beyond; None where it does not, or only where a number of things is below 0."""
    step = max(abs(value), 1.0) * _STEP
    here, there = (_margin(comparison, {**inputs, name: at}) for at in (value, value + step))
    if here is None or there is None or there == here:
        return None
    to = value - here * step / (there - here)
    ahead = to - value if to != value else (1.0 if comparison.value else -1.0) * (here - there)
    beyond = to + (1.0 if ahead > 0 else -1.0) * max(abs(to), 1.0) * _BEYOND
    if (value >= 0 > to) or comparison.fill({**inputs, name: beyond}).value in (None, comparison.value):
        return None
    return to, beyond


def _margin(comparison: Explanation, inputs: Mapping[str, float | None]) -> float | None:
    left, right = (side.fill(inputs).value for side in comparison.args)
    return None if left is None or right is None else left - right


def _decided(tree: Explanation) -> Iterator[Explanation]:
    """The nodes on the way that the formula went, each once, the root first; a branch that was not taken is no part of it."""
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        waiting.extend(reversed(_taken(node)))


def _taken(node: Explanation) -> Sequence[Explanation]:
    if node.op != "where" or node.args[0].value is None:
        return node.args if node.op != "where" else node.args[:1]
    condition, yes, no = node.args
    return (condition, yes if condition.value else no)
