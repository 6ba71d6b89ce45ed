"""Computed numbers on the wire: a Metric with its Explanation as a flat list that a client evaluates from front to back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated

import strawberry
from django.utils import translation

from stockhub import values
from stockhub.graphql.explanation_text import Names, spoken
from stockhub.graphql.labels import language
from stockhub.values.turning_points import next_turn, rejected


@strawberry.type(description="An exact amount in one currency.")
class Money:
    amount: Decimal = strawberry.field(description="At most six decimal places, as a string.")
    currency: str = strawberry.field(description="ISO 4217, such as CNY or USD.")


def money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=currency)


@strawberry.input(description="An exact amount in one currency.")
class MoneyInput:
    amount: Decimal = strawberry.field(description="At most six decimal places, as a string.")
    currency: str = strawberry.field(description="ISO 4217, such as CNY or USD.")


@strawberry.type(
    description="One step of a formula. `input` and `constant` have a value of their own; `where` gives its second argument where the "
    "first is not zero, else its third; every other operation has the meaning of its name. An operation on a missing number is missing."
)
class ExplanationNode:
    id: int = strawberry.field(description="Its place in the list, from 0.")
    op: str = strawberry.field(
        description="input, constant, where, add, sub, mul, div, neg, max, min, ceil, floor, sqrt, pow, gt, ge, lt, le, and, or."
    )
    name: str | None = strawberry.field(description="The slug of an input or of a named intermediate result.")
    label: str | None = strawberry.field(description="The name for a person, in the language of the request.")
    value: Decimal | None = strawberry.field(description="The number at this step; null where one that it needs is missing.")
    unit: str | None = strawberry.field(description="A unit of the glossary (unit, day, unit/day) or a currency.")
    source: str | None = strawberry.field(description="Where an input comes from: ledger, forecast, parameter:…")
    args: list[int] = strawberry.field(description="Ids of the arguments, in order; all of them come earlier in the list.")


@strawberry.type(description="A number that a formula could have given and did not.")
class RejectedNumber:
    name: str | None = strawberry.field(description="The slug of the number, where it has a name.")
    label: str | None = strawberry.field(description="The name for a person, in the language of the request.")
    value: Decimal | None = strawberry.field(description="What it would have been.")
    unit: str | None = strawberry.field(description="Its unit, where it has one of its own.")
    because: str = strawberry.field(description="What decided against it, in words and numbers.")


@strawberry.type(description="The smallest change of one fact that turns a comparison over, as a part of the fact itself.")
class NextChange:
    name: str = strawberry.field(description="The slug of the fact.")
    label: str | None = strawberry.field(description="Its name for a person, in the language of the request.")
    unit: str | None = strawberry.field(description="Its unit.")
    source: str | None = strawberry.field(description="Where it comes from.")
    value: Decimal | None = strawberry.field(description="What it is now.")
    at: Decimal | None = strawberry.field(description="Where the formula decides otherwise, all else as it is.")
    gives: Decimal | None = strawberry.field(description="What it gives beyond that; null where it would have no number.")


@strawberry.type(
    description="Why a number is what it is: evaluating the nodes from first to last gives the value at the root, the last one."
)
class Explanation:
    tree: strawberry.Private[values.Explanation]
    names: strawberry.Private[Names]

    @strawberry.field(description="What the formula gives; equal to the value of the last node.")
    def value(self) -> Decimal | None:
        return _decimal(self.tree.value)

    @strawberry.field(description="The formula in words and numbers, a line for each named step.")
    def text(
        self,
        language: Annotated[str | None, strawberry.argument(description="en or zh; without it, that of the request.")] = None,
    ) -> str:
        return spoken(self.tree, self.names, language or translation.get_language() or "en")

    @strawberry.field(description="The steps: arguments before what uses them, the root last. Equal steps appear once.")
    def nodes(self) -> list[ExplanationNode]:
        return flattened(self.tree, self.names)

    @strawberry.field(description="Numbers that the formula could have given and did not: branches not taken, the lesser of two.")
    def rejected(self) -> list[RejectedNumber]:
        told = language()
        return [
            RejectedNumber(
                name=each.number.name,
                label=_label(each.number, self.names),
                value=_decimal(each.number.value),
                unit=each.number.unit,
                because=spoken(each.condition, self.names, told),
            )
            for each in rejected(self.tree)
        ]

    @strawberry.field(description="What would change the decision first: null where no comparison decided, or no fact alone turns one.")
    def next_change(self) -> NextChange | None:
        turn = next_turn(self.tree)
        if turn is None:
            return None
        return NextChange(
            name=turn.moved.name or "",
            label=_label(turn.moved, self.names),
            unit=turn.moved.unit,
            source=turn.moved.source,
            value=_decimal(turn.moved.value),
            at=_decimal(turn.to),
            gives=_decimal(turn.gives),
        )


def _label(node: values.Explanation, names: Names) -> str | None:
    return names[node.name].text(language()) if node.name and node.name in names else None


def flattened(tree: values.Explanation, names: Names) -> list[ExplanationNode]:
    """The tree as a list in which every node comes after its arguments."""
    places: dict[object, int] = {}
    nodes: list[ExplanationNode] = []

    def place(node: values.Explanation) -> int:
        args = [place(a) for a in node.args]
        key = (node.op, node.name, node.unit, node.source, node.value, tuple(args))
        if key not in places:
            places[key] = len(nodes)
            label = names[node.name].text(language()) if node.name and node.name in names else None
            nodes.append(
                ExplanationNode(
                    id=places[key],
                    op=node.op,
                    name=node.name,
                    label=label,
                    value=_decimal(node.value),
                    unit=node.unit,
                    source=node.source,
                    args=args,
                )
            )
        return places[key]

    root = place(tree)
    if root != len(nodes) - 1:  # the root is also a part of itself: say it again, so that it is last
        last = nodes[root]
        nodes.append(ExplanationNode(**{**vars(last), "id": len(nodes)}))
    return nodes


Explain = Callable[[], tuple[values.Explanation, Mapping[str, values.Label]] | None]


@strawberry.type(description="A computed number. `value` is null exactly where `reason` says why there is none.")
class Metric:
    value: Decimal | None = strawberry.field(description="The number as a decimal string.")
    unit: str = strawberry.field(description="A unit of the glossary (unit, day, unit/day, ratio) or an ISO 4217 currency.")
    reason: str | None = strawberry.field(description="Why there is no number: NO_SALES, NO_COST, NO_FORECAST, …")
    as_of: dt.datetime | None = strawberry.field(description="The moment whose facts the number was made of.")
    explain_with: strawberry.Private[Explain | None] = None

    @strawberry.field(description="The formula and its inputs; null for a number that is stored as it is.")
    def explain(self) -> Explanation | None:
        explained = self.explain_with() if self.explain_with else None
        return Explanation(tree=explained[0], names=explained[1]) if explained else None


def _decimal(value: float | Decimal | None) -> Decimal | None:
    """A statistic's crossing to text: the shortest decimal that reads back as the same double."""
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(repr(float(value)))


def metric(
    value: float | Decimal | None, unit: str, *, as_of: dt.datetime | None, reason: str | None = None, explain: Explain | None = None
) -> Metric:
    """A Metric; a missing number without a reason of its own has NO_DATA."""
    number = _decimal(value)
    return Metric(value=number, unit=unit, reason=None if number is not None else (reason or "NO_DATA"), as_of=as_of, explain_with=explain)


def from_value(measured: values.Metric, names: Mapping[str, values.Label] | None = None) -> Metric:
    """A domain metric on the wire."""
    tree = measured.explanation
    explain: Explain | None = None if tree is None else (lambda: (tree, names or {}))
    return metric(measured.value, measured.unit, as_of=measured.as_of, reason=measured.reason, explain=explain)
