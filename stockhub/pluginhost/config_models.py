"""What a configuration model may look like. Free of Django: plugins are held to it where they are loaded."""

from __future__ import annotations

import types
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr

_UNIONS: Final = (Union, types.UnionType)


def without_none(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 - any annotation
    """The type of `T | None` and whether None is allowed; the annotation itself where it is none such."""
    if get_origin(annotation) in _UNIONS:
        members = [m for m in get_args(annotation) if m is not type(None)]
        if len(members) == 1 and len(get_args(annotation)) == 2:
            return members[0], True
    return annotation, False


def secret_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields that are encrypted at rest."""
    return frozenset(name for name, info in model.model_fields.items() if without_none(info.annotation)[0] is SecretStr)


def problem_of_model(model: type[BaseModel]) -> str:
    """Why a model cannot be used for configuration, in a sentence; empty where it can.

    A secret inside another field would be stored in the clear, and one that is not text could not be entered.
    """
    secrets = secret_fields(model)
    for name, info in model.model_fields.items():
        if name not in secrets and _holds_secret(info.annotation):
            return f"{model.__name__}.{name} holds a secret inside: make it a field of type SecretStr of its own."
    return ""


def _holds_secret(annotation: Any) -> bool:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(_holds_secret(info.annotation) for info in annotation.model_fields.values())
    return annotation in (SecretStr, SecretBytes) or any(_holds_secret(part) for part in get_args(annotation))
