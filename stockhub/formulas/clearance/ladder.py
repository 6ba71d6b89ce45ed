"""Clearance ladders: templates and the dated rungs that come of them (H35, H45, H46, E9, E10; science.md 7.2).

A rung is a pay ratio (折), the part of the price that is paid; it always has an end, and a rule for leaving it before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import DomainError, Money, PayRatio

#: How long a rung stays at the least, so that its effect can be told; the second for a flash sale.
LEAST_DWELL: Final = timedelta(days=7)
LEAST_FLASH_DWELL: Final = timedelta(hours=72)
#: The growth of sales that a rung has to bring to be kept: +50 % (H35).
DEFAULT_TARGET_UPLIFT: Final = 0.5


class OpenEndedRungError(DomainError):
    """A rung without an end: a clearance price without a deadline is a new regular price (H46)."""

    def __init__(self) -> None:
        super().__init__("open_ended_rung", "A clearance price needs an end: give the instant at which it stops.", path=("ends_at",))


class ShortDwellError(DomainError):
    """Not enough time for every rung to show its effect."""

    def __init__(self, rungs: int, available: timedelta, least: timedelta) -> None:
        super().__init__(
            "short_dwell",
            f"{rungs} rungs of at least {least} do not fit into {available}: set a later deadline, drop rungs or make it a flash sale.",
            path=("deadline",),
            params={"rungs": rungs, "available": str(available), "least": str(least)},
        )


class RisingLadderError(DomainError):
    """A later rung that is not cheaper than the one before."""

    def __init__(self, earlier: PayRatio, later: PayRatio) -> None:
        super().__init__(
            "rising_ladder",
            f"After {earlier.text('en')} comes {later.text('en')}: give every rung a lower price than the one before.",
            path=("pay_ratios",),
            params={"earlier": str(earlier.ratio), "later": str(later.ratio)},
        )


class LadderBelowFloorError(DomainError):
    """Not one rung of a ladder is at or above the lowest price allowed."""

    def __init__(self, floor: Money) -> None:
        super().__init__(
            "ladder_below_floor",
            f"Every rung is below the floor of {floor}: lower the floor or choose another exit.",
            path=("floor",),
            params={"floor": str(floor)},
        )


@dataclass(frozen=True, slots=True)
class LadderTemplate:
    """A ladder without dates. An adaptive one commits to its first rung alone: what that shows decides how deep the next goes."""

    code: str
    pay_ratios: tuple[PayRatio, ...]
    adaptive: bool = False


def _ratios(*tenths: int) -> tuple[PayRatio, ...]:
    return tuple(PayRatio(Decimal(t) / 10) for t in tenths)


#: 8折 → 7折 → 5折 → 3折; 7折 → 5折 → 3折 (H45); and 8折 as a probe before the standard ladder (H35, E9).
MILD: Final = LadderTemplate("mild", _ratios(8, 7, 5, 3))
STANDARD: Final = LadderTemplate("standard", _ratios(7, 5, 3))
TEST_FIRST: Final = LadderTemplate("test_first", _ratios(8, 7, 5, 3), adaptive=True)
TEMPLATES: Final[Mapping[str, LadderTemplate]] = MappingProxyType({t.code: t for t in (MILD, STANDARD, TEST_FIRST)})


@dataclass(frozen=True, slots=True)
class ExitRule:
    """When a rung is left before its end: when it is sold out, or when after the dwell its sales have grown less than the target."""

    target_uplift: float
    least_dwell: timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """A pay ratio from one instant to another, both in UTC; `rung` makes one."""

    pay_ratio: PayRatio
    starts_at: datetime
    ends_at: datetime
    exit_rule: ExitRule


def rung(pay_ratio: PayRatio, *, starts_at: datetime, ends_at: datetime | None, exit_rule: ExitRule) -> Rung:
    """A checked rung: OpenEndedRungError without an end; InvalidParameterError for instants without a zone or an end that is not after the
    start; ShortDwellError where it ends before its own dwell is over.
    """
    if ends_at is None:
        raise OpenEndedRungError
    start, end = _utc("starts_at", starts_at), _utc("ends_at", ends_at)
    if end <= start:
        raise InvalidParameterError("ends_at", ends_at, "an instant after the start")
    if end - start < exit_rule.least_dwell:
        raise ShortDwellError(1, end - start, exit_rule.least_dwell)
    return Rung(pay_ratio, start, end, exit_rule)


def schedule_ladder(
    pay_ratios: Sequence[PayRatio],
    *,
    starts_at: datetime,
    deadline: datetime | None,
    flash: bool = False,
    target_uplift: float = DEFAULT_TARGET_UPLIFT,
) -> tuple[Rung, ...]:
    """Rungs that follow on one another and share the time to the deadline equally, in whole hours; the last one has what that leaves over.

    The errors are those of `rung`, and RisingLadderError, and ShortDwellError where a rung would be shorter than 7 days (72 hours in a
    flash sale).
    """
    if deadline is None:
        raise OpenEndedRungError
    if not pay_ratios:
        raise InvalidParameterError("pay_ratios", [], "at least one rung")
    for earlier, later in pairwise(pay_ratios):
        if later >= earlier:
            raise RisingLadderError(earlier, later)
    start, end = _utc("starts_at", starts_at), _utc("deadline", deadline)
    least = LEAST_FLASH_DWELL if flash else LEAST_DWELL
    hours = (end - start) // (len(pay_ratios) * timedelta(hours=1))
    if timedelta(hours=hours) < least:
        raise ShortDwellError(len(pay_ratios), end - start, least)
    rule = ExitRule(target_uplift, least)
    starts = [start + i * timedelta(hours=hours) for i in range(len(pay_ratios))]
    return tuple(
        rung(pay_ratio, starts_at=begin, ends_at=stop, exit_rule=rule)
        for pay_ratio, begin, stop in zip(pay_ratios, starts, [*starts[1:], end], strict=True)
    )


def schedule_template(template: LadderTemplate, *, starts_at: datetime, deadline: datetime | None, flash: bool = False) -> tuple[Rung, ...]:
    """The rungs that a template commits to now: all of them, or of an adaptive one the first, which then ends in time for each of the
    others.
    """
    planned = schedule_ladder(template.pay_ratios, starts_at=starts_at, deadline=deadline, flash=flash)
    return planned[:1] if template.adaptive else planned


def above_floor(pay_ratios: Sequence[PayRatio], price: Money, floor: Money) -> tuple[PayRatio, ...]:
    """The rungs whose price is not below a floor (H80: never below the brand's); LadderBelowFloorError where that is none of them."""
    kept = tuple(pay_ratio for pay_ratio in pay_ratios if not pay_ratio.of(price) < floor)
    if not kept:
        raise LadderBelowFloorError(floor)
    return kept


def _utc(name: str, instant: datetime) -> datetime:
    """The instant in UTC, where days have 24 hours."""
    if instant.utcoffset() is None:
        raise InvalidParameterError(name, instant, "an instant with a time zone")
    return instant.astimezone(UTC)
