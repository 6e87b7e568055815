"""Addresses of the shelf of legal documents and of the picker."""

from django.urls import path

from plans.web.access import guarded
from plans.web.legal import views

app_name = "legal"

urlpatterns = guarded(
    app_name,
    [
        path("van-ban-can-cu/", views.shelf, name="shelf"),
        path("van-ban-can-cu/them/", views.add, name="add"),
        path("van-ban-can-cu/<int:document>/", views.edit, name="document"),
        path("ke-hoach/<int:plan>/tu-van-ban/", views.pick, name="pick"),
        path("ke-hoach/<int:plan>/tu-van-ban/them/", views.add_for_school, name="add_for_school"),
    ],
)
