"""Addresses of the pages that begin a plan from last year's."""

from django.urls import path

from plans.web.access import guarded
from plans.web.starting import views

app_name = "starting"

urlpatterns = guarded(
    app_name,
    [
        path("truong/<int:school>/ke-hoach/tu-nam-truoc/", views.begin, name="begin"),
        path("ke-hoach/<int:plan>/nam-hoc-cu/", views.years, name="years"),
        path("ke-hoach/<int:plan>/viec/<int:action>/qua-cac-nam/", views.history, name="history"),
        path("ke-hoach/<int:plan>/muc/<slug:section>/tu-hoi-dong/", views.duties, name="duties"),
    ],
)
