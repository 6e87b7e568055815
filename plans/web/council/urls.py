"""Addresses of the council's pages; `year` is the first year of the school year."""

from django.urls import path

from plans.web.access import guarded
from plans.web.council import views

app_name = "council"

_YEAR = "truong/<int:school>/hoi-dong/<int:year>/"
_MEMBER = f"{_YEAR}thanh-vien/<int:member>/"

urlpatterns = guarded(
    app_name,
    [
        path(_YEAR, views.year_page, name="year"),
        path(f"{_YEAR}chep/", views.copy, name="copy"),
        path(_MEMBER, views.member_page, name="member"),
        path(f"{_MEMBER}chuyen/", views.move, name="move"),
        path(f"{_MEMBER}xoa/", views.remove, name="remove"),
        path(f"{_MEMBER}khoi-phuc/", views.restore, name="restore"),
    ],
)
