"""Addresses of packages and scans."""

from django.urls import path

from plans.web.access import guarded
from plans.web.handover import views

app_name = "handover"

urlpatterns = guarded(
    app_name,
    [
        path("van-ban/<int:issued>/goi/", views.document, name="document"),
        path("van-ban/<int:issued>/ban-quet/", views.scans, name="scans"),
        path("ban-giao/<int:year>/", views.office, name="office"),
    ],
)
