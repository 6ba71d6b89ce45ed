from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "stockhub.channels"
    label = "channels"
    verbose_name = _("Sales channels")

    def ready(self) -> None:
        from stockhub.core import partitions

        partitions.declare("channels_orderline", key="order_recorded_at")
        from stockhub.channels import cycles
        from stockhub.cycles import registry

        registry.register(cycles.QUARANTINE)
