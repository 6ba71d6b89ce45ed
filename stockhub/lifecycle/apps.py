from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "stockhub.lifecycle"
    label = "lifecycle"
    verbose_name = _("Life cycle")

    def ready(self) -> None:
        from stockhub.cycles import registry
        from stockhub.lifecycle.cycle import LIFECYCLE
        from stockhub.lifecycle.rules import BUILT_IN
        from stockhub.pluginhost.registry import register_built_in

        for rule in BUILT_IN:
            register_built_in("lifecycle_rule", rule)
        registry.register(LIFECYCLE)
