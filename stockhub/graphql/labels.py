"""Names for people, in English and Chinese: of what plugins can add, and of the values of true enums."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, TypeVar

import strawberry
from django.utils import translation

from stockhub.values import Label

E = TypeVar("E", bound=type[enum.Enum])


def language() -> str:
    """The language of the request, from Accept-Language."""
    return translation.get_language() or "en"


@strawberry.type(description="A thing that plugins can add to, so that it is no enum: a slug for machines, a label for people.")
class Slugged:
    slug: str = strawberry.field(description="Stable, lower-case with hyphens or underscores.")
    label: str = strawberry.field(description="The name for a person, in the language of the request.")
    severity: int = strawberry.field(description="How much it matters, from 0 (not a matter of severity) to 3.")


def slugged(slug: str, label: Label | None = None, *, severity: int = 0) -> Slugged:
    """A slug with its label; one without a label is shown in words of its slug."""
    return Slugged(slug=slug, label=label.text(language()) if label else slug.replace("-", " ").replace("_", " "), severity=severity)


#: Of every enum in the schema: the names of its values. The schema command writes them for the frontend.
ENUM_LABELS: dict[str, Mapping[str, Label]] = {}


def graphql_enum(values: E, description: str, labels: Mapping[str, tuple[str, str]]) -> E:
    """Makes an enum part of the schema. `labels` gives English and Chinese for each member."""
    missing = {member.name for member in values} ^ set(labels)
    if missing:
        raise ValueError(f"{values.__name__}: labels and members differ in {', '.join(sorted(missing))}.")
    named = strawberry.enum(values, description=description)
    definition: Any = named.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = labels[value.name][0]
    ENUM_LABELS[definition.name] = {name: Label(*texts) for name, texts in labels.items()}
    return named
