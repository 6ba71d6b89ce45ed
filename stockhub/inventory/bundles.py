"""A bundle has no stock of its own: what is posted by hand names its components, and a list of bundles is taken apart into them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import BundleComponent, Sku
from stockhub.values.errors import DomainError


def refuse_bundles(sku_ids: Collection[int], *, path: Sequence[str] = ("sku",)) -> None:
    """Raises `bundle_has_no_stock`, naming the components, where one of the SKUs is a bundle. One query where none is."""
    found = Sku.objects.filter(id__in=set(sku_ids), is_bundle=True).order_by("id").values_list("id", "code").first()
    if found is None:
        return
    parts = BundleComponent.objects.filter(bundle_id=found[0]).order_by("component__code").values_list("component__code", "qty")
    raise bundle_refused(found[1], list(parts), path=path)


def bundle_refused(code: str, parts: Sequence[tuple[str, int]], *, path: Sequence[str] = ("sku",)) -> DomainError:
    """The refusal of a bundle, with what to post in its place."""
    named = ", ".join(f"{qty} × {component}" for component, qty in parts) or "none yet"
    return DomainError(
        "bundle_has_no_stock",
        _("%(sku)s is a bundle and has no stock of its own: post its components instead (%(named)s)."),
        path=tuple(path),
        params={"sku": code, "components": [[component, qty] for component, qty in parts], "named": named},
    )


def components_of(sku_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """(component's id, units in one bundle) by bundle, for those of the SKUs that are bundles; others are absent.

    Raises `bundle_is_empty` where a bundle has no components: there is nothing that could be moved.
    """
    bundles = dict(Sku.objects.filter(id__in=set(sku_ids), is_bundle=True).values_list("id", "code"))
    if not bundles:
        return {}
    parts: dict[int, list[tuple[int, int]]] = {pk: [] for pk in bundles}
    rows = BundleComponent.objects.filter(bundle_id__in=bundles).order_by("bundle_id", "component_id")
    for bundle_id, component_id, qty in rows.values_list("bundle_id", "component_id", "qty"):
        parts[bundle_id].append((component_id, qty))
    for pk, code in bundles.items():
        if not parts[pk]:
            raise DomainError(
                "bundle_is_empty", _("This bundle has no components: name them first."), path=("sku",), params={"sku": code}
            )  # fmt: skip
    return parts
