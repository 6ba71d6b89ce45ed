"""Admin pages of configuration: who changed what, when, from which value to which, as events; and no lost updates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.admin_classes import PageAdmin
from stockhub.core.models import Editable
from stockhub.outbox.services import emit_events
from stockhub.values.errors import DomainError

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

#: Between the words of a class name.
_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BOOKKEEPING = {"version", "updated_at", "created_at"}


class VersionedForm(_ModelForm):
    """Carries the version that the person saw, and refuses to overwrite what somebody else has saved since."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        if self.instance.pk and hasattr(self.instance, "version"):
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        seen = data.get("seen_version")
        if self.instance.pk and seen is not None and seen != self.instance.version:
            raise ValidationError(
                _("Somebody else has changed this since you opened it. Open it again and repeat your change."), code="version_conflict"
            )
        return data


class DeletedFilter(admin.SimpleListFilter):
    """Tombstones are not listed unless asked for."""

    title = _("deleted")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("yes", _("Deleted"))]

    def choices(self, changelist: Any) -> Any:  # noqa: ANN401 - Django's signature
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=["deleted"]),
            "display": _("Not deleted"),
        }
        yield {"selected": self.value() == "yes", "query_string": changelist.get_query_string({"deleted": "yes"}), "display": _("Deleted")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return queryset.filter(deleted_at__isnull=self.value() != "yes")


class RecordedAdmin(PageAdmin):
    """Every save is an event with the old and the new values, as those of the services are; so is every delete.

    `event_noun` is the noun of these events where the services call the object otherwise than its model.
    """

    event_noun = ""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        if change and hasattr(obj, "version"):
            obj.version += 1
        if change and hasattr(obj, "updated_at"):
            obj.updated_at = clock.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        super().save_related(request, form, formsets, change)
        self.record_save(form, formsets, change=change)

    def record_save(self, form: Any, formsets: Any, *, change: bool) -> None:  # noqa: ANN401 - a model form and its formsets
        changes: dict[str, Any] = _changes(form) if change else {}
        if rows := [row for formset in formsets for row in _changed_rows(formset)]:
            changes["rows"] = rows
        if not change or changes:
            self.record(form.instance, "changed", created=not change, changes=changes)

    def record(self, obj: Any, what: str, **payload: Any) -> None:  # noqa: ANN401 - an instance of any model
        """Emits the event of one object."""
        noun = f"{self.opts.app_label}.{self.event_noun or _SNAKE.sub('_', self.model.__name__).lower()}"
        payload |= {"version": obj.version} if hasattr(obj, "version") else {}
        payload |= {"code": obj.code} if hasattr(obj, "code") else {}
        emit_events([(f"{noun}_{what}.v1", noun, obj.pk if isinstance(obj.pk, int) else None, payload)])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:  # noqa: ANN401 - an instance of any model
        self.record(obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


class ConfigurationAdmin(RecordedAdmin):
    """Objects that people and an ERP edit: guarded by their version; deleting leaves a tombstone that an action brings back."""

    form = VersionedForm
    actions = ["restore"]

    def get_list_filter(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's signature
        return [*cast("Any", super().get_list_filter(request)), DeletedFilter]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ANN401 - Django's signature
        """The hidden version goes with the first group of fields."""
        fieldsets = [(title, cast("dict[str, Any]", dict(options))) for title, options in super().get_fieldsets(request, obj)]
        if fieldsets and not any("seen_version" in _flat(options["fields"]) for _title, options in fieldsets):
            options = fieldsets[0][1]
            options["fields"] = [*options["fields"], "seen_version"]
        return fieldsets

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's signature
        """Only the objects themselves: what refers to them stays, because a tombstone stays."""
        allowed = self.has_delete_permission(request)
        missing = set() if allowed else {self.opts.verbose_name}
        obstacles = [obstacle for obj in objs if (obstacle := self.obstacle(obj))]
        return [str(obj) for obj in objs], {self.opts.verbose_name_plural: len(objs)}, missing, obstacles

    def obstacle(self, obj: Any) -> str:  # noqa: ANN401, ARG002 - an instance of any model
        """Why an object cannot be deleted; empty where it can."""
        return ""

    def delete_model(self, request: HttpRequest, obj: Editable) -> None:  # noqa: ARG002 - Django's signature
        self._bury(obj, clock.now(), "deleted")

    @admin.action(description=_("Bring back"), permissions=["delete"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        buried = list(queryset.exclude(deleted_at=None))
        for obj in buried:
            self._bury(obj, None, "restored")
        self.tell(request, gettext("%(count)d brought back.") % {"count": len(buried)})

    def _bury(self, obj: Editable, when: Any, what: str) -> None:  # noqa: ANN401 - an instant or None
        obj.deleted_at = when
        obj.version += 1
        obj.save(update_fields=["deleted_at", "version", "updated_at"])
        self.record(obj, what)


def why_not(error: DomainError | None) -> str:
    """What an obstacle says, for a page that shows text."""
    return error.message if error else ""


def _changes(form: Any) -> dict[str, list[str]]:  # noqa: ANN401 - any model form
    """Old and new value of each changed field, as text; a secret's are never in a form's model fields."""
    old = form.initial
    names = [name for name in form.changed_data if name in old and name not in _BOOKKEEPING and name != "seen_version"]
    return {name: [_text(old.get(name)), _text(form.cleaned_data.get(name))] for name in names}


def _changed_rows(formset: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any formset
    """What happened to the rows of an inline."""
    noun = formset.model._meta.model_name
    made = [{"row": noun, "what": "created", "id": row.pk} for row in formset.new_objects]
    kept = [{"row": noun, "what": "updated", "id": row.pk, "fields": fields} for row, fields in formset.changed_objects]
    gone = [{"row": noun, "what": "deleted", "text": str(row)} for row in formset.deleted_objects]
    return [*made, *kept, *gone]


def _text(value: object) -> str:
    pk = getattr(value, "pk", None)
    return "" if value is None else str(pk if pk is not None else value)


def _flat(fields: Any) -> list[str]:  # noqa: ANN401 - nested sequences of names
    return [name for entry in fields for name in (entry if isinstance(entry, list | tuple) else [entry])]
