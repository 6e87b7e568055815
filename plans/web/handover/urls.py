"""Addresses of packages, scans and the choice of what is public."""

from django.urls import path

from plans.web.access import guarded
from plans.web.handover import views

app_name = "handover"

urlpatterns = guarded(
    app_name,
    [
        path("van-ban/<int:issued>/goi/", views.document, name="document"),
        path("van-ban/<int:issued>/ban-quet/", views.scans, name="scans"),
        path("van-ban/<int:issued>/cong-khai/", views.publishing, name="publish"),
        path("van-ban/<int:issued>/cong-khai/thoi/", views.stop, name="unpublish"),
        path("ban-giao/<int:year>/", views.office, name="office"),
    ],
)
