"""Addresses of schools."""

from django.urls import path

from plans.web.access import guarded
from plans.web.schools import views

app_name = "schools"

urlpatterns = guarded(
    app_name,
    [
        path("truong/", views.school_list, name="list"),
        path("truong/<int:school>/", views.school_page, name="school"),
    ],
)
