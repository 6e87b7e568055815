"""Addresses of the right of reply."""

from django.urls import path

from plans.web.access import guarded
from plans.web.replies import leaving, views

app_name = "replies"

_VISIT = "kiem-tra/<int:inspection>/phan-hoi/"

urlpatterns = guarded(
    app_name,
    [
        path(_VISIT, views.replies, name="replies"),
        path(f"{_VISIT}<int:finding>/", views.answer, name="answer"),
        path(f"{_VISIT}<int:finding>/quyet-dinh/", views.decide, name="decide"),
        path(f"{_VISIT}gui/", views.finish, name="finish"),
        path(f"{_VISIT}tep/<int:reply_file>/", views.file, name="file"),
        path(f"{_VISIT}gia-han/", leaving.extend, name="extend"),
        path(f"{_VISIT}ket-thuc/", leaving.conclude, name="conclude"),
        path(f"{_VISIT}mo-lai/", leaving.resume, name="resume"),
    ],
)
