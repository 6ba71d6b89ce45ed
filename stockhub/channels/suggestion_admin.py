"""The page on which people look at what listings may deliver, and link many of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.channels.listing_suggestions import Reason, suggestions
from stockhub.channels.models import Account, Listing
from stockhub.channels.suggestion_acceptance import Acceptance, Accepted, accept_suggestions
from stockhub.core.admin_forms import PlainForm

#: Listings on one page.
LISTINGS = 100
#: From here on a suggestion is ticked before anybody has looked.
_SURE = 0.95
REASONS = {
    Reason.SAME_CODE: _("same code"),
    Reason.EXTERNAL_CODE: _("known code"),
    Reason.BARCODE: _("same barcode"),
    Reason.OTHER_ACCOUNT: _("linked like this on another account"),
    Reason.ALIKE_CODE: _("code but for case and signs"),
    Reason.ALIKE_TITLE: _("title is alike"),
}


class SuggestionsForm(PlainForm):
    """One choice for each suggestion: listing, SKU and units."""

    chosen = forms.MultipleChoiceField(label=_("Suggestions"), required=False, widget=forms.CheckboxSelectMultiple)


def drawn(listings: Sequence[Listing]) -> tuple[list[tuple[str, str]], list[str]]:
    """The choices with their labels, by listing and the surest first, and those that are ticked to begin with."""
    choices: list[tuple[str, str]] = []
    ticked: list[str] = []
    by_account: dict[int, list[Listing]] = {}
    for listing in listings:
        by_account.setdefault(listing.account_id, []).append(listing)
    for rows in by_account.values():
        found = suggestions(rows)
        skus = Sku.objects.in_bulk({told.sku_id for each in found.values() for told in each})
        for listing in rows:
            for place, told in enumerate(found.get(listing.pk, ())):
                value = f"{listing.pk}:{told.sku_id}:{told.qty}"
                words = {
                    "listing": f"{listing.account.code} {listing.code} {listing.title}".strip(), "qty": told.qty,
                    "sku": f"{skus[told.sku_id].code} {skus[told.sku_id].name}", "score": round(told.score * 100),
                    "reason": REASONS[told.reason],
                }  # fmt: skip
                choices.append((value, gettext("%(listing)s → %(qty)d × %(sku)s (%(score)d %%, %(reason)s)") % words))
                if place == 0 and told.score >= _SURE:
                    ticked.append(value)
    return choices, ticked


def accept(listings: Sequence[Listing], values: Sequence[str]) -> list[Accepted]:
    """Links what was ticked; of two ticks for one listing the second is refused."""
    by_id = {listing.pk: listing for listing in listings}
    skus = dict(Sku.objects.filter(pk__in={int(value.split(":")[1]) for value in values}).values_list("pk", "code"))
    rows: dict[Account, list[Acceptance]] = {}
    for value in values:
        listing_id, sku_id, qty = map(int, value.split(":"))
        listing = by_id[listing_id]
        rows.setdefault(listing.account, []).append(Acceptance(listing.code, skus[sku_id], qty, listing.kind))
    return [told for account, its in rows.items() for told in accept_suggestions(account=account, rows=its)]
