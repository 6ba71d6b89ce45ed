"""What forecasters are called by those who read of them."""

from __future__ import annotations

from django.utils.translation import get_language

from stockhub.pluginhost.registry import registry


def forecaster_name(slug: str) -> str:
    """In the reader's language; the slug of one that is not installed any more."""
    forecaster = registry().forecasters.get(slug)
    if forecaster is None:
        return slug
    return forecaster.name.text(get_language() or "en")
