"""Addresses that are printed on paper or put on a school's own site: they never change."""

from django.urls import path

from plans.web.access import guarded
from plans.web.public import views

app_name = "public"

urlpatterns = guarded(
    app_name,
    [
        path("tra-cuu/", views.look_up, name="look_up"),
        path("tra-cuu/<str:code>/", views.check, name="check"),
    ],
)
