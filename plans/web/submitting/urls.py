"""Addresses of a plan's way."""

from django.urls import path

from plans.web.access import guarded
from plans.web.submitting import views
from plans.web.submitting.views import mover

app_name = "submitting"

_PLAN = "ke-hoach/<int:plan>/"

urlpatterns = guarded(
    app_name,
    [
        path(f"{_PLAN}trinh-gui/", views.way, name="way"),
        path(f"{_PLAN}trinh-gui/y-kien/", views.opinion, name="opinion"),
        path(f"{_PLAN}trinh-gui/tra-loi/<int:remark>/", views.answer, name="answer"),
        path(f"{_PLAN}lan-gui/<int:sequence>/", views.submission, name="submission"),
        path(f"{_PLAN}lan-gui/y-kien/", views.remark, name="remark"),
        path(f"{_PLAN}lan-gui/y-kien/<int:remark>/bo/", views.remark_drop, name="remark_drop"),
        path(f"{_PLAN}gui/", mover("send"), name="send"),
        path(f"{_PLAN}tiep-nhan/", mover("receive"), name="receive"),
        path(f"{_PLAN}tra-lai/", mover("return"), name="return"),
        path(f"{_PLAN}duyet/", mover("approve"), name="approve"),
        path(f"{_PLAN}bat-dau/", mover("start"), name="start"),
        path(f"{_PLAN}ket-thuc/", mover("close"), name="close"),
        path(f"{_PLAN}sua-doi/", mover("revise"), name="revise"),
        path(f"{_PLAN}thu-hoi/", mover("withdraw"), name="withdraw"),
    ],
)
