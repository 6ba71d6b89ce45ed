"""What the page of one SKU's stage shows: the weeks that it was told from, the evidence, and the launch's curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.cockpit.charts.weeks import weeks_chart
from stockhub.core import clock
from stockhub.lifecycle.explanations import labels_of
from stockhub.lifecycle.life_curve import LifeCurve, life_curve
from stockhub.lifecycle.models import StageState

#: Evidence of the built-in rule that is 1 where it holds and 0 where it does not.
_HOLDS_OR_NOT: Final = frozenset({"clearance", "fall_is_chance", "off_season", "seasonal"})
#: Why there is no stage, or no curve that can be relied on.
_REASONS: Final = {
    "NO_FIT": gettext_noop("no curve of a launch fits its sales"),
    "NO_SALES": gettext_noop("it has not sold yet"),
    "OFF_SEASON": gettext_noop("it is off season, when low sales say nothing"),
    "PEAK_AHEAD": gettext_noop("its peak is still ahead"),
    "TOO_FEW_WEEKS": gettext_noop("it has too few weeks of sales"),
    "TOO_SHORT": gettext_noop("it has too few weeks of sales"),
}


@dataclass(frozen=True, slots=True)
class StagePage:
    """Everything that the template needs; no weeks for who does not see all accounts, as they add their sales up.

    `problem`: why there is no stage; `curve_problem`: why there is no curve. Both empty where there is one.
    """

    evidence: Sequence[tuple[str, str]]
    curve: LifeCurve | None
    chart: SafeString | None
    masked: int
    problem: str
    curve_problem: str


def stage_page(state: StageState, user: User | AnonymousUser) -> StagePage:
    """The page of a state."""
    names, language = labels_of(state.formula), get_language() or "en"
    evidence = [
        (
            names[name].text(language) if name in names else name,
            _amount(name, value),
        )
        for name, value in sorted(state.evidence.items())
    ]
    if visible_account_ids(user) is not None:
        return StagePage(evidence, None, None, 0, _why(state.reason), "")
    curve = life_curve(state.sku_id, clock.now())
    chart = weeks_chart(curve.first_on, curve.weekly, curve.filled) if len(curve.weekly) else None
    masked = int((curve.weekly != curve.weekly).sum())
    return StagePage(evidence, curve, chart, masked, _why(state.reason), _why(curve.bass.reason))


def _why(reason: str | None) -> str:
    """The reason in the active language; a stranger's code as it is."""
    return gettext(_REASONS[reason]) if reason in _REASONS else reason or ""


def _amount(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name in _HOLDS_OR_NOT:
        return gettext("yes") if value else gettext("no")
    return formats.number_format(int(value) if float(value).is_integer() else round(value, 3), use_l10n=True)
