from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandConfig(AppConfig):
    name = "stockhub.demand"
    label = "demand"
    verbose_name = _("Demand")

    def ready(self) -> None:
        from stockhub.cycles import registry
        from stockhub.demand import cycles
        from stockhub.demand.calendars.commerce import CommerceCalendar
        from stockhub.demand.calendars.public_holidays import PublicHolidays
        from stockhub.demand.champions.cycle import BACKTEST
        from stockhub.demand.signals.sources import RivalPriceSignal, SalesRankSignal, TrafficSignal
        from stockhub.demand.strategies import RecentAverage
        from stockhub.demand.velocity import VelocityWindows
        from stockhub.pluginhost.registry import register_built_in

        register_built_in("forecaster", RecentAverage())
        register_built_in("forecaster", VelocityWindows())
        register_built_in("demand_calendar", CommerceCalendar())
        register_built_in("demand_calendar", PublicHolidays())
        for source in (TrafficSignal(), SalesRankSignal(), RivalPriceSignal()):
            register_built_in("market_signal", source)
        registry.register(cycles.SYNC)
        registry.register(cycles.FORECAST)
        registry.register(BACKTEST)
