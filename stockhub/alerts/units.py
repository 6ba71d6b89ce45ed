"""Numbers with their unit, as a person reads them."""

from __future__ import annotations

from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

#: Numbers that stand for an answer, by their unit: positions in `QUADRANT_ACTIONS`, `SLOW_MOVER_ACTIONS` and
#: `MARKET_VERDICTS`.
ANSWERS: Final = {
    "action": (
        gettext_noop("leave as it is"), gettext_noop("order more"), gettext_noop("promote, order nothing"), gettext_noop("buy with care"),
        gettext_noop("clear now"),
    ),
    "slow mover action": (
        gettext_noop("nothing yet"), gettext_noop("watch it"), gettext_noop("lower the price"), gettext_noop("bundle with a best-seller"),
        gettext_noop("to the outlet"),
    ),
    "verdict": (gettext_noop("no clear answer"), gettext_noop("the market shrinks"), gettext_noop("listing or price")),
}  # fmt: skip


def _number(value: float) -> str:
    """With one decimal below 100 where it is not whole then."""
    rounded = float(round(value, 0 if abs(value) >= 100 else 1))
    return str(formats.number_format(rounded, decimal_pos=0 if rounded.is_integer() else 1, use_l10n=True, force_grouping=True))


def answer_text(value: float | None, unit: str | None) -> str:
    """What a number stands for whose unit is a list of answers; empty for any other."""
    answers = ANSWERS.get(unit or "", ())
    known = value is not None and float(value).is_integer() and 0 <= value < len(answers)
    return _(answers[int(value)]) if known and value is not None else ""


def amount_of_unit(value: float, unit: str) -> str:
    """`120 units`, `3 days`, `2.5 units a day`, `12.5 %` of a probability or share; an unknown unit follows the number as it is."""
    if answer := answer_text(value, unit):
        return answer
    if unit in ("probability", "share"):
        return f"{_number(100 * value)} %"
    return with_unit(_number(value), unit, is_one=value == 1)


def with_unit(number: str, unit: str, *, is_one: bool) -> str:
    """A number that is written already, with its unit in words."""
    count = 1 if is_one else 2
    texts = {
        "unit": ngettext("%(number)s unit", "%(number)s units", count),
        "day": ngettext("%(number)s day", "%(number)s days", count),
        "minute": ngettext("%(number)s minute", "%(number)s minutes", count),
        "hour": ngettext("%(number)s hour", "%(number)s hours", count),
        "point": ngettext("%(number)s point", "%(number)s points", count),
        "order": ngettext("%(number)s order", "%(number)s orders", count),
        "week": ngettext("%(number)s week", "%(number)s weeks", count),
        "month": ngettext("%(number)s month", "%(number)s months", count),
        "1/year": ngettext("%(number)s time a year", "%(number)s times a year", count),
        "order/day": ngettext("%(number)s order a day", "%(number)s orders a day", count),
        "unit/day": ngettext("%(number)s unit a day", "%(number)s units a day", count),
        "cuft/unit": _("%(number)s cubic feet"),
        "lb/unit": _("%(number)s pounds"),
        "unit/minute": ngettext("%(number)s unit a minute", "%(number)s units a minute", count),
    }
    if unit in texts:
        return texts[unit] % {"number": number}
    return number if unit == "1" else f"{number} {unit}".strip()
