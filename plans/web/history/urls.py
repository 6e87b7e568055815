"""Addresses of the record."""

from django.urls import path

from plans.web.access import guarded
from plans.web.history import views

app_name = "history"

urlpatterns = guarded(
    app_name, [path("truong/<int:school>/nhat-ky/", views.school_record, name="school")]
)
