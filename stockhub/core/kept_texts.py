"""Texts that somebody reads later: kept as gettext's template with its values, and told in the language of whoever reads them.

A worker that refuses a record has no reader, and the English that it logs is no language for a screen. What is kept is the template (the
msgid), its values, and the English, which is searched and which stays readable where a later release knows the template no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext

from stockhub.values.errors import LazyText

#: A value that is a text itself is kept as an object with these two.
_TEXT: Final = "text"
_PARAMS: Final = "params"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its values, as a value of another text: a reason that quotes a reason."""

    text: str | LazyText
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """In the language that is active now. A plain text is what it is."""
        return self.text if isinstance(self.text, str) else str(self.text % dict(self.params))


def storable(text: object) -> str:
    """Text that both databases can store: no NUL, no half of a surrogate pair."""
    return str(text).replace("\x00", "�").encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class KeptText:
    """What is written down of a text. `template` is None of one that nobody can translate, such as what a platform said."""

    message: str
    template: str | None = None
    params: dict[str, Any] | None = None


def kept(text: str | LazyText, params: Mapping[str, object] | None = None) -> KeptText:
    """A text as it is kept: the same whatever language is active."""
    given = dict(params or {})
    with translation.override("en"):
        message = storable(Sentence(text, given))
    if isinstance(text, str):
        return KeptText(message)
    with translation.override(None):
        return KeptText(message, str(text), {name: _kept(value) for name, value in given.items()})


def told(message: str, template: str | None, params: Mapping[str, Any] | None) -> str:
    """The text in the active language; where it has no template, or one that no longer fits its values, as it was written down."""
    if not template:
        return gettext(message) if message else ""
    try:
        return gettext(template) % {name: _told(value) for name, value in (params or {}).items()}
    except (KeyError, TypeError, ValueError):
        # A release after the one that wrote it may know the template no more, or fill it in otherwise.
        return message


def _kept(value: object) -> object:
    """A value as JSON keeps it: numbers stay numbers, for templates that count."""
    match value:
        case Sentence(text=str() as plain):
            return storable(plain)
        case Sentence(text=text, params=params):
            return {_TEXT: str(text), _PARAMS: {name: _kept(each) for name, each in params.items()}}
        case Promise():
            return {_TEXT: str(value), _PARAMS: {}}
        case int() | float() | None:
            return value
        case _:
            return storable(value)


def _told(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        return gettext(value[_TEXT]) % {name: _told(each) for name, each in value[_PARAMS].items()}
    return value
