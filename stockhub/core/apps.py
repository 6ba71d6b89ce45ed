from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "stockhub.core"
    label = "core"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        from stockhub.core import lookups  # noqa: F401 - registers them
