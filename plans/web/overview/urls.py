"""Addresses of the pages that read across rooms."""

from django.urls import path

from plans.web.access import guarded
from plans.web.overview import views

app_name = "overview"

urlpatterns = guarded(
    app_name,
    [
        path("", views.home, name="home"),
        path("tro-giup/", views.help_page, name="help"),
        path("kha-nang-tiep-can/", views.accessibility, name="accessibility"),
        path("bo-tieu-chuan/", views.catalogue, name="catalogue"),
    ],
)
