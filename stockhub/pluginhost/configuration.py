"""Configuration by pydantic models: of plugins, and of accounts on marketplaces. What is secret is stored apart, encrypted.

The functions know a model, a JSON object and an encrypted token, and no table: the caller keeps both in its row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop
from pydantic import BaseModel, SecretStr, ValidationError

from stockhub.core.encryption import decrypt, encrypt
from stockhub.pluginhost.config_models import secret_fields
from stockhub.values import DomainError, SeveralFieldsError

#: What pydantic's checks say, by their types: those that a form's fields lead to.
_MESSAGES: Final[Mapping[str, str]] = {
    "missing": gettext_noop("This field cannot be empty."),
    "string_type": gettext_noop("A text is wanted."),
    "string_too_short": gettext_noop("At least %(min_length)d characters are wanted."),
    "string_too_long": gettext_noop("At most %(max_length)d characters are wanted."),
    "too_short": gettext_noop("At least %(min_length)d entries are wanted."),
    "too_long": gettext_noop("At most %(max_length)d entries are wanted."),
    "int_type": gettext_noop("A whole number is wanted."),
    "int_parsing": gettext_noop("A whole number is wanted."),
    "int_from_float": gettext_noop("A whole number is wanted."),
    "float_type": gettext_noop("A number is wanted."),
    "float_parsing": gettext_noop("A number is wanted."),
    "decimal_parsing": gettext_noop("A number is wanted."),
    "finite_number": gettext_noop("A number is wanted."),
    "bool_type": gettext_noop("Yes or no is wanted."),
    "bool_parsing": gettext_noop("Yes or no is wanted."),
    "greater_than": gettext_noop("A number above %(gt)s is wanted."),
    "greater_than_equal": gettext_noop("A number from %(ge)s on is wanted."),
    "less_than": gettext_noop("A number below %(lt)s is wanted."),
    "less_than_equal": gettext_noop("A number up to %(le)s is wanted."),
    "literal_error": gettext_noop("One of these is wanted: %(expected)s."),
    "enum": gettext_noop("One of these is wanted: %(expected)s."),
    "extra_forbidden": gettext_noop("There is no such setting."),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A configuration as a row keeps it: public values as JSON, secrets as a token."""

    config: Mapping[str, Any] = field(default_factory=dict)
    secrets: bytes = b""


def load(model: type[BaseModel], stored: Stored) -> BaseModel:
    """The configuration. DomainError `invalid_configuration` names the field at fault; `encryption_key_missing` where secrets are lost."""
    return _validated(model, {**stored.config, **decrypt(stored.secrets)})


def save(model: type[BaseModel], values: Mapping[str, Any], current: Stored, *, cleared: Collection[str] = ()) -> Stored:
    """The configuration `values`, validated, in the form that a row keeps.

    `values` are all public values; one that is left out becomes its default. A secret that is left out or empty stays what it is in
    `current`, unless it is in `cleared`. DomainError as `load`; `current` is what stays stored then.
    """
    secret = secret_fields(model)
    given = {name: _plain(value) for name, value in values.items() if name in secret and _plain(value) not in (None, "")}
    # Where every secret is given anew or emptied, those that are stored need not be readable: their key may be lost.
    before = decrypt(current.secrets) if secret - set(given) - set(cleared) else {}
    kept = {name: value for name, value in before.items() if name in secret and name not in cleared}
    public = {name: value for name, value in values.items() if name not in secret}
    valid = _validated(model, {**public, **kept, **given})
    dumped = valid.model_dump(mode="json", exclude=set(secret))
    plain = {name: getattr(valid, name).get_secret_value() for name in sorted(secret) if getattr(valid, name) is not None}
    # A token that says the same as before is kept, so that saving a form twice changes nothing.
    return Stored(dumped, bytes(current.secrets) if plain == before else encrypt(plain))


def secrets_set(model: type[BaseModel], stored: Stored) -> frozenset[str]:
    """Which secrets have a value; that is all that anybody is told of them."""
    return secret_fields(model) & set(decrypt(stored.secrets))


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a form or an API gives
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _validated(model: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> DomainError:
    """A pydantic error as one that callers show: every field at fault, with all of them in `params`. No input value is repeated."""
    found: list[dict[str, Any]] = [
        {"path": [str(part) for part in problem["loc"]], "message": _message(problem)}
        for problem in error.errors(include_url=False, include_input=False)
    ]
    return SeveralFieldsError([_problem(tuple(each["path"]), each["message"], found) for each in found])


def _message(problem: Mapping[str, Any]) -> str:
    """In the active language where pydantic's own check refused; a plugin's own checks speak for themselves."""
    told = _MESSAGES.get(problem["type"])
    if told is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    return gettext(told) % {name: f"{value:g}" if isinstance(value, float) else value for name, value in problem.get("ctx", {}).items()}


def _problem(path: tuple[str, ...], message: str, found: list[dict[str, Any]]) -> DomainError:
    where = f"{'.'.join(path)}: " if path else ""
    return DomainError("invalid_configuration", f"{where}{message}", path=path, params={"errors": found})
