"""Addresses of the pages of notices."""

from django.urls import path

from plans.web.access import guarded
from plans.web.notices import views

app_name = "notices"

urlpatterns = guarded(
    app_name,
    [
        path("thong-bao/", views.inbox, name="inbox"),
        path("thong-bao/<int:notice>/da-doc/", views.read, name="read"),
        path("thong-bao/da-doc/", views.read_all, name="read_all"),
        path("thong-bao/cach-nhan/", views.choices, name="choices"),
    ],
)
