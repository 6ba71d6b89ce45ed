"""For how long what a person has dealt with opens no alert again, unless it is worse (U2): of rules and of the system alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from stockhub.alerts.models import Alert, AlertEnding, AlertStatus

#: A finding whose alert a person has resolved opens none again for so long.
QUIET_AFTER_RESOLVING: Final = timedelta(hours=24)
#: One that a person has called a false alarm, for so long.
QUIET_AFTER_FALSE_ALARM: Final = timedelta(days=7)


def quiet_since(as_of: datetime) -> tuple[datetime, datetime]:
    """What was resolved since the one moment is quiet, and what was called a false alarm since the other, earlier one."""
    return as_of - QUIET_AFTER_RESOLVING, as_of - QUIET_AFTER_FALSE_ALARM


def dismissed(alerts: QuerySet[Alert], since: Any, false_since: Any) -> QuerySet[Alert]:  # noqa: ANN401 - a moment, or the place of one
    """Those that a person has resolved since the one moment, or has called false alarms since the other, earlier one."""
    lately = Q(resolved_at__gte=since) | Q(ending=AlertEnding.FALSE_ALARM)
    resolved = alerts.filter(lately, status=AlertStatus.RESOLVED, resolved_at__gte=false_since)
    return resolved.exclude(resolved_by="")
