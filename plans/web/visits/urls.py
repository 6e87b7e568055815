"""Addresses of visits."""

from django.urls import path

from plans.web.access import guarded
from plans.web.visits import recording, syncing, views

app_name = "visits"

urlpatterns = guarded(
    app_name,
    [
        path("kiem-tra/", views.visit_list, name="list"),
        path("kiem-tra/<int:inspection>/", views.visit, name="visit"),
        path("kiem-tra/<int:inspection>/mo/", recording.open_visit, name="open"),
        path("kiem-tra/<int:inspection>/ghi/", recording.record_page, name="record"),
        path("kiem-tra/<int:inspection>/ghi/luu/", recording.save, name="save"),
        path("kiem-tra/<int:inspection>/ghi/nhat-ky/", recording.entries, name="entries"),
        path("kiem-tra/<int:inspection>/ghi/nhat-ky/<int:entry>/", recording.settle, name="settle"),
        path("kiem-tra/<int:inspection>/goi/", syncing.bundle, name="bundle"),
        path("kiem-tra/<int:inspection>/dong-bo/", syncing.sync, name="sync"),
        path("kiem-tra/<int:inspection>/anh/", syncing.photo_add, name="photo_add"),
        path("kiem-tra/<int:inspection>/anh/<int:photo>/", syncing.photo, name="photo"),
        path("kiem-tra/may.js", syncing.worker, name="worker"),
    ],
)
