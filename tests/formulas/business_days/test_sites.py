"""Business days over time zones: what Python's own zones say, one by one and in arrays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.business_days import sites
from stockhub.formulas.business_days.sites import (
    business_day,
    business_days,
    day_bounds,
    day_hours,
    day_start,
    day_starts,
    local_time,
    site_zone,
    utc_offsets,
)
from stockhub.formulas.errors import InvalidParameterError

PACIFIC = "America/Los_Angeles"
#: With changes at midnight and before it, of half an hour and a whole day, on both sides of the equator, and none at all.
ZONES = [
    PACIFIC,
    "Asia/Shanghai",
    "Europe/London",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Toronto",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Beirut",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "UTC",
]
zones = st.sampled_from(ZONES)
instants = st.integers(-2_000_000_000, 3_000_000_000)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-03-08T07:59:59", PACIFIC, "2026-03-07"),
        ("2026-03-08T08:00:00", PACIFIC, "2026-03-08"),
        ("2026-03-09T06:59:59", PACIFIC, "2026-03-08"),
        ("2026-03-09T07:00:00", PACIFIC, "2026-03-09"),
        ("2026-11-02T07:59:59", PACIFIC, "2026-11-01"),
        ("2026-06-30T16:00:00", "Asia/Shanghai", "2026-07-01"),
        ("2011-12-30T09:59:59", "Pacific/Apia", "2011-12-29"),
        ("2011-12-30T10:00:00", "Pacific/Apia", "2011-12-31"),
    ],
)
def test_the_day_is_that_of_a_clock_at_the_site(instant: str, zone: str, day: str) -> None:
    assert business_day(utc(instant), zone) == date.fromisoformat(day)
    assert business_days(np.array([instant], "datetime64[us]"), zone).tolist() == [date.fromisoformat(day)]


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    shanghai = datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=8)))
    assert local_time(shanghai, PACIFIC).isoformat() == "2026-06-30T10:30:00-07:00"
    assert business_day(shanghai, PACIFIC) == date(2026, 6, 30)


def test_the_hour_that_comes_twice_has_a_fold() -> None:
    first, second = (local_time(utc(f"2026-11-01T0{hour}:30:00"), PACIFIC) for hour in (8, 9))
    assert (first.hour, first.fold, second.hour, second.fold) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        ("2026-03-08", PACIFIC, "2026-03-08T08:00:00", 23.0),
        ("2026-11-01", PACIFIC, "2026-11-01T07:00:00", 25.0),
        ("2026-05-01", "Asia/Shanghai", "2026-04-30T16:00:00", 24.0),
        ("2026-10-04", "Australia/Lord_Howe", "2026-10-03T13:30:00", 23.5),
        # Midnight is skipped: clocks jump from 00:00 to 01:00.
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00", 23.0),
        # Midnight comes twice: clocks go back from 01:00 to 00:00.
        ("2023-11-05", "America/Havana", "2023-11-05T04:00:00", 25.0),
        # Midnight lies in the middle of a gap: clocks jumped from 23:30 to 00:30.
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00", 23.5),
        ("1919-03-30", "America/Toronto", "1919-03-30T05:00:00", 23.5),
        # A day that was left out, and those beside it.
        ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00", 24.0),
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00", 0.0),
        ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00", 24.0),
    ],
)
def test_a_day_starts_at_its_first_instant(day: str, zone: str, start: str, hours: float) -> None:
    at = date.fromisoformat(day)
    assert day_bounds(at, zone) == (utc(start), utc(start) + timedelta(hours=hours))
    assert day_hours(at, zone) == hours
    assert day_starts(np.array([day], "datetime64[D]"), zone).tolist() == [datetime.fromisoformat(start)]


@settings(max_examples=60, deadline=None)
@given(seconds=st.lists(instants, min_size=1, max_size=6), zone=zones)
def test_arrays_say_what_single_instants_say(seconds: list[int], zone: str) -> None:
    at = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second) for second in seconds]
    array = np.array(seconds, np.int64).astype("datetime64[s]")
    assert business_days(array, zone).tolist() == [business_day(instant, zone) for instant in at]
    expected = [instant.astimezone(ZoneInfo(zone)).utcoffset() for instant in at]
    assert utc_offsets(array, zone).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(day=st.dates(date(1900, 1, 1), date(2060, 12, 30)), zone=zones)
def test_bounds_hold_the_day(day: date, zone: str) -> None:
    start, end = day_bounds(day, zone)
    second = timedelta(seconds=1)
    assert day_hours(day, zone) in (0.0, 22.5, 23.0, 23.5, 24.0, 24.5, 25.0) or day.year < 1950
    if start < end:
        assert business_day(start, zone) == day
    assert business_day(start - second, zone) < day
    assert business_day(end, zone) > day
    assert business_day(end - second, zone) <= day


def test_a_year_has_no_gaps_and_no_overlaps() -> None:
    days = np.arange("2026-01-01", "2027-01-02", dtype="datetime64[D]")
    for zone in ZONES:
        starts = day_starts(days, zone)
        lengths = np.diff(starts).astype("timedelta64[m]").astype(int) / 60
        assert lengths.sum() == (day_start(date(2027, 1, 1), zone) - day_start(date(2026, 1, 1), zone)) / timedelta(hours=1)
        assert sorted(set(lengths.tolist())) in ([24.0], [23.0, 24.0, 25.0], [23.5, 24.0, 24.5])
        np.testing.assert_array_equal(business_days(starts, zone), days)
        np.testing.assert_array_equal(business_days(starts - np.timedelta64(1, "s"), zone), days - 1)


def test_unknown_instants_stay_unknown() -> None:
    given = np.array(["NaT", "2026-03-08T08:00:00"], "datetime64[ms]")
    assert np.isnat(business_days(given, PACIFIC)).tolist() == [True, False]
    assert np.isnat(business_days(given[:1], PACIFIC)).tolist() == [True]
    assert np.isnat(day_starts(given.astype("datetime64[D]"), PACIFIC)).tolist() == [True, False]
    assert business_days(given[:0], PACIFIC).dtype == np.dtype("datetime64[D]")
    assert day_starts(np.array([], "datetime64[D]"), PACIFIC).shape == (0,)


def test_any_shape_and_any_precision() -> None:
    given = np.array([["1969-12-31T07:59:59.999999999", "1969-12-31T08:00:00.000000001"]], "datetime64[ns]")
    assert business_days(given, PACIFIC).tolist() == [[date(1969, 12, 30), date(1969, 12, 31)]]
    assert day_starts(business_days(given, PACIFIC), PACIFIC).shape == (1, 2)


def test_an_instant_without_a_zone_and_a_zone_without_a_place_are_errors() -> None:
    with pytest.raises(InvalidParameterError) as caught:
        business_day(datetime(2026, 3, 8), PACIFIC)  # noqa: DTZ001 - what is refused
    assert caught.value.path == ("instant",)
    for name in ("Mars/Olympus", "", "../etc/passwd", "America"):
        with pytest.raises(InvalidParameterError) as caught:
            site_zone(name)
        assert caught.value.path == ("time zone",)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_the_calendar_are_an_error(year: str) -> None:
    with pytest.raises(InvalidParameterError, match="years 2 to 9998"):
        business_days(np.array([f"{year}-06-01"], "datetime64[s]"), PACIFIC)
    inside = {"0001": "0002", "9999": "9998"}[year]
    assert business_days(np.array([f"{inside}-06-01T12:00"], "datetime64[s]"), PACIFIC).astype(str).tolist() == [f"{inside}-06-01"]


def test_a_million_instants_ask_a_zone_no_more_often_than_their_years_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is why they are quick: the rest is one search in an array. Counted instead of timed, so that a busy machine changes nothing."""
    asked: list[datetime] = []
    offset_at = sites._offset

    def counted(site: ZoneInfo, instant: datetime) -> int:
        asked.append(instant)
        return offset_at(site, instant)

    monkeypatch.setattr(sites, "_offset", counted)
    sites._offsets_in.cache_clear()
    given = np.random.default_rng(7).integers(1_500_000_000, 1_800_000_000, 1_000_000).astype("datetime64[s]")
    found = business_days(given, "America/New_York")
    years = 11
    assert 0 < len(asked) < years * 400
    asked.clear()
    np.testing.assert_array_equal(business_days(given, "America/New_York"), found)
    assert asked == []
