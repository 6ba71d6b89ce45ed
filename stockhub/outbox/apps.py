from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "stockhub.outbox"
    label = "outbox"
    verbose_name = _("Events and deliveries")

    def ready(self) -> None:
        from stockhub.outbox.notifiers import BUILT_IN
        from stockhub.pluginhost.registry import register_built_in

        for notifier in BUILT_IN:
            register_built_in("notifier", notifier)
