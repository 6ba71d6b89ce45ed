"""Which actions to take together, within what there is to share out and within an amount of cash (N7)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation import action_choice
from stockhub.formulas.evaluation.action_choice import ActionChoice, ActionOption, best_choice, excluded_by, next_action

D = Decimal


def option(saving: Decimal | str | int, cash: Decimal | str | int = 0, *takes: Hashable, **units: int) -> ActionOption:
    taken: dict[Hashable, int] = dict.fromkeys(takes, 1)
    taken.update(units)
    return ActionOption(D(saving), D(cash), taken)


def by_hand(options: Sequence[ActionOption], capacities: Mapping[Hashable, int], budget: Decimal | None) -> tuple[Decimal, Decimal]:
    """The most that any feasible choice saves, and the least cash that does it: all of them are looked at."""
    best = (D(0), D(0))
    for size in range(len(options) + 1):
        for places in combinations(range(len(options)), size):
            taken: dict[Hashable, int] = {}
            for place in places:
                for name, units in options[place].takes.items():
                    taken[name] = taken.get(name, 0) + units
            cash = sum((options[place].cash for place in places), D(0))
            if all(units <= capacities.get(name, 1) for name, units in taken.items()) and (budget is None or cash <= budget):
                best = max(best, (sum((options[place].saving for place in places), D(0)), -cash))
    return best[0], -best[1]


def test_n7_what_answers_the_same_question_is_taken_once() -> None:
    found = best_choice([option(300, 1000, "red"), option(250, 0, "red"), option(40, 10, "blue")])
    assert found == ActionChoice((0, 2), D(340), D(1010), D(340))


def test_n7_one_surplus_is_shared_out_and_not_promised_twice() -> None:
    options = [option(90, 0, "a", spare=60), option(80, 0, "b", spare=50), option(30, 0, "c", spare=40)]
    assert best_choice(options, {"spare": 100}).chosen == (0, 2)
    assert best_choice(options, {"spare": 110}).chosen == (0, 1)
    assert best_choice(options, {"spare": 49}).chosen == (2,)
    assert excluded_by(options, {"spare": 100}, 0, 1)
    assert not excluded_by(options, {"spare": 110}, 0, 1)


def test_n7_of_two_that_save_the_same_the_one_that_needs_less_cash_is_taken() -> None:
    assert best_choice([option(50, 20, "x"), option(50, 10, "x")]).chosen == (1,)
    assert best_choice([option(50, 20, "x"), option(50, 10, "x"), option(9, 25)], budget=D(30)).chosen == (1,)


def test_n7_a_budget_is_spent_on_what_saves_most_together_and_not_on_what_saves_most_for_its_cash() -> None:
    # By saving for cash 60/10 comes first, and leaves too little for the two that save 100 each.
    options = [option(60, 10), option(100, 20), option(120, 30)]
    found = best_choice(options, budget=D(50))
    assert found == ActionChoice((1, 2), D(220), D(50), D(220))
    assert found.gap == 0


def test_n7_the_next_unit_of_money_brings_what_it_adds_less_what_it_takes_the_place_of() -> None:
    options = [option(60, 10), option(100, 20), option(120, 30)]
    found = best_choice(options, budget=D(55))
    following = next_action(options, {}, D(55), found)
    assert following is not None
    # 5 are left of 55, so 5 more pay for it.
    assert (following.option, following.extra_cash, following.extra_saving, following.per_cash) == (0, D(5), D(60), D(12))
    # A dearer answer to the same question gives its place up: 40 of its cash are there already.
    same = [option(30, 40, "red"), option(90, 100, "red")]
    following = next_action(same, {}, D(50), best_choice(same, budget=D(50)))
    assert following is not None
    assert (following.option, following.extra_cash, following.extra_saving) == (1, D(50), D(60))
    everything = best_choice(options, budget=D(60))
    assert everything.chosen == (0, 1, 2)
    assert next_action(options, {}, D(60), everything) is None


def test_n7_without_money_only_what_needs_none_is_done() -> None:
    assert best_choice([option(5, 0), option(50, "0.01")], budget=D(0)).chosen == (0,)
    assert best_choice([], budget=D(10)) == ActionChoice((), D(0), D(0), D(0))
    assert best_choice([option(0, 0)]).chosen == ()


@pytest.mark.parametrize(
    ("options", "budget"),
    [([option(-1)], None), ([option(1, -1)], None), ([option(1, 1, x=-1)], None), ([option(1, 1)], D(-1)), ([option(1, 1)], D("NaN"))],
)
def test_n7_amounts_below_nothing_are_refused(options: list[ActionOption], budget: Decimal | None) -> None:
    with pytest.raises(InvalidParameterError):
        best_choice(options, budget=budget)


_AMOUNT = st.integers(0, 400).map(lambda cents: D(cents) / 4)
_OPTION = st.builds(
    ActionOption, _AMOUNT, _AMOUNT, st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), max_size=2).map(dict)
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_OPTION, max_size=8), st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4)), st.none() | _AMOUNT)
def test_n7_no_other_choice_saves_more(options: list[ActionOption], capacities: dict[Hashable, int], budget: Decimal | None) -> None:
    found = best_choice(options, capacities, budget=budget)
    saving, cash = by_hand(options, capacities, budget)
    assert (found.saving, found.bound) == (saving, saving)
    # What saves nothing is not done, and of equals the cheapest is.
    assert found.cash == cash
    assert found.gap == 0
    if budget is not None:
        following = next_action(options, capacities, budget, found)
        if following is not None:
            more = best_choice(options, capacities, budget=budget + following.extra_cash)
            assert more.saving >= found.saving + following.extra_saving


def test_n7_search_and_programme_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    options = [option(10 + place % 7, place, f"line {place // 2}", spare=1 + place % 3) for place in range(12)]
    searched = best_choice(options, {"spare": 9})
    monkeypatch.setattr(action_choice, "MOST_SEARCHED", 0)
    solved = best_choice(options, {"spare": 9})
    assert (solved.saving, solved.cash, solved.bound) == (searched.saving, searched.cash, searched.bound)


def test_n7_three_hundred_actions_are_chosen_from_exactly_and_a_time_that_ends_first_says_how_far_it_may_be() -> None:
    options = [
        option(D(100 + (place * 7919) % 5000) / 10, D(1000 + (place * 104729) % 90000) / 100, f"{place // 2}") for place in range(300)
    ]
    budget = D(20000)
    found = best_choice(options, budget=budget)
    assert found.gap == 0
    assert found.cash <= budget
    assert found.bound == found.saving
    hurried = best_choice(options, budget=budget, seconds=0.001)
    assert hurried.saving <= found.saving <= hurried.bound
    assert hurried.cash <= budget
