from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "stockhub.alerts"
    label = "alerts"
    verbose_name = _("Warnings")

    def ready(self) -> None:
        from django.utils.translation import gettext

        from stockhub.alerts import adjusting, cycle, incremental
        from stockhub.alerts.feed_alerts import KIND_NAMES
        from stockhub.alerts.life import escalation
        from stockhub.alerts.outcomes import labelling
        from stockhub.alerts.rules import BUILT_IN
        from stockhub.core.actor_names import register_namer
        from stockhub.cycles import registry
        from stockhub.pluginhost.registry import register_built_in

        for rule in BUILT_IN:
            register_built_in("alert_rule", rule)
        register_namer("feed", lambda kind: gettext(KIND_NAMES.get(kind, kind)))
        registry.register(cycle.WARNINGS)
        registry.register(incremental.INCREMENTAL)
        registry.register(adjusting.THRESHOLDS)
        registry.register(escalation.ESCALATION)
        registry.register(labelling.OUTCOMES)
