"""Parts that sum to the total."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values import AllocationError
from stockhub.values.allocation import allocate_units, round_together

weights = st.lists(st.one_of(st.integers(0, 1000), st.decimals(0, 1000, places=3), st.fractions(0, 1000)), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (10, [1, 1, 1], (4, 3, 3)),
        (11, [1, 1, 1], (4, 4, 3)),
        (-10, [1, 1, 1], (-4, -3, -3)),
        (0, [1, 2], (0, 0)),
        (100, [3], (100,)),
        (1, [0, 5, 5], (0, 1, 0)),
        (7, [Decimal("0.5"), Fraction(1, 3), 1], (2, 1, 4)),
        (1, [1, 2], (0, 1)),
        (3, [0, 1, 0], (0, 3, 0)),
    ],
)
def test_the_largest_remainder_gets_what_is_left_and_the_lowest_index_among_equals(
    total: int, shares: list[int | Decimal | Fraction], parts: tuple[int, ...]
) -> None:
    assert allocate_units(total, shares) == parts


@settings(max_examples=60, deadline=None)
@given(total=st.integers(-(10**12), 10**12), shares=weights)
def test_the_sum_is_kept_and_each_part_is_within_one_of_its_share(total: int, shares: list[int | Decimal | Fraction]) -> None:
    exact = [Fraction(share) for share in shares]
    if not any(exact):
        shares, exact = [1, *shares], [Fraction(1), *exact]
    parts = allocate_units(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, exact, strict=True):
        assert abs(part - total * share / sum(exact)) < 1
        assert part == 0 or share > 0
    assert allocate_units(-total, shares) == tuple(-part for part in parts)
    # Nobody who got nothing of the remainder had more of it than one who did.
    sign = -1 if total < 0 else 1
    remainders = [sign * total * share / sum(exact) % 1 for share in exact]
    extra = [sign * part - floor(sign * total * share / sum(exact)) for part, share in zip(parts, exact, strict=True)]
    got, rest = ([r for r, e in zip(remainders, extra, strict=True) if e == chosen] for chosen in (1, 0))
    assert not got or not rest or min(got) >= max(rest)


@settings(max_examples=60, deadline=None)
@given(shares=st.lists(st.fractions(-1000, 1000), max_size=10))
def test_shares_are_rounded_to_their_rounded_sum(shares: list[Fraction]) -> None:
    parts = round_together(shares)
    total = sum(shares, Fraction(0))
    sign = -1 if total < 0 else 1
    assert sum(parts) == sign * floor(abs(total) + Fraction(1, 2))
    assert all(abs(part - share) < 1 for part, share in zip(parts, shares, strict=True))


def test_a_half_in_the_sum_goes_away_from_zero() -> None:
    quarter = Fraction(1, 4)
    assert round_together([quarter, quarter]) == (1, 0)
    assert round_together([-quarter, -quarter]) == (-1, 0)
    assert round_together([]) == ()


@pytest.mark.parametrize(("shares", "code", "path"), [([], "no_weight", ("weights",)), ([0, 0], "no_weight", ("weights",))])
def test_nothing_to_divide_by_is_an_error(shares: list[int], code: str, path: tuple[str, ...]) -> None:
    with pytest.raises(AllocationError) as caught:
        allocate_units(10, shares)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_negative_weight_is_an_error_that_names_it() -> None:
    with pytest.raises(AllocationError) as caught:
        allocate_units(10, [3, Decimal("-0.5")])
    assert (caught.value.code, caught.value.path) == ("negative_weight", ("weights", "1"))
    assert caught.value.params == {"index": 1, "weight": "-0.5"}
    assert caught.value.message == "Weight 1 is -0.5: give weights of 0 or more."
