"""The page *Effective parameters*: what a rule uses for a SKU in a pool, where each value comes from, and what lost against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.alerts.formula_names import name_of_unit
from stockhub.alerts.models import ParameterScope, RuleParameter
from stockhub.alerts.parameters.effective import EffectiveParameter, effective_parameters, told_value
from stockhub.alerts.selectors import kind_info
from stockhub.alerts.units import with_unit
from stockhub.catalog.models import Sku, StockPool
from stockhub.catalog.selectors import pools_visible_to
from stockhub.core import clock
from stockhub.core.admin_forms import PlainForm
from stockhub.pluginhost.registry import registry
from stockhub.snapshot.confidence import LEVELS, SIGNS, data_confidence

TITLE = gettext_lazy("Effective parameters")
PERMISSION: Final = "alerts.view_ruleparameter"


@dataclass(frozen=True, slots=True)
class Held:
    """A value that somebody set, as the template shows it."""

    value: str
    of: str
    why: str
    link: str


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter: what holds, and what lost."""

    label: str
    about: str
    name: str
    value: str
    source: Held | None
    default: str
    lost: Sequence[Held]
    #: The form that sets it for this SKU, filled in; empty for who may not.
    setting: str


class PairForm(PlainForm):
    """Bound by the address of the page: which rule, which SKU, which pool."""

    rule = forms.ChoiceField(label=_("rule"))
    sku = forms.CharField(label=_("SKU"), max_length=100, help_text=_("Its code."))
    pool = forms.ChoiceField(label=_("pool"))

    def __init__(self, data: Any, *, viewer: User) -> None:  # noqa: ANN401 - a query
        super().__init__(data)
        self._pools: dict[str, int] = dict(
            StockPool.objects.filter(pk__in=pools_visible_to(viewer), deleted_at=None).order_by("code").values_list("code", "pk")
        )
        self.set_choices("rule", [(slug, kind_info(slug).label) for slug in sorted(registry().alert_rules)])
        self.set_choices("pool", [(code, code) for code in self._pools])

    def clean_sku(self) -> int:
        found = Sku.objects.filter(code=self.cleaned_data["sku"].strip(), deleted_at=None).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError(gettext("There is no SKU with this code."), code="unknown_sku")
        return int(found)

    def clean_pool(self) -> int:
        return self._pools[self.cleaned_data["pool"]]


def effective_parameters_page(request: HttpRequest) -> TemplateResponse:
    """A GET with the question in its address, so that an answer can be sent to somebody as a link."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    form = PairForm(request.GET if "sku" in request.GET else None, viewer=user)
    rows, trust = None, None
    if form.is_valid():
        asked = form.cleaned_data
        found = effective_parameters(rule=asked["rule"], sku_id=asked["sku"], pool_id=asked["pool"], as_of=clock.now())
        form_of = _setting(asked["rule"], asked["sku"]) if user.has_perm("alerts.add_ruleparameter") else None
        rows = [_row(each, form_of) for each in found]
        trust = _trust(asked["sku"], asked["pool"])
    context = admin.site.each_context(request) | {
        "title": TITLE, "form": form, "rows": rows,
        "trust": trust, "list": reverse("admin:alerts_ruleparameter_changelist"),
    }  # fmt: skip
    return TemplateResponse(request, "cockpit/effective_parameters.html", context)


def _trust(sku_id: int, pool_id: int) -> tuple[str, str, list[str]] | None:
    """The level, its meaning and what speaks against the data; None where nothing is known of the SKU in the pool."""
    found, language = data_confidence(sku_id=sku_id, pool_id=pool_id, as_of=clock.now()), get_language() or "en"
    if found is None:
        return None
    return found.level, LEVELS[found.level].text(language), [SIGNS[code].text(language) for code in found.signs]


def _setting(rule: str, sku_id: int) -> Callable[[EffectiveParameter], str]:
    """The address of the form that sets a parameter; what it is for can be widened there."""

    def address(each: EffectiveParameter) -> str:
        given = {"rule": rule, "parameter": each.name, "value": told_value(each.value), "scope": ParameterScope.SKU.value, "sku": sku_id}
        return f"{reverse('admin:alerts_ruleparameter_add')}?{urlencode(given)}"

    return address


def _row(each: EffectiveParameter, form_of: Callable[[EffectiveParameter], str] | None) -> ParameterRow:
    return ParameterRow(
        label=each.label.text(get_language() or "en"),
        about=each.about.text(get_language() or "en"),
        name=each.name,
        value=_amount(each),
        source=None if each.source is None else _held(each.source),
        default=told_value(each.default),
        lost=[_held(row) for row in each.lost],
        setting=form_of(each) if form_of else "",
    )


def _amount(each: EffectiveParameter) -> str:
    """As it was set, not rounded, with its unit; a share is set and shown as a part of 1."""
    number = told_value(each.value)
    if each.unit in ("", "1", "share", "probability") or isinstance(each.value, bool | str | None):
        return number
    money = name_of_unit(each.unit)
    return with_unit(number, each.unit, is_one=each.value == 1) if money is None else f"{number} {money}"


def _held(row: RuleParameter) -> Held:
    scope = str(ParameterScope(row.scope).label)
    return Held(
        value=told_value(row.value),
        of=gettext("%(scope)s: %(target)s") % {"scope": scope, "target": row.target} if row.target else scope,
        why=gettext("%(reason)s (%(who)s)") % {"reason": row.reason, "who": row.set_by},
        link=reverse("admin:alerts_ruleparameter_change", args=[row.pk]),
    )
