"""Sentences that were written down in English, in another language: for texts of programs that know no reader when they speak."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

#: A place of a sentence where a value stands, such as `{operation}`.
_PLACE: Final = re.compile(r"\{(\w+)\}")


class Phrasebook:
    """English sentences and what they are in another language; `{name}` stands for a value in both.

    A text is recognised as a whole. What stands in a place is looked up in turn, so that a sentence which quotes another is told whole;
    where nothing fits, the text stays as it is. Of several sentences that fit, the one with most words of its own counts.
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        for english, other in phrases.items():
            if set(_PLACE.findall(other)) - set(_PLACE.findall(english)):
                raise ValueError(f"What {english!r} is in the other language has places that it has not.")
        self.phrases = dict(phrases)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        ordered = sorted(self.phrases, key=lambda english: (-len(_PLACE.sub("", english)), english))
        return [(re.compile(_as_pattern(english), re.DOTALL), self.phrases[english]) for english in ordered if _PLACE.search(english)]

    def told(self, text: str) -> str:
        """The text in the other language, as far as the book has it."""
        if text in self.phrases:
            return self.phrases[text]
        for pattern, other in self._patterns:
            if match := pattern.fullmatch(text):
                values = {name: self.told(value) for name, value in match.groupdict().items()}
                return "".join(values[part] if number % 2 else part for number, part in enumerate(_PLACE.split(other)))
        return text


def _as_pattern(english: str) -> str:
    """A place takes anything, also nothing; named twice, the same."""
    seen: set[str] = set()
    parts = []
    for number, part in enumerate(_PLACE.split(english)):
        if number % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.*?)")
    return "".join(parts)
