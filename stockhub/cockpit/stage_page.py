"""What the page of one SKU's stage shows: the weeks that it was told from, the evidence, and the launch's curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.cockpit.charts.weeks import weeks_chart
from stockhub.core import clock
from stockhub.lifecycle.explanations import labels_of
from stockhub.lifecycle.life_curve import LifeCurve, life_curve
from stockhub.lifecycle.models import StageState


@dataclass(frozen=True, slots=True)
class StagePage:
    """Everything that the template needs; no weeks for who does not see all accounts, as they add their sales up."""

    evidence: Sequence[tuple[str, str]]
    curve: LifeCurve | None
    chart: SafeString | None
    masked: int


def stage_page(state: StageState, user: User | AnonymousUser) -> StagePage:
    """The page of a state."""
    names, language = labels_of(state.formula), get_language() or "en"
    evidence = [
        (
            names[name].text(language) if name in names else name,
            "–" if value is None else formats.number_format(round(value, 3), use_l10n=True),
        )
        for name, value in sorted(state.evidence.items())
    ]
    if visible_account_ids(user) is not None:
        return StagePage(evidence, None, None, 0)
    curve = life_curve(state.sku_id, clock.now())
    chart = weeks_chart(curve.first_on, curve.weekly, curve.filled) if len(curve.weekly) else None
    return StagePage(evidence, curve, chart, int((curve.weekly != curve.weekly).sum()))
