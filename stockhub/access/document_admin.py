"""Admin pages of documents that the ledger follows, such as shipments and transfers."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.outbox.recorded_admin import ConfigurationAdmin
from stockhub.values import DomainError


class DocumentAdmin(ScopedAdmin, ConfigurationAdmin):
    """Documents that the ledger follows: saved by their service, which posts what changed, and cancelled instead of deleted.

    `fixed_fields` are kept by a document that is there.
    """

    fixed_fields: tuple[str, ...] = ("code", "warehouse")

    @abstractmethod
    def tell_service(self, request: HttpRequest, form: Any, lines: list[dict[str, Any]]) -> int:  # noqa: ANN401 - a model form
        """Hands the document to its service and gives its id."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:  # noqa: ANN401
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            self.tell_error(request, error)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        """Nothing yet: the service takes the document together with its lines."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        given = [line.cleaned_data for formset in formsets for line in formset.forms]
        lines = [data for data in given if data.get("sku") and not data.get("DELETE")]
        form.instance.pk = self.tell_service(request, form, lines)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002
        """The service wrote the lines, so the formsets know nothing of them."""
        return super().construct_change_message(request, form, [], add)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ANN401, ARG002 - Django's
        """A document keeps its code and its warehouse."""
        return self.fixed_fields if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        return False


def code_of(form: Any, name: str) -> str:  # noqa: ANN401 - a model form
    """The code of an object that a form names, or that its document keeps."""
    found = form.cleaned_data.get(name) or getattr(form.instance, name, None)
    return found.code if found is not None and hasattr(found, "code") else str(found or "")
