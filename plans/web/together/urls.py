"""Addresses of the pages of people who write together."""

from django.urls import path

from plans.web.access import guarded
from plans.web.together.views import history, live, parts, talk

app_name = "together"

_PLAN = "ke-hoach/<int:plan>/"

urlpatterns = guarded(
    app_name,
    [
        path(f"{_PLAN}lich-su/", history.history, name="history"),
        path(f"{_PLAN}lich-su/so-sanh/", history.compare_page, name="compare"),
        path(f"{_PLAN}lich-su/dua-lai/", history.bring_back_page, name="bring_back"),
        path(f"{_PLAN}thung-rac/", history.trash, name="trash"),
        path(f"{_PLAN}trao-doi/", talk.comments, name="comments"),
        path(f"{_PLAN}trao-doi/<int:comment>/xong/", talk.solve, name="comment_solve"),
        path(f"{_PLAN}phan-cong/", parts.assignments, name="assignments"),
        path(
            f"{_PLAN}phan-cong/<int:assignment>/thoi/", parts.take_back, name="assignment_take_back"
        ),
        path(f"{_PLAN}phan-cua-toi/", parts.mine, name="my_part"),
        path(f"{_PLAN}moi/", live.news, name="news"),
    ],
)
