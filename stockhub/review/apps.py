from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "stockhub.review"
    label = "review"
    verbose_name = _("Review")

    def ready(self) -> None:
        from stockhub.cycles import registry
        from stockhub.review import kpi_report

        registry.register(kpi_report.WEEKLY_REPORT)
        registry.register(kpi_report.MONTHLY_REPORT)
