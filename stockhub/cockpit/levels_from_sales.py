"""The page *Minimum and maximum from sales*: levels of many SKUs at once, shown before they are kept (U10)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.catalog.models import Category, StockPool
from stockhub.catalog.selectors import pools_visible_to, skus_visible_to
from stockhub.core.admin_forms import PlainForm
from stockhub.overview.own_levels import FEW_DAYS, FEWEST_DAYS, NO_SALES, LevelRequest, OwnLevels, keep_levels, proposed_levels
from stockhub.values import DomainError

TITLE = gettext_lazy("Minimum and maximum from sales")
PERMISSION: Final = "catalog.change_stockpolicy"
#: SKUs at a time: what one change set holds.
MOST_SKUS: Final = 1_000


class LevelForm(PlainForm):
    """Which SKUs, and how their levels are reckoned."""

    pool = forms.ChoiceField(label=_("pool"))
    category = forms.ChoiceField(label=_("category"), required=False, help_text=_("And all beneath it."))
    skus = forms.CharField(
        label=_("SKUs"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Their codes, one a line; empty: all.")
    )
    days = forms.IntegerField(label=_("days to look back on"), min_value=FEWEST_DAYS, max_value=730, initial=90)
    service_level = forms.FloatField(
        label=_("service level"), min_value=0.5, max_value=0.999, initial=0.95,
        help_text=_("The chance that stock lasts from an order until it arrives."),
    )  # fmt: skip
    order_days = forms.FloatField(label=_("days of sales that an order brings"), min_value=1, max_value=366, initial=30)

    def __init__(self, data: Any, *, viewer: User) -> None:  # noqa: ANN401 - a query
        super().__init__(data)
        seen = StockPool.objects.filter(pk__in=pools_visible_to(viewer), deleted_at=None).order_by("code")
        self.pools: dict[str, int] = dict(seen.values_list("code", "pk"))
        self.set_choices("pool", [(code, code) for code in self.pools])
        categories = Category.objects.filter(deleted_at=None).order_by("code").values_list("code", "name")
        self.set_choices("category", [("", "–"), *((code, f"{code} · {name}") for code, name in categories)])
        self._viewer = viewer

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        codes = [line.strip() for line in data["skus"].splitlines() if line.strip()]
        skus = skus_visible_to(self._viewer).filter(deleted_at=None, is_bundle=False)
        if codes:
            skus = skus.filter(code__in=codes)
            if unknown := sorted(set(codes) - set(skus.values_list("code", flat=True))):
                self.add_error("skus", gettext("There is no SKU with this code: %(codes)s") % {"codes": ", ".join(unknown[:10])})
        if data["category"]:
            skus = skus.filter(category__code__in=_with_all_beneath(data["category"]))
        data["sku_ids"] = list(skus.order_by("code").values_list("pk", flat=True)[: MOST_SKUS + 1])
        if len(data["sku_ids"]) > MOST_SKUS:
            self.add_error(None, gettext("These are more than %(most)d SKUs; choose a category, or name them.") % {"most": MOST_SKUS})
        return data

    def proposals(self) -> list[OwnLevels]:
        """Of a valid form."""
        data = self.cleaned_data
        wanted = LevelRequest(self.pools[data["pool"]], data["days"], data["service_level"], data["order_days"])
        return proposed_levels(data["sku_ids"], wanted)


def _with_all_beneath(code: str) -> set[str]:
    children: dict[str | None, list[str]] = {}
    for child, parent in Category.objects.filter(deleted_at=None).values_list("code", "parent__code"):
        children.setdefault(parent, []).append(child)
    found, left = {code}, [code]
    while left:
        fresh = [child for child in children.get(left.pop(), []) if child not in found]
        found.update(fresh)
        left += fresh
    return found


def levels_from_sales(request: HttpRequest) -> HttpResponse:
    """A GET shows what would be set; a POST with the same question sets it, reckoned anew."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    form = LevelForm(given if "pool" in given else None, viewer=user)
    rows: list[OwnLevels] | None = None
    if form.is_valid():
        rows = form.proposals()
        if request.method == "POST":
            try:
                count = keep_levels(rows, pool=form.cleaned_data["pool"])
            except DomainError as error:
                messages.error(request, str(error.message))
            else:
                told = ngettext("%(count)d policy was changed.", "%(count)d policies were changed.", count) % {"count": count}
                messages.success(request, told)
                return redirect(reverse("admin:catalog_stockpolicy_changelist"))
    context = admin.site.each_context(request) | {
        "title": TITLE, "form": form, "rows": rows, "changes": sum(row.changes for row in rows or ()),
        "asked": [(name, given[name]) for name in form.fields if name in given] if rows else [],
        "reasons": _REASONS, "undo": reverse("admin:editing_changeset_changelist"),
    }  # fmt: skip
    return TemplateResponse(request, "cockpit/levels_from_sales.html", context)


_REASONS: Final = {FEW_DAYS: _("fewer than 28 known days"), NO_SALES: _("no sales")}
