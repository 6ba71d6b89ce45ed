from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "stockhub.alerts"
    label = "alerts"
    verbose_name = _("Warnings")

    def ready(self) -> None:
        from stockhub.alerts import adjusting, cycle, incremental
        from stockhub.alerts.life import escalation
        from stockhub.alerts.outcomes import labelling
        from stockhub.alerts.rules import BUILT_IN
        from stockhub.cycles import registry
        from stockhub.pluginhost.registry import register_built_in

        for rule in BUILT_IN:
            register_built_in("alert_rule", rule)
        registry.register(cycle.WARNINGS)
        registry.register(incremental.INCREMENTAL)
        registry.register(adjusting.THRESHOLDS)
        registry.register(escalation.ESCALATION)
        registry.register(labelling.OUTCOMES)
