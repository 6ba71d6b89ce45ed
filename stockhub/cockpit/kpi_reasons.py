"""Why a key figure, or its change, is not there, as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

REASONS: Final[Mapping[str, str]] = {
    "NO_STOCK_HISTORY": gettext_noop("No past stock is known"),
    "NO_SALES": gettext_noop("Nothing was sold"),
    "NO_COST": gettext_noop("Unit cost is unknown"),
    "NO_FORECAST": gettext_noop("There is no forecast"),
    "NO_LISTINGS": gettext_noop("No listings are known"),
    "NO_FREIGHT": gettext_noop("What bringing units in cost, now or before, is unknown"),
    "NO_DATA": gettext_noop("One of its parts is unknown"),
    "NO_EARLIER_FIGURES": gettext_noop("There are no figures of an earlier day to compare with"),
}
