from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PluginhostConfig(AppConfig):
    name = "stockhub.pluginhost"
    label = "pluginhost"
    verbose_name = _("Plugins")
