from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "stockhub.catalog"
    label = "catalog"
    verbose_name = _("Catalog")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from stockhub.catalog.classification import POLICY_CHANGES
        from stockhub.catalog.places import WAREHOUSE_CHANGES
        from stockhub.catalog.skus import SKU_CHANGES
        from stockhub.catalog.stages import install_stages
        from stockhub.editing.undoable import register_undoable

        post_migrate.connect(install_stages, sender=self, dispatch_uid="stockhub.catalog.install_stages")
        for kind in (SKU_CHANGES, WAREHOUSE_CHANGES, POLICY_CHANGES):
            register_undoable(kind)
