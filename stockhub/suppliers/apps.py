from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    name = "stockhub.suppliers"
    label = "suppliers"
    verbose_name = _("Suppliers")

    def ready(self) -> None:
        from stockhub.editing.undoable import register_undoable
        from stockhub.suppliers.services import OFFER_CHANGES, SUPPLIER_CHANGES

        for kind in (SUPPLIER_CHANGES, OFFER_CHANGES):
            register_undoable(kind)
