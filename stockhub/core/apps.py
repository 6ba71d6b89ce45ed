from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "stockhub.core"
    label = "core"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from stockhub.core import lookups  # noqa: F401 - registers them

        post_migrate.connect(_ensure_partitions, sender=self, dispatch_uid="stockhub.core.ensure_partitions")


def _ensure_partitions(sender: AppConfig, **_kwargs: Any) -> None:  # noqa: ANN401, ARG001 - a signal's
    """After every migration, whatever it was: a database that was restored or left alone for months has its months again."""
    from stockhub.core import clock
    from stockhub.core.partitions import ensure_partitions

    ensure_partitions(clock.now())
