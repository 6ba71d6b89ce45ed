"""Sentences of connectors in the reader's language (U20)."""

from __future__ import annotations

import pytest

from stockhub.values.phrasebook import Phrasebook

BOOK = Phrasebook(
    {
        "{operation}: {what} ({code} {reason})": "{operation}：{what}（{code} {reason}）",
        "It is late.": "太晚了。",
        "{a} and {b} differ.": "{a}与{b}不同。",
        "{name} is missing.": "缺少{name}。",
        "{name} of the order is missing.": "订单缺少{name}。",
        "Nothing at all.": "什么都没有。",
    }
)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It is late.", "太晚了。"),
        ("order.list: It is late. (30001 isv.x)", "order.list：太晚了。（30001 isv.x）"),
        # A platform that gives a code and no reason.
        ("order.list: It is late. (30001 )", "order.list：太晚了。（30001 ）"),
        ("A and B differ.", "A与B不同。"),
        # The more particular sentence counts.
        ("price of the order is missing.", "订单缺少price。"),
        ("price is missing.", "缺少price。"),
        ("two\nlines is missing.", "缺少two\nlines。"),
        ("", ""),
        ("Somebody said something else.", "Somebody said something else."),
        ("x: Somebody said something else. (1 y)", "x：Somebody said something else.（1 y）"),
        # A value with the shape of a place stays a value.
        ("{b} and {a} differ.", "{b}与{a}不同。"),
    ],
)
def test_u20_a_text_is_told_as_far_as_the_book_has_it(english: str, chinese: str) -> None:
    assert BOOK.told(english) == chinese


def test_u20_a_place_that_the_english_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="has places that it has not"):
        Phrasebook({"{a} is late.": "{b}晚了。"})


def test_u20_a_place_that_is_named_twice_takes_the_same_twice() -> None:
    book = Phrasebook({"{a} is {a}.": "{a}就是{a}。"})
    assert book.told("x is x.") == "x就是x。"
    assert book.told("x is y.") == "x is y."
