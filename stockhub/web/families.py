"""Prometheus families made of rows of the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from stockhub.core import clock

Family = GaugeMetricFamily | CounterMetricFamily
#: The values of the labels, and the number; None where there is none, and then no sample.
Sample = tuple[Sequence[object], float | None]


def gauge(name: str, help_text: str, labels: Sequence[str], samples: Iterable[Sample]) -> GaugeMetricFamily:
    """Something that goes up and down."""
    family = GaugeMetricFamily(f"stockhub_{name}", help_text, labels=labels)
    for values, number in samples:
        if number is not None:
            family.add_metric([str(value) for value in values], number)
    return family


def counter(name: str, help_text: str, labels: Sequence[str], samples: Iterable[Sample]) -> CounterMetricFamily:
    """Something that only goes up; `_total` is added to its name."""
    family = CounterMetricFamily(f"stockhub_{name}", help_text, labels=labels)
    for values, number in samples:
        if number is not None:
            family.add_metric([str(value) for value in values], number)
    return family


def age(since: datetime | None) -> float | None:
    """Seconds from then until now, never fewer than 0; None stays None."""
    return None if since is None else max(0.0, (clock.now() - since).total_seconds())


def oldest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


def seconds(instant: datetime | None) -> float | None:
    """Since 1970, as Prometheus tells instants."""
    return None if instant is None else instant.timestamp()
