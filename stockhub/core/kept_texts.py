"""Texts that somebody reads later: kept as gettext's template with its values, and told in the language of whoever reads them.

A worker that refuses a record has no reader, and the English that it logs is no language for a screen. What is kept is the template (the
msgid), its values, and the English, which is searched and which stays readable where a later release knows the template no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from stockhub.values.errors import LazyText
from stockhub.values.phrasebook import Phrasebook

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


#: A text that somebody is to read later. A plain string is what it is, in whatever language.
Said = str | LazyText | Sentence


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


def english(text: Said) -> str:
    """The text in English, for columns that are searched."""
    with translation.override("en"):
        return storable(text)


def written(text: Said) -> object:
    """The text as JSON that `read` tells: a string of one that is what it is, else the template with its values."""
    with translation.override(None):
        return storable(text) if isinstance(text, str) else _kept(text)


def read(value: object) -> str:
    """What `written` made, in the active language. Strings that were written down as they are come as they are, or translated whole."""
    if isinstance(value, str):
        return gettext(value) if value else ""
    return str(_told(value))


def again(value: object) -> Said:
    """What `written` made, as a value of another text."""
    match value:
        case {"text": str(text), "params": dict(params)}:
            return Sentence(gettext_lazy(text), {name: again(each) if isinstance(each, dict) else each for name, each in params.items()})
        case _:
            return str(value)


def kept_lines(texts: Iterable[Said]) -> tuple[str, list[object]]:
    """Several texts, a line each: in English, and as they are told."""
    chosen = list(texts)
    return "\n".join(english(text) for text in chosen), [written(text) for text in chosen]


def told_lines(message: str, lines: Sequence[object] | None) -> str:
    """What `kept_lines` made, in the active language; rows of before, and templates that no longer fit, as they were written down."""
    try:
        return "\n".join(read(line) for line in (message.splitlines() if lines is None else lines))
    except (KeyError, TypeError, ValueError):
        return message


def recognised(text: str, sentences: tuple[str, ...]) -> str:
    """A text that was written down in English, in the active language, where it is one of these sentences: `{name}` stands for a value."""
    return _book(get_language() or "en", sentences).told(text) if text else ""


@lru_cache(maxsize=16)
def _book(language: str, sentences: tuple[str, ...]) -> Phrasebook:  # noqa: ARG001 - what gettext goes by
    return Phrasebook({english: gettext(english) for english in sentences})


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
