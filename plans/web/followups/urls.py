"""Addresses of follow-up items and of the office's view."""

from django.urls import path

from plans.web.access import guarded
from plans.web.followups import carrying, overview, views

app_name = "followups"
_ITEM = "kien-nghi/<int:follow_up>/"

urlpatterns = guarded(
    app_name,
    [
        path("kien-nghi/", views.item_list, name="list"),
        path("kien-nghi/tong-hop/", overview.overview, name="overview"),
        path("truong/<int:school>/kien-nghi/", views.of_school, name="of_school"),
        path("kiem-tra/<int:inspection>/kien-nghi/", views.of_visit, name="of_visit"),
        path(_ITEM, views.item_page, name="item"),
        path(f"{_ITEM}tien-do/", views.note, name="note"),
        path(f"{_ITEM}da-lam/", views.report, name="report"),
        path(f"{_ITEM}xac-nhan/", views.verify, name="verify"),
        path(f"{_ITEM}mo-lai/", views.reopen, name="reopen"),
        path(f"{_ITEM}doi/", views.change, name="change"),
        path(f"{_ITEM}vao-ke-hoach/", carrying.carry, name="carry"),
        path(f"{_ITEM}minh-chung/<int:proof>/", views.proof, name="proof"),
        path("ke-hoach/<int:plan>/kien-nghi/", carrying.for_plan, name="plan"),
    ],
)
