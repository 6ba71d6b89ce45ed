from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandConfig(AppConfig):
    name = "stockhub.demand"
    label = "demand"
    verbose_name = _("Demand")

    def ready(self) -> None:
        from stockhub.cycles import registry
        from stockhub.demand import cycles

        registry.register(cycles.SYNC)
        registry.register(cycles.FORECAST)
