"""Addresses of checklists."""

from django.urls import path

from plans.web.access import guarded
from plans.web.checklists import questions, views

app_name = "checklists"

urlpatterns = guarded(
    app_name,
    [
        path("phieu-kiem-tra/", views.checklist_list, name="list"),
        path("phieu-kiem-tra/co-quan/<int:body>/moi/", views.add, name="add"),
        path("phieu-kiem-tra/<int:checklist>/", views.checklist_page, name="checklist"),
        path("phieu-kiem-tra/<int:checklist>/ten/", views.rename, name="rename"),
        path("phieu-kiem-tra/<int:checklist>/ban-hanh/", views.publish, name="publish"),
        path("phieu-kiem-tra/<int:checklist>/phien-ban-moi/", views.new_version, name="version"),
        path("phieu-kiem-tra/<int:checklist>/bo/", views.drop, name="drop"),
        path("phieu-kiem-tra/<int:checklist>/xlsform/", views.download, name="download"),
        path(
            "phieu-kiem-tra/<int:checklist>/tieu-chi/<int:criterion>/them/",
            questions.add,
            name="question_add",
        ),
        path(
            "phieu-kiem-tra/<int:checklist>/cau-hoi/<int:question>/",
            questions.change,
            name="question",
        ),
        path(
            "phieu-kiem-tra/<int:checklist>/cau-hoi/<int:question>/chuyen/",
            questions.move,
            name="question_move",
        ),
        path(
            "phieu-kiem-tra/<int:checklist>/cau-hoi/<int:question>/bo/",
            questions.remove,
            name="question_remove",
        ),
        path("phieu-kiem-tra/<int:checklist>/dua-lai/", questions.bring_back, name="bring_back"),
    ],
)
