"""What connectors and the host's own calls said in English, in the reader's language (ADR 0050).

Errors, refusals and remarks are written down by workers, which have no reader. They stay as they were written, in rows, events and logs;
here they are told to whoever reads them. A connector brings its sentences in Chinese, as it brings its names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext

from stockhub.channels.models import Quarantined
from stockhub.core import kept_texts
from stockhub.core.outgoing.sentences import OF_THE_HOST
from stockhub.pluginapi import MarketplaceConnector
from stockhub.pluginhost.registry import registry
from stockhub.values.phrasebook import Phrasebook


def told(text: str) -> str:
    """The text in the active language, as far as those who said it told how."""
    language = get_language() or "en"
    if not text or not language.startswith("zh"):
        return text
    connectors = tuple(type(each) for _slug, each in sorted(registry().marketplaces.items()))
    return _book(language, connectors).told(text)


def marketplace_name(slug: str) -> str:
    """The marketplace's name in the active language; its slug where no connector has it."""
    found = registry().marketplaces.get(slug)
    return found.name.text(get_language() or "en") if found is not None else slug


def told_reason(row: Quarantined) -> str:
    """Why a record was not taken, in the active language: the core's reasons are filled in, a connector's looked up."""
    return told_text(row.message, row.template, row.params)


def told_text(message: str, template: str | None, params: Mapping[str, Any] | None) -> str:
    """The same of its columns."""
    return kept_texts.told(message, template, params) if template else told(message)


@lru_cache(maxsize=8)
def _book(language: str, connectors: tuple[type[MarketplaceConnector], ...]) -> Phrasebook:  # noqa: ARG001 - what gettext goes by
    phrases = {english: gettext(english) for english in OF_THE_HOST}
    for connector in connectors:
        phrases |= connector.phrases
    return Phrasebook(phrases)
