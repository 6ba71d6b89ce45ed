from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchasingConfig(AppConfig):
    name = "stockhub.purchasing"
    label = "purchasing"
    verbose_name = _("Purchasing")

    def ready(self) -> None:
        from stockhub.inventory.models import VarianceKind
        from stockhub.inventory.transfers.variances import register_document
        from stockhub.purchasing.shipment_variances import ShipmentDocument

        register_document(VarianceKind.SHIPMENT, ShipmentDocument())
