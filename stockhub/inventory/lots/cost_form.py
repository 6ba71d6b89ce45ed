"""The form of a late invoice for a lot."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from stockhub.core.admin_forms import PlainForm
from stockhub.core.currencies import CURRENCIES
from stockhub.inventory.lots.receipts import UnitCost
from stockhub.inventory.models import CostKind
from stockhub.values.money import SCALE_DIGITS


def _new_key() -> str:
    return f"form:{uuid.uuid4()}"


class LotCostForm(PlainForm):
    """Carries a key of its own, so that a form that is sent twice adds one cost."""

    kind = forms.ChoiceField(label=_("kind"), choices=CostKind.choices)
    unit_amount = forms.DecimalField(
        label=_("amount a unit"),
        max_digits=18,
        decimal_places=SCALE_DIGITS,
        help_text=_("An invoice divided by the units that it is for. Below zero for a credit note."),
    )
    currency = forms.CharField(label=_("currency"), max_length=3)
    rate_on = forms.DateField(
        label=_("rate of"), required=False, help_text=_("The day whose exchange rate applies; the day of receipt where it is empty.")
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=_new_key, max_length=60)

    def clean_currency(self) -> str:
        """The code as it is kept."""
        code = str(self.cleaned_data["currency"]).upper()
        if code not in CURRENCIES:
            raise forms.ValidationError(_("Use an ISO 4217 code such as CNY or USD."))
        return code

    def cost(self) -> UnitCost:
        """What was typed, once it is valid."""
        given = self.cleaned_data
        amount: Decimal = given["unit_amount"]
        return UnitCost(kind=CostKind(given["kind"]), unit_amount=amount, currency=given["currency"], rate_on=given["rate_on"])
