"""Changes are read in order of their change: none is skipped, whatever happens in between, and no answer can make it go on for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.pluginapi.connectors import ReadRequest, UnreadableAnswerError
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.windows import SIZE, Fetch, Place, Slice, Step, place_of, read_changes, update_time

NOW = 1_772_337_600
AT = datetime.fromtimestamp(NOW, UTC)


def config(**more: int) -> DouyinAccountConfig:
    return DouyinAccountConfig.model_validate({"app_key": "k", "app_secret": "s", "shop_id": "1", "overlap_minutes": 10} | more)


class Store:
    """Rows by time of change. `opens`: its windows leave out their first second; `orderly`: rows come in order."""

    def __init__(self, times: Sequence[int], *, opens: bool = False, orderly: bool = True, depth: int = 10_000) -> None:
        self.rows = dict(enumerate(times))
        self.opens, self.orderly, self.depth = opens, orderly, depth
        self.asked: list[tuple[int, int, int]] = []

    def __call__(self, since: int, until: int, page: int) -> Slice:
        self.asked.append((since, until, page))
        assert (page + 1) * SIZE <= self.depth
        first = since + 1 if self.opens else since
        found = sorted(((at, number) for number, at in self.rows.items() if first <= at <= until), reverse=not self.orderly)
        rows = [{"id": number, "update_time": at} for at, number in found[page * SIZE : (page + 1) * SIZE]]
        return Slice(rows, len(found))


def steps(store: Fetch, since: int, **more: int) -> Iterator[Step]:
    return read_changes(store, update_time, Place(since), AT, config(**more))


def ids(read: Sequence[Step]) -> set[int]:
    return {row["id"] for step in read for row in step.rows}


@given(
    st.lists(st.one_of(st.integers(0, 40), st.integers(0, 90_000)), max_size=500),
    st.booleans(),
    st.booleans(),
    st.sampled_from([1, 24, 100]),
)
@settings(deadline=None)
def test_all_is_read_whatever_the_density_the_ends_and_the_order(ages: list[int], opens: bool, orderly: bool, hours: int) -> None:  # noqa: FBT001 - hypothesis gives them
    store = Store([NOW - age for age in ages], opens=opens, orderly=orderly)
    read = list(steps(store, NOW - 90_001, window_hours=hours))
    assert ids(read) == set(store.rows)
    cursors = [step.place.cursor() for step in read]
    assert len(set(cursors)) == len(cursors)
    assert [step.is_last for step in read] == [False] * (len(read) - 1) + [True]
    assert read[-1].told_until == NOW


def test_a_row_that_moves_on_makes_no_other_one_be_skipped() -> None:
    """Paging by number skips one here: 101 to 200 move up when the first hundred change."""
    store = Store([NOW - 10_000 + number for number in range(250)])
    reading = steps(store, NOW - 20_000)
    first = next(reading)
    for number in range(100):
        store.rows[number] = NOW
    assert ids([first, *reading]) == set(range(250))


def test_a_reading_goes_on_from_any_of_its_cursors() -> None:
    store = Store([NOW - 9_000 + number // 3 for number in range(700)])
    whole = list(steps(store, NOW - 20_000))
    for number, step in enumerate(whole[:-1]):
        place = place_of(ReadRequest(cursor=step.place.cursor()), AT, config())
        rest = list(read_changes(store, update_time, place, AT, config()))
        assert ids(whole[: number + 1]) | ids(rest) == set(store.rows)


def test_the_next_reading_reaches_back_by_the_overlap() -> None:
    last = list(steps(Store([NOW - 5]), NOW - 100, overlap_minutes=10))[-1]
    assert place_of(ReadRequest(cursor=last.place.cursor()), AT, config()) == Place(NOW - 600)


def test_a_dense_second_is_paged_and_a_denser_one_is_an_error() -> None:
    assert ids(list(steps(Store([NOW - 50] * 950), NOW - 100))) == set(range(950))
    with pytest.raises(UnreadableAnswerError) as raised:
        list(steps(Store([NOW - 50] * 950, depth=500), NOW - 100, deepest_row=500))
    assert raised.value.code == "too_deep"


def test_windows_without_order_are_halved_where_they_are_deep() -> None:
    store = Store([NOW - 80_000 + number * 80 for number in range(900)], orderly=False, depth=300)
    assert ids(list(steps(store, NOW - 86_000, deepest_row=300))) == set(range(900))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Slice([], 5), "empty_page"),
        (Slice([{"update_time": NOW - 100}] * 3, 8), "short_page"),
        (Slice([{"update_tme": 1}], 1), "renamed_field"),
        (Slice([{"update_time": "NaN"}], 1), "renamed_field"),
    ],
)
def test_an_answer_that_contradicts_itself_is_asked_for_again(answer: Slice, code: str) -> None:
    with pytest.raises(UnreadableAnswerError) as raised:
        list(steps(lambda *_window: answer, NOW - 100))
    assert raised.value.code == code


def test_a_platform_that_gives_the_same_page_for_ever_is_left() -> None:
    """However the rows are told, each step goes on in time or in pages, and pages end."""
    page = [{"update_time": NOW - 50}] * SIZE
    asked = 0

    def endless(_since: int, _until: int, _page: int) -> Slice:
        nonlocal asked
        asked += 1
        return Slice(page, 10**9)

    with pytest.raises(UnreadableAnswerError):
        list(steps(endless, NOW - 100, deepest_row=1_000))
    assert asked < 50


@pytest.mark.parametrize("cursor", ["nonsense", "[1]", '[1,2,3,"x"]', "{}", "[1,2,3,9]"])
def test_a_cursor_of_something_else_is_said_to_be_one(cursor: str) -> None:
    with pytest.raises(UnreadableAnswerError, match="cannot be read"):
        place_of(ReadRequest(cursor=cursor), AT, config())
