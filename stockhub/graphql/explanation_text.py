"""A formula as a person reads it: a line for each named step, with names, then with numbers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation

from stockhub.alerts.units import answer_text
from stockhub.values import Explanation, Label

Names = Mapping[str, Label]

_INFIX = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
_BINDING = {"gt": 0, "ge": 0, "lt": 0, "le": 0, "add": 1, "sub": 1, "mul": 2, "div": 2}
_WORDS = {
    "and": Label("both", "且"),
    "or": Label("either", "或"),
    "where": Label("if", "若"),
    "max": Label("larger", "较大"),
    "min": Label("smaller", "较小"),
    "ceil": Label("rounded up", "向上取整"),
    "floor": Label("rounded down", "向下取整"),
    "pow": Label("power", "幂"),
    "exp": Label("exp", "exp"),
    "log": Label("ln", "ln"),
    "sum": Label("sum of", "合计"),
    "missing": Label("unknown", "未知"),
    "result": Label("Result", "结果"),
}
#: Beyond this a line is cut: it is meant to be read.
_LONGEST = 600


def spoken(tree: Explanation, names: Names, language: str) -> str:
    """`Shortage = Demand + Safety stock − Position = 120 + 30 − 50 = 100 unit`, a line for each named step."""
    writer = _Writer(names, language)
    steps: dict[object, Explanation] = {}
    for node in tree.walk():
        if node.args and (node.name or node is tree):
            steps.setdefault((node.name, node.value, node.op), node)
    if not steps:
        return f"{writer.name_of(tree)} = {writer.number(tree)}"
    return "\n".join(writer.line(node) for node in steps.values())


class _Writer:
    def __init__(self, names: Names, language: str) -> None:
        self.names = names
        self.language = language

    def word(self, key: str) -> str:
        """An operation in words; a function that a formula registered goes by its own name."""
        return _WORDS[key].text(self.language) if key in _WORDS else key.replace("_", " ")

    def name_of(self, node: Explanation) -> str:
        if node.name is None:
            return self.word("result")
        label = self.names.get(node.name)
        return label.text(self.language) if label else node.name.replace("_", " ")

    def line(self, node: Explanation) -> str:
        answer = self.answer(node, node.unit)
        parts = [self.name_of(node), self.body(node, numbers=False), self.body(node, numbers=True), answer or self.number(node)]
        unique = [p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1]]
        unit = f" {node.unit}" if node.unit and not answer else ""
        return " = ".join(p if len(p) <= _LONGEST else p[:_LONGEST] + " …" for p in unique) + unit

    def answer(self, node: Explanation, unit: str | None) -> str:
        """The words that a number of such a unit stands for; empty for any other unit."""
        with translation.override("zh-hans" if self.language.startswith("zh") else "en"):
            return answer_text(node.value, unit)

    def number(self, node: Explanation) -> str:
        return self.word("missing") if node.value is None else f"{node.value:,.6g}" if abs(node.value) < 1e6 else f"{node.value:,.2f}"

    def part(self, node: Explanation, *, numbers: bool, binding: int, unit: str | None = None) -> str:
        """An argument: a leaf or a named step by its name or number, else the operation itself; an answer of the `unit` in words."""
        if node.op == "constant" and (answer := self.answer(node, unit)):
            return answer
        if node.op == "constant" or (numbers and (node.op == "input" or node.name)):
            return self.number(node)
        if node.op == "input" or node.name:
            return self.name_of(node)
        text = self.body(node, numbers=numbers, unit=unit)
        return f"({text})" if _BINDING.get(node.op, 9) < binding else text

    def body(self, node: Explanation, *, numbers: bool, unit: str | None = None) -> str:
        if node.op in _INFIX:
            mine = _BINDING[node.op]
            left, right = node.args
            # Subtraction and division do not associate, so their right side needs brackets of its own rank.
            strict = mine + (node.op in ("sub", "div"))
            return f"{self.part(left, numbers=numbers, binding=mine)} {_INFIX[node.op]} {self.part(right, numbers=numbers, binding=strict)}"
        # Of a choice both outcomes are of the result's kind, the condition is not.
        of = (node.unit or unit) if node.op == "where" else None
        inner = [self.part(a, numbers=numbers, binding=0, unit=of if place else None) for place, a in enumerate(node.args)]
        if node.op == "neg":
            return f"−{self.part(node.args[0], numbers=numbers, binding=2)}"
        if node.op == "sqrt":
            return f"√({inner[0]})"
        return f"{self.word(node.op)}({', '.join(inner)})"
