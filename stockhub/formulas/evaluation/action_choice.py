"""Which actions to take together: each counted once, within what there is to share out and within an amount of cash (N7).

A knapsack with shared resources. An option saves money, needs cash, and takes units of what others want too: the answer to one question is
taken once, spare units go to whoever gets them, and of two that exclude each other one is taken. Exact: by search where a handful of
options hang together, on CP-SAT where cash joins all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.integer_programme import MONEY_SCALE, TimeLimitError, money_scale, solve_in_order

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: Up to so many options that hang together are searched; more are a programme.
MOST_SEARCHED: Final = 14
#: A person waits for the answer.
CHOICE_SECONDS: Final = 4.0
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class ActionOption:
    """One thing that could be done: what it saves, the cash that it needs now, and how much it takes of what, by name.

    Amounts are of one currency, at least 0, with at most six decimal places.
    """

    saving: Decimal
    cash: Decimal
    takes: Mapping[Hashable, int]


@dataclass(frozen=True, slots=True)
class ActionChoice:
    """The positions of what is chosen, ascending, what that saves and needs together, and a sum that no choice can pass."""

    chosen: tuple[int, ...]
    saving: Decimal
    cash: Decimal
    bound: Decimal

    @property
    def gap(self) -> float:
        """How far the best there is may lie above, as a share of the bound; 0 where this is proven best."""
        return float((self.bound - self.saving) / self.bound) if self.bound > self.saving else 0.0


@dataclass(frozen=True, slots=True)
class NextAction:
    """What more money would bring first: an option by its position, the cash beyond the budget that it takes, and what it adds.

    What it would take the place of is given up: its cash is spent on this one, and its saving is not counted.
    """

    option: int
    extra_cash: Decimal
    extra_saving: Decimal

    @property
    def per_cash(self) -> Decimal:
        """What a unit of that money brings."""
        return self.extra_saving / self.extra_cash


def best_choice(
    options: Sequence[ActionOption],
    capacities: Mapping[Hashable, int] | None = None,
    *,
    budget: Decimal | None = None,
    seconds: float = CHOICE_SECONDS,
) -> ActionChoice:
    """What saves most together, of equals what needs least cash; without a budget as if there were cash for everything.

    There is 1 of what `capacities` does not name. InvalidParameterError for amounts and units below 0. Where the time ends first the
    choice is what was found, and `gap` says how far it may be from the best.
    """
    left = capacities or {}
    _check(options, left, budget)
    free = _without_budget(options, left, seconds)
    if budget is None or free.cash <= budget:
        return free
    return _within(options, left, budget, free.bound, seconds)


def next_action(
    options: Sequence[ActionOption], capacities: Mapping[Hashable, int], budget: Decimal, choice: ActionChoice
) -> NextAction | None:
    """The option that brings most for each unit of money beyond the budget, given the choice within it; None where none brings more."""
    best: NextAction | None = None
    chosen = set(choice.chosen)
    for place, option in enumerate(options):
        if place in chosen or option.saving <= 0:
            continue
        given_up = _given_up(options, capacities, chosen, option)
        if given_up is None:
            continue
        gain = option.saving - sum((options[each].saving for each in given_up), _NOTHING)
        extra = option.cash - sum((options[each].cash for each in given_up), _NOTHING) - (budget - choice.cash)
        if gain > 0 and extra > 0:
            found = NextAction(place, extra, gain)
            best = found if best is None or found.per_cash > best.per_cash else best
    return best


def excluded_by(options: Sequence[ActionOption], capacities: Mapping[Hashable, int], one: int, other: int) -> bool:
    """Whether two options cannot be taken together."""
    mine, its = options[one].takes, options[other].takes
    return any(units + its.get(name, 0) > capacities.get(name, 1) for name, units in mine.items() if its.get(name, 0))


def _check(options: Sequence[ActionOption], capacities: Mapping[Hashable, int], budget: Decimal | None) -> None:
    for option in options:
        for name, amount in (("saving", option.saving), ("cash", option.cash)):
            if not (amount.is_finite() and amount >= 0):
                raise InvalidParameterError(name, str(amount), "an amount of at least 0")
        if any(units < 0 for units in option.takes.values()):
            raise InvalidParameterError("takes", str(dict(option.takes)), "units of at least 0")
    if any(units < 0 for units in capacities.values()):
        raise InvalidParameterError("capacities", str(dict(capacities)), "units of at least 0")
    if budget is not None and not (budget.is_finite() and budget >= 0):
        raise InvalidParameterError("budget", str(budget), "an amount of at least 0")


def _without_budget(options: Sequence[ActionOption], capacities: Mapping[Hashable, int], seconds: float) -> ActionChoice:
    """Each group that hangs together for itself: what one of them chooses is nothing to another."""
    chosen: list[int] = []
    bound = _NOTHING
    for group in _groups(options):
        own = [options[place] for place in group]
        if len(group) > MOST_SEARCHED:
            found = _solved(own, capacities, None, sum((each.saving for each in own), _NOTHING), seconds)
        else:
            found = _searched(own, capacities)
        chosen += [group[place] for place in found.chosen]
        bound += found.bound
    return _told(options, sorted(chosen), bound)


def _groups(options: Sequence[ActionOption]) -> list[list[int]]:
    """The positions of options that share something, directly or by way of others; what saves nothing is in none."""
    group: dict[int, list[int]] = {}
    of_name: dict[Hashable, int] = {}
    for place, option in enumerate(options):
        if option.saving <= 0:
            continue
        group[place] = [place]
        for name in option.takes:
            before = of_name.setdefault(name, place)
            one, other = group[before], group[place]
            if one is not other:
                one += other
                for moved in other:
                    group[moved] = one
    return [sorted(each) for each in {id(found): found for found in group.values()}.values()]


def _searched(options: Sequence[ActionOption], capacities: Mapping[Hashable, int]) -> ActionChoice:
    """Every feasible choice that can still be the best, the one that saves most first."""
    order = sorted(range(len(options)), key=lambda place: (-options[place].saving, options[place].cash, place))
    rest = [_NOTHING] * (len(order) + 1)
    for at in range(len(order) - 1, -1, -1):
        rest[at] = rest[at + 1] + options[order[at]].saving
    best: list[tuple[Decimal, Decimal, tuple[int, ...]]] = [(_NOTHING, _NOTHING, ())]
    used: dict[Hashable, int] = {}

    def look(at: int, saving: Decimal, cash: Decimal, taken: tuple[int, ...]) -> None:
        if (saving, -cash) > (best[0][0], -best[0][1]):
            best[0] = (saving, cash, taken)
        if at == len(order) or saving + rest[at] < best[0][0]:
            return
        option = options[order[at]]
        if all(used.get(name, 0) + units <= capacities.get(name, 1) for name, units in option.takes.items()):
            for name, units in option.takes.items():
                used[name] = used.get(name, 0) + units
            look(at + 1, saving + option.saving, cash + option.cash, (*taken, order[at]))
            for name, units in option.takes.items():
                used[name] -= units
        look(at + 1, saving, cash, taken)

    look(0, _NOTHING, _NOTHING, ())
    return _told(options, sorted(best[0][2]), best[0][0])


def _within(
    options: Sequence[ActionOption], capacities: Mapping[Hashable, int], budget: Decimal, most: Decimal, seconds: float
) -> ActionChoice:
    """Only what can be paid at all and saves something takes part."""
    places = [place for place, option in enumerate(options) if option.saving > 0 and option.cash <= budget]
    own = [options[place] for place in places]
    most = min(most, sum((each.saving for each in own), _NOTHING))
    found = _solved(own, capacities, budget, most, seconds)
    return _told(options, [places[each] for each in found.chosen], found.bound)


def _solved(
    options: Sequence[ActionOption], capacities: Mapping[Hashable, int], budget: Decimal | None, most: Decimal, seconds: float
) -> ActionChoice:
    from ortools.sat.python import cp_model as cp

    model = cp.CpModel()
    flags = [model.new_bool_var(f"take {place}") for place in range(len(options))]
    for name in _names(options):
        users = [(flag, option.takes[name]) for flag, option in zip(flags, options, strict=True) if option.takes.get(name)]
        if sum(units for _flag, units in users) > capacities.get(name, 1):
            model.add(sum(flag * units for flag, units in users) <= capacities.get(name, 1))
    spend = sum((option.cash for option in options), _NOTHING)
    saving_scale, cash_scale = money_scale(float(most) + 1.0), money_scale(float(spend) + 1.0)
    # Cash is rounded up where it cannot be counted exactly: what is chosen can be paid.
    cash = _sum(flags, [-int(-option.cash * cash_scale // 1) for option in options])
    if budget is not None and budget < spend:
        model.add(cash <= int(budget * cash_scale))
    saving = _sum(flags, [int(option.saving * saving_scale) for option in options])
    start = _greedy(options, capacities, budget)
    try:
        found = solve_in_order(model, [-saving, cash], seconds=seconds, start=[int(place in start) for place in range(len(options))])
    except TimeLimitError:
        found = None
    if found is None:
        return _told(options, start, max(min(most, _fractional(options, budget)), _NOTHING))
    told = _told(options, [place for place, value in enumerate(found.values[: len(options)]) if value], _NOTHING)
    # What was cut off in counting comes on top of what the programme proves.
    cut = Decimal(0 if saving_scale == MONEY_SCALE else len(options)) / saving_scale
    proven = told.saving if found.gap == 0 else Decimal(str(-found.bound)) / saving_scale
    return replace(told, bound=max(min(most, proven + cut, _fractional(options, budget)), told.saving))


def _fractional(options: Sequence[ActionOption], budget: Decimal | None) -> Decimal:
    """What the budget would save if options could be taken in part and nothing excluded anything: no choice saves more (Dantzig)."""
    left, saving = budget, _NOTHING
    for option in sorted(options, key=_per_cash, reverse=True):
        if left is None or option.cash <= left:
            saving += option.saving
            left = None if left is None else left - option.cash
        else:
            # Rounded up to the last place that is counted.
            return saving + -(-option.saving * left * MONEY_SCALE // option.cash) / MONEY_SCALE
    return saving


def _sum(flags: Sequence[cp_model.IntVar], amounts: Sequence[int]) -> cp_model.LinearExprT:
    from ortools.sat.python import cp_model as cp

    return cp.LinearExpr.weighted_sum(flags, amounts)


def _greedy(options: Sequence[ActionOption], capacities: Mapping[Hashable, int], budget: Decimal | None) -> list[int]:
    """Something feasible to begin with: what saves most for its cash first, what needs none before all."""
    order = sorted(range(len(options)), key=lambda place: (-_per_cash(options[place]), -options[place].saving, place))
    used: dict[Hashable, int] = {}
    chosen, spent = [], _NOTHING
    for place in order:
        option = options[place]
        fits = all(used.get(name, 0) + units <= capacities.get(name, 1) for name, units in option.takes.items())
        if fits and (budget is None or spent + option.cash <= budget):
            chosen.append(place)
            spent += option.cash
            for name, units in option.takes.items():
                used[name] = used.get(name, 0) + units
    return sorted(chosen)


def _per_cash(option: ActionOption) -> Decimal:
    return option.saving / option.cash if option.cash else Decimal("Infinity")


def _given_up(
    options: Sequence[ActionOption], capacities: Mapping[Hashable, int], chosen: set[int], wanted: ActionOption
) -> set[int] | None:
    """What of the chosen has to go for another option, of several that would do what saves least; None where it would not fit at all."""
    gone: set[int] = set()
    for name, units in wanted.takes.items():
        users = sorted((place for place in chosen if options[place].takes.get(name)), key=lambda place: (options[place].saving, place))
        over = units + sum(options[place].takes[name] for place in users if place not in gone) - capacities.get(name, 1)
        for place in users:
            if over > 0 and place not in gone:
                gone.add(place)
                over -= options[place].takes[name]
        if over > 0:
            return None
    return gone


def _names(options: Sequence[ActionOption]) -> list[Hashable]:
    """What is taken, each once, in the order in which it is first named: the same programme every time."""
    return list(dict.fromkeys(name for option in options for name in option.takes))


def _told(options: Sequence[ActionOption], chosen: Sequence[int], bound: Decimal) -> ActionChoice:
    saving, cash = (sum((amount for amount in amounts), _NOTHING) for amounts in (
        [options[place].saving for place in chosen], [options[place].cash for place in chosen],
    ))  # fmt: skip
    return ActionChoice(tuple(chosen), saving, cash, bound)
