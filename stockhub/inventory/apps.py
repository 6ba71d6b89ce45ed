from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "stockhub.inventory"
    label = "inventory"
    verbose_name = _("Stock ledger")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from stockhub.core import partitions
        from stockhub.inventory.buckets import install_buckets
        from stockhub.inventory.models import VarianceKind
        from stockhub.inventory.transfers.documents import TransferDocument
        from stockhub.inventory.transfers.variances import register_document

        partitions.declare("inventory_movement", key="recorded_at")
        post_migrate.connect(install_buckets, sender=self, dispatch_uid="stockhub.inventory.install_buckets")
        register_document(VarianceKind.TRANSFER, TransferDocument())
