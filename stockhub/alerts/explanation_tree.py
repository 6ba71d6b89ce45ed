"""An explanation as a person reads it: named results, each with its formula in words and what goes into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, gettext_noop

from stockhub.alerts.formula_names import name_of_formula, name_of_source, name_of_unit
from stockhub.alerts.units import amount_of_unit, answer_text
from stockhub.values import Explanation, Label

#: Constants this small only keep rounding honest; a reader is better off without them.
_NEGLIGIBLE = 1e-6
_INFIX = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "pow": "^", "gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
#: How strongly an operation binds, so that brackets stand only where they are needed.
_STRENGTH = {"gt": 1, "ge": 1, "lt": 1, "le": 1, "add": 2, "sub": 2, "mul": 3, "div": 3, "pow": 4}
_ATOM = 9
#: Operations that are told in words, over what they are applied to: a, b and c.
_WORDS = {
    "max": gettext_noop("the larger of %(a)s and %(b)s"),
    "min": gettext_noop("the smaller of %(a)s and %(b)s"),
    "ceil": gettext_noop("%(a)s, rounded up"),
    "floor": gettext_noop("%(a)s, rounded down"),
    "sqrt": gettext_noop("the square root of %(a)s"),
    "exp": gettext_noop("e to the power of %(a)s"),
    "log": gettext_noop("the natural logarithm of %(a)s"),
    "and": gettext_noop("%(a)s and %(b)s"),
    "or": gettext_noop("%(a)s or %(b)s"),
    "where": gettext_noop("%(b)s if %(a)s, else %(c)s"),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One named number: a result with its formula and parts, or an input with its source."""

    name: str
    amount: str
    formula: str
    source: str
    #: Whether it is unknown and so is what it goes into: an unknown part of a known number had no say.
    is_missing: bool
    parts: tuple[Branch, ...]


def tree_of(node: Explanation, labels: dict[str, Label], *, name: str = "", unit: str = "", matters: bool = True) -> Branch:
    """The tree under a node. A part that occurs twice is drawn once under each result that uses it."""
    own, missing = name or _name(node, labels), matters and node.value is None
    parts = () if node.op == "input" else tuple(tree_of(part, labels, matters=missing) for part in _named_parts(node))
    return Branch(
        name=own,
        amount=_amount(node, unit),
        formula="" if node.op in ("input", "constant") else _formula(node, labels, top=True)[0],
        source=name_of_source(node.source) if node.source else "",
        is_missing=missing,
        parts=parts,
    )


def deciding_parts(node: Explanation, labels: dict[str, Label]) -> tuple[Branch, ...]:
    """The numbers that decided: those of a branch that was not taken, and what does not hold, say nothing about why.

    A number that only hands on another one is seen through.
    """
    parts = [part for part in _named_parts(node, taken=True) if part.unit != "flag" or part.value]
    if len(parts) == 1 and parts[0].value == node.value:
        return deciding_parts(parts[0], labels) or (tree_of(parts[0], labels),)
    return tuple(tree_of(part, labels) for part in parts)


def _named_parts(node: Explanation, *, taken: bool = False) -> Iterable[Explanation]:
    """The nearest named nodes below, each once, in the order of the formula; `taken` leaves out the branches that were not."""
    seen: dict[tuple[str, float | None], Explanation] = {}

    def look(parent: Explanation) -> None:
        for arg in _taken(parent) if taken else parent.args:
            if arg.name:
                seen.setdefault((arg.name, arg.value), arg)
            else:
                look(arg)

    look(node)
    return seen.values()


def _taken(node: Explanation) -> Sequence[Explanation]:
    if node.op != "where" or node.args[0].value is None:
        return node.args
    condition, then, otherwise = node.args
    return (condition, then if condition.value else otherwise)


def _formula(node: Explanation, labels: dict[str, Label], *, top: bool = False, unit: str = "") -> tuple[str, int]:
    """The text of a node and how strongly it binds. A constant that stands for an answer of the result's `unit` is told in words."""
    if node.op == "constant":
        return answer_text(node.value, unit) or (f"{node.value:g}" if node.value is not None else "?"), _ATOM
    if node.op == "input" or (node.name and not top):
        return _name(node, labels), _ATOM
    args = [arg for arg in node.args if not _is_negligible(arg)] if node.op in ("add", "sub") else list(node.args)
    if len(args) == 1 and node.op in ("add", "sub"):
        return _formula(args[0], labels)
    return _operation(node.op, args, labels, node.unit or unit)


def _operation(op: str, args: list[Explanation], labels: dict[str, Label], unit: str) -> tuple[str, int]:
    if op in _INFIX:
        strength = _STRENGTH[op]
        left = _bracketed(_formula(args[0], labels), strength)
        # The right side of − and ÷ needs brackets even around its equals.
        right = _bracketed(_formula(args[1], labels), strength + (op in ("sub", "div", "pow")))
        return f"{left} {_INFIX[op]} {right}", strength
    if op == "neg":
        return "−" + _bracketed(_formula(args[0], labels), 3), 3
    if op == "sum":
        return " + ".join(_bracketed(_formula(arg, labels), _STRENGTH["add"]) for arg in args), _STRENGTH["add"]
    # Of a choice both outcomes are of the result's kind, the condition is not.
    texts = [_formula(arg, labels, unit=unit if op == "where" and place else "")[0] for place, arg in enumerate(args)]
    if op in _WORDS:
        return gettext(_WORDS[op]) % dict(zip("abc", texts, strict=False)), 0
    # A function that a formula registered goes by its own name.
    return f"{op.replace('_', ' ')}({', '.join(texts)})", _ATOM


def _bracketed(text: tuple[str, int], strength: int) -> str:
    return f"({text[0]})" if text[1] < strength else text[0]


def _is_negligible(node: Explanation) -> bool:
    return node.op == "constant" and node.value is not None and 0 < abs(node.value) < _NEGLIGIBLE


def _name(node: Explanation, labels: dict[str, Label]) -> str:
    if not node.name:
        return ""
    if label := labels.get(node.name):
        return label.text(get_language() or "en")
    return name_of_formula(node.name)


def _amount(node: Explanation, unit: str) -> str:
    if node.value is None:
        return gettext("unknown")
    of = node.unit or unit
    if of == "flag":
        return gettext("yes") if node.value else gettext("no")
    known = name_of_unit(of)
    return amount_of_unit(node.value, of) if known is None else f"{node.value:,.2f} {known}".strip()
