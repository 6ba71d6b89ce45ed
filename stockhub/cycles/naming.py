"""What cycles are called."""

from __future__ import annotations

from django.utils.translation import get_language

from stockhub.cycles import registry
from stockhub.values import DomainError


def cycle_label(name: str) -> str:
    """The cycle's name in the reader's language; its slug where its owner is no longer installed."""
    try:
        return registry.get(name).label.text(get_language() or "en")
    except DomainError:
        return name
