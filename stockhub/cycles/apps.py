from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CyclesConfig(AppConfig):
    name = "stockhub.cycles"
    label = "cycles"
    verbose_name = _("Cycles")

    def ready(self) -> None:
        from stockhub.core.actor_names import register_namer
        from stockhub.cycles.naming import cycle_label

        register_namer("cycle", cycle_label)
