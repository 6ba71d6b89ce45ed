from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "stockhub.access"
    label = "access"
    verbose_name = _("People and access")

    def ready(self) -> None:
        # Permissions are made by Django's own handler of this signal, which `contrib.auth` connects first.
        from django.db.models.signals import post_migrate

        from stockhub.access.roles import install_roles

        post_migrate.connect(install_roles, dispatch_uid="stockhub.access.install_roles")
