from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "stockhub.channels"
    label = "channels"
    verbose_name = _("Sales channels")

    def ready(self) -> None:
        from django.conf import settings

        from stockhub.channels import cycles
        from stockhub.channels.pushes.cycles import DIFFERENCES
        from stockhub.channels.spoken import marketplace_name
        from stockhub.core import partitions, retention
        from stockhub.core.actor_names import register_namer
        from stockhub.cycles import registry

        def days() -> int:
            return int(settings.STOCKHUB_KEEP_PAYLOADS_DAYS)

        partitions.declare("channels_orderline", key="order_recorded_at")
        # What nobody has applied yet, and what waits in quarantine for its cause to be mended, is still needed.
        retention.declare("channels_receivedrecord", key="received_at", days=days, unless="status IN ('due', 'replay', 'quarantined')")
        retention.declare("channels_receivedkey", key="received_at", days=days, pk="digest")
        # What is not worked on yet, or was given up, is still needed; ids of what is done are, as long as platforms may push it again.
        retention.declare("channels_webhookmessage", key="received_at", days=days, unless="status IN ('due', 'parked')")
        retention.declare("channels_unreadablewebhook", key="received_at", days=days)
        retention.declare("channels_stockdifference", key="recorded_at", days=days)
        for kind in ("webhook", "inbox"):
            register_namer(kind, marketplace_name)
        registry.register(cycles.QUARANTINE)
        registry.register(DIFFERENCES)
