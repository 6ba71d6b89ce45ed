"""A moment in the past, in two ways: what had happened by then, and what was known by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.values.errors import DomainError


@dataclass(frozen=True, slots=True)
class Moment:
    """What had happened by `occurred_at`, as far as it had been recorded by `recorded_at`; without that, as far as it is known now.

    Both instants belong to the moment themselves. DomainError `invalid_time` where one has no zone.
    """

    occurred_at: datetime
    recorded_at: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("occurred_at", "recorded_at"):
            instant = getattr(self, name)
            if instant is not None and instant.tzinfo is None:
                raise DomainError("invalid_time", _("Give the moment with its zone."), path=(name,))

    @classmethod
    def now(cls) -> Moment:
        """Everything that has happened and is known."""
        return cls(clock.now())
