"""Django forms drawn from pydantic models: one definition validates, draws the form and gives the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, cast, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import AnyUrl, BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from stockhub.pluginapi.config_texts import DESCRIPTION, TITLE
from stockhub.pluginhost.config_models import secret_fields, without_none
from stockhub.pluginhost.configuration import Stored, save, secrets_set
from stockhub.values import DomainError

#: Suffix of the checkbox that empties an optional secret.
CLEAR: Final = "__clear"
#: Fields with a default that are shown beside those without.
_MOST_IN_VIEW: Final = 8


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        return "\n".join(str(v) for v in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class ConfigurationForm(forms.Form):
    """Base of the forms that `form_class` makes: hands what was entered to the model, and the model's objections to the fields."""

    model: type[BaseModel]

    def __init__(self, stored: Stored, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(data, initial={k: v for k, v in stored.config.items() if k in self.base_fields}, **kwargs)
        self.current = stored
        self._stored: Stored | None = None
        known = self._known_secrets()
        for name in secret_fields(self.model):
            field = self.fields[name]
            if name in known:
                field.required = False
                field.widget.attrs["placeholder"] = str(_("Set. Leave empty to keep it."))
            else:
                self.fields.pop(name + CLEAR, None)

    def _known_secrets(self) -> frozenset[str]:
        try:
            return secrets_set(self.model, self.current)
        except DomainError:
            return frozenset()  # their key is lost, so they have to be entered again

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleared = {name for name in secret_fields(self.model) if cleaned.get(name + CLEAR)}
        values = {name: value for name, value in cleaned.items() if not name.endswith(CLEAR) and not self._is_left_to_default(name, value)}
        try:
            self._stored = save(self.model, values, self.current, cleared=cleared)
        except DomainError as error:
            problems = cast("list[dict[str, Any]]", error.params.get("errors")) or [{"path": [], "message": error.message}]
            for problem in problems:
                field = problem["path"][0] if problem["path"] and problem["path"][0] in self.fields else None
                self.add_error(field, problem["message"])
        return cleaned

    def _is_left_to_default(self, name: str, value: Any) -> bool:  # noqa: ANN401 - any field's value
        return value in (None, "") and not self.model.model_fields[name].is_required()

    @property
    def folded(self) -> list[forms.BoundField]:
        """Fields that may be left as they are, where there are so many of them that they would hide those that may not."""
        model = self.model.model_fields
        fields = [field for field in self.visible_fields() if not model[field.name.removesuffix(CLEAR)].is_required()]
        return fields if len(fields) > _MOST_IN_VIEW else []

    @property
    def has_folded_errors(self) -> bool:
        return any(field.errors for field in self.folded)

    @property
    def result(self) -> Stored:
        """What a row is to keep; after `is_valid()`."""
        if self._stored is None:
            raise ValueError("The form is not valid.")
        return self._stored

    @property
    def values(self) -> dict[str, Any]:
        """What a service is to be given: the public values, and the secrets that were entered; after `is_valid()`."""
        secrets = {name: self.cleaned_data[name] for name in secret_fields(self.model) if self.cleaned_data.get(name)}
        return {**self.result.config, **secrets}

    @property
    def cleared(self) -> frozenset[str]:
        """Secrets that are to be emptied; after `is_valid()`."""
        return frozenset(name for name in secret_fields(self.model) if self.cleaned_data.get(name + CLEAR))


def form_class(model: type[BaseModel]) -> type[ConfigurationForm]:
    """The form of a configuration model: a field each, with its title, description and bounds.

    Knows str, int, float, bool, Decimal, enums, Literal, URLs, lists of texts and SecretStr; anything else is a field of JSON.
    """
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        fields[name] = _field(name, info)
        if name in secret_fields(model) and not info.is_required():
            fields[name + CLEAR] = forms.BooleanField(required=False, label=_("Empty %(field)s") % {"field": fields[name].label})
    return cast("type[ConfigurationForm]", type(f"{model.__name__}Form", (ConfigurationForm,), {"model": model, **fields}))


def _field(name: str, info: FieldInfo) -> forms.Field:
    annotation, optional = without_none(info.annotation)
    title, description = _texts(name, info)
    common: dict[str, Any] = {"required": info.is_required() and not optional, "label": title, "help_text": description}
    if info.default is not PydanticUndefined and info.default is not None and annotation is not SecretStr:
        common["initial"] = to_jsonable_python(info.default)
    if annotation is bool:
        return forms.BooleanField(**common | {"required": False})
    if choices := _choices(annotation):
        return forms.ChoiceField(choices=choices if common["required"] else [("", "—"), *choices], **common)
    if annotation in (int, float, Decimal):
        return _number(annotation, info, common)
    return _text(annotation, info, common)


def _texts(name: str, info: FieldInfo) -> tuple[str, str]:
    """Title and description in the language of whoever the form is for, as far as the model brings them."""
    title, description = info.title or name.replace("_", " ").capitalize(), info.description or ""
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or not (get_language() or "").startswith("zh"):
        return title, description
    return str(extra.get(TITLE) or title), str(extra.get(DESCRIPTION) or description)


def _choices(annotation: Any) -> list[tuple[Any, str]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [(member.value, str(member.value)) for member in annotation]
    if get_origin(annotation) is Literal:
        return [(value, str(value)) for value in get_args(annotation)]
    return []


def _number(annotation: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:  # noqa: ANN401 - any annotation
    # Strict bounds are left to the model: Django's are inclusive.
    for bound in info.metadata:
        if isinstance(bound, Ge | Gt):
            common["min_value"] = bound.ge if isinstance(bound, Ge) else bound.gt
        if isinstance(bound, Le | Lt):
            common["max_value"] = bound.le if isinstance(bound, Le) else bound.lt
    if annotation is int:
        return forms.IntegerField(**common)
    return forms.DecimalField(**common) if annotation is Decimal else forms.FloatField(**common)


def _text(annotation: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:  # noqa: ANN401 - any annotation
    if annotation is SecretStr:
        hidden = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
        return forms.CharField(widget=hidden, strip=False, **common | {"required": info.is_required()})
    if annotation is str:
        return forms.CharField(**common)
    if isinstance(annotation, type) and issubclass(annotation, AnyUrl):
        return forms.CharField(widget=forms.URLInput(), **common)
    if get_origin(annotation) in (list, tuple, set, frozenset) and str in get_args(annotation):
        return LinesField(**common)
    return forms.JSONField(**common)
