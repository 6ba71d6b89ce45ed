"""A change of a key figure in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stockhub.alerts.units import amount_of_unit
from stockhub.overview.kpis import KPIS
from stockhub.review.kpi_changes.changes import Cause, CauseKind, KpiChange

#: What says most about a change comes first: what alerts have in common, the alerts, then where it happened.
_TELLING: Final = (CauseKind.INCIDENT, CauseKind.ALERT, CauseKind.PART, CauseKind.SKU, CauseKind.CATEGORY)
#: So many causes stand in a line.
_IN_A_LINE: Final = 3


def change_text(change: KpiChange) -> str:
    """`Fill rate 98 % → 91 %`; without the numbers where they are not known."""
    name = KPIS[change.kpi].text(get_language() or "en")
    if change.before is None or change.after is None:
        return name
    unit = "" if change.unit == "1" else change.unit
    return f"{name} {amount_of_unit(change.before, unit)} → {amount_of_unit(change.after, unit)}"


def causes_text(change: KpiChange) -> str:
    """The causes that pull the change its way, in one line: `ACME delivers late 62 %, SKU A 31 %`; empty where none is known."""
    pulling = [cause for kind in _TELLING for cause in change.of(kind) if cause.share is not None and cause.share > 0]
    best = [cause for kind in _TELLING for cause in pulling if cause.kind is kind][:_IN_A_LINE]
    return ", ".join(f"{cause.name or cause.code or _('none')} {share_text(cause)}" for cause in best)


def share_text(cause: Cause) -> str:
    """Its part of the change, such as `62 %`."""
    return "–" if cause.share is None else amount_of_unit(cause.share, "share")
