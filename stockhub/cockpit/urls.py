"""Pages of the admin that are no model's: they come before those of the models, at `/admin/stock/`."""

from django.contrib import admin
from django.urls import path

from stockhub.cockpit.by_hand import stock_by_hand
from stockhub.cockpit.effective_parameters import effective_parameters_page
from stockhub.cockpit.fee_rates import fee_rates
from stockhub.cockpit.imbalances import imbalances
from stockhub.cockpit.kpi_change import kpi_change
from stockhub.cockpit.kpis import kpis
from stockhub.cockpit.levels_from_sales import levels_from_sales
from stockhub.cockpit.live_rooms import live_rooms_page
from stockhub.cockpit.presales import presales
from stockhub.cockpit.stock_at_moment import stock_at_moment

app_name = "cockpit"
urlpatterns = [
    path("at-a-moment/", admin.site.admin_view(stock_at_moment), name="stock_at_moment"),
    path("by-hand/", admin.site.admin_view(stock_by_hand), name="stock_by_hand"),
    path("by-hand/<slug:kind>/", admin.site.admin_view(stock_by_hand), name="stock_by_hand"),
    path("fees/", admin.site.admin_view(fee_rates), name="fee_rates"),
    path("imbalances/", admin.site.admin_view(imbalances), name="imbalances"),
    path("parameters/", admin.site.admin_view(effective_parameters_page), name="effective_parameters"),
    path("key-figures/", admin.site.admin_view(kpis), name="kpis"),
    path("key-figures/why/", admin.site.admin_view(kpi_change), name="kpi_change"),
    path("levels/", admin.site.admin_view(levels_from_sales), name="levels_from_sales"),
    path("live-rooms/", admin.site.admin_view(live_rooms_page), name="live_rooms"),
    path("presales/", admin.site.admin_view(presales), name="presales"),
]
