"""Lists of the admin that are also files: the file holds what the list shows, and where it cannot, the page says so first."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.contrib.admin.options import IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stockhub.core.admin_classes import PageAdmin, page_action

#: What an address of a list holds that narrows nothing.
_NO_FILTERS: Final = frozenset({ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, ORDER_VAR, PAGE_VAR, TO_FIELD_VAR})
#: An address has to fit into a request line: a search that finds more SKUs than these is not spelt out.
_MOST_SKUS: Final = 100
_SKU: Final = "sku__"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed by: the parameters of its file that say the same, and in words what no parameter says."""

    asked: Mapping[str, str]
    lost: Sequence[str]


class ExportedAdmin(PageAdmin):
    """A list that is also a file: `export_name` as in `/exports/<export_name>.csv`, which cuts it to what the user may see.

    `export_filters` maps the filters of the list's address to parameters of the file; a related object is named there by its code. With
    `reference` among them a search for one is exported too. `export_defaults` holds the parameters of filters that narrow the list until
    the address names them, and then ask for everything.
    """

    export_name = ""
    export_filters: ClassVar[Mapping[str, str]] = {}
    export_defaults: ClassVar[Mapping[str, tuple[str, str]]] = {}
    actions_list: tuple[str, ...] = ("export",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The button leads on with what the list is narrowed by."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and request.GET:
            button = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")
            for action in (response.context_data or {}).get("actions_list", ()):
                if action.get("path") == button:
                    action["path"] = f"{button}?{request.GET.urlencode()}"
        return response

    @page_action(gettext_lazy("Export"), icon="download", permission="export")
    def export(self, request: HttpRequest) -> HttpResponse:
        """The file of the list, marked so that a spreadsheet reads it as UTF-8; what it cannot be narrowed by is said before it is sent."""
        self.refuse_unless(allowed=self.has_export_permission(request))
        narrowed = self._narrowed(request)
        file = f"{reverse('exports:file', args=[self.export_name, 'csv'])}?{urlencode({'bom': 1, **narrowed.asked})}"
        if not narrowed.lost:
            return redirect(file)
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = self.admin_site.each_context(request) | {
            "title": _("Export"),
            "lost": narrowed.lost,
            "kept": sorted(narrowed.asked.items()),
            "file": file,
            "opts": self.opts,
            "back": f"{here}?{request.GET.urlencode()}",
        }
        return TemplateResponse(request, "core/export_anyway.html", context)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def _narrowed(self, request: HttpRequest) -> Narrowed:
        asked = dict(said for name, said in self.export_defaults.items() if not request.GET.get(name))
        lost: list[str] = []
        for name, given in request.GET.lists():
            values = [str(value) for value in given if value != ""]
            if name in _NO_FILTERS or name in self.export_defaults or not values:
                continue
            said = self._search(request, values[0]) if name == SEARCH_VAR else self._filter(name, values)
            if said is None:
                lost.append(f"{self._words(name)}: {', '.join(values)}")
            else:
                asked |= said
        return Narrowed(asked, lost)

    def _filter(self, name: str, values: Sequence[str]) -> dict[str, str] | None:
        parameter = self.export_filters.get(name)
        if parameter is None or len(values) > 1:
            return None
        value: str | None = values[0]
        if name.endswith("__id__exact"):
            related: Any = self.opts.get_field(name.removesuffix("__id__exact")).related_model
            value = related._default_manager.filter(pk=value).values_list("code", flat=True).first() if values[0].isdecimal() else None
        return None if value is None else {parameter: value}

    def _search(self, request: HttpRequest, text: str) -> dict[str, str] | None:
        """The SKUs that the text finds, where it finds nothing else; or the reference, where it is one."""
        fields = [str(field) for field in self.get_search_fields(request)]
        of_sku = [field for field in fields if field.lstrip("=^").startswith(_SKU)]
        others = [field for field in fields if field not in of_sku]
        rows = self.get_queryset(request)
        if of_sku:
            skus: Any = self.opts.get_field("sku").related_model
            paths = [field.replace(_SKU, "", 1) for field in of_sku]
            found = self._found(request, skus._default_manager.order_by("code"), paths, text).values_list("code", flat=True)
            codes = list(found[: _MOST_SKUS + 1])
            if codes:
                is_all = len(codes) <= _MOST_SKUS and not (others and self._found(request, rows, others, text).exists())
                return {"sku": ",".join(codes)} if is_all and not any("," in code for code in codes) else None
        if "=reference" in others and "reference" in self.export_filters:
            further = [field for field in others if field != "=reference"]
            references = set(self._found(request, rows, ["=reference"], text).order_by().values_list("reference", flat=True)[:_MOST_SKUS])
            if len(references) == 1 and not (further and self._found(request, rows, further, text).exists()):
                return {self.export_filters["reference"]: references.pop()}
        return None

    def _found(self, request: HttpRequest, rows: Any, fields: Sequence[str], text: str) -> Any:  # noqa: ANN401 - rows of any model
        """The rows that the list's own search finds by some of its fields."""
        page = copy.copy(self)
        # On this copy alone; the class keeps its own.
        vars(page)["search_fields"] = tuple(fields)
        found, has_duplicates = page.get_search_results(request, rows, text)
        return found.distinct() if has_duplicates else found

    def _words(self, name: str) -> str:
        """What a parameter of the address is called on the page."""
        if name == SEARCH_VAR:
            return _("Search")
        field = name.split("__", maxsplit=1)[0]
        known = {each.name for each in self.opts.get_fields()}
        return capfirst(str(getattr(self.opts.get_field(field), "verbose_name", field))) if field in known else name
