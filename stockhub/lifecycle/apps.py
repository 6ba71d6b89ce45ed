from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "stockhub.lifecycle"
    label = "lifecycle"
    verbose_name = _("Life cycle")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from stockhub.cycles import registry
        from stockhub.lifecycle.buying import install_stage_defaults
        from stockhub.lifecycle.cycle import LIFECYCLE
        from stockhub.lifecycle.rules import BUILT_IN
        from stockhub.pluginhost.registry import register_built_in

        post_migrate.connect(install_stage_defaults, sender=self, dispatch_uid="stockhub.lifecycle.install_stage_defaults")
        for rule in BUILT_IN:
            register_built_in("lifecycle_rule", rule)
        registry.register(LIFECYCLE)
