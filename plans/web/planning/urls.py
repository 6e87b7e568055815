"""Addresses of the plan pages."""

from django.urls import path

from plans.web.access import guarded
from plans.web.planning import corrections, downloads, money, rows, table, views

app_name = "planning"

_ROW = "ke-hoach/<int:plan>/dong/<int:row>/"
_ACTION = "ke-hoach/<int:plan>/viec/<int:action>/"

urlpatterns = guarded(
    app_name,
    [
        path("ke-hoach/", views.plan_list, name="list"),
        path("truong/<int:school>/ke-hoach/moi/", views.add, name="add"),
        path("ke-hoach/<int:plan>/", views.plan_page, name="plan"),
        path("ke-hoach/<int:plan>/muc/<slug:section>/", views.section_page, name="section"),
        path("ke-hoach/<int:plan>/muc/<slug:section>/kiem/", views.checks, name="checks"),
        path("ke-hoach/<int:plan>/ket-qua/<int:criterion>/", views.result, name="result"),
        path("ke-hoach/<int:plan>/viec/them/", table.add, name="action_add"),
        path(_ACTION, table.edit, name="action"),
        path(f"{_ACTION}cach-hieu/<slug:field>/", corrections.reading, name="reading"),
        path(f"{_ACTION}nhan-doi/", table.copy, name="action_copy"),
        path(f"{_ACTION}chuyen/", table.move, name="action_move"),
        path(f"{_ACTION}xoa/", table.remove, name="action_remove"),
        path(f"{_ACTION}xac-nhan/", table.confirm, name="action_confirm"),
        path(f"{_ACTION}hoan-tac/", table.restore, name="action_restore"),
        path("ke-hoach/<int:plan>/bang/<slug:table>/them/", rows.add, name="row_add"),
        path(_ROW, rows.edit, name="row"),
        path(f"{_ROW}chuyen/", rows.move, name="row_move"),
        path(f"{_ROW}xoa/", rows.remove, name="row_remove"),
        path(f"{_ROW}hoan-tac/", rows.restore, name="row_restore"),
        path("ke-hoach/<int:plan>/van-ban/", views.heading, name="heading"),
        path("ke-hoach/<int:plan>/kinh-phi/", money.totals, name="totals"),
        path("ke-hoach/<int:plan>/kiem-tra/", views.review, name="review"),
        path("ke-hoach/<int:plan>/soan-xong/", views.finish, name="finish"),
        path("ke-hoach/<int:plan>/mo-lai/", views.reopen, name="reopen"),
        path("ke-hoach/ban-in.css", downloads.paper_css, name="paper_css"),
        path("ke-hoach/<int:plan>/ban-in/", downloads.preview, name="preview"),
        path("ke-hoach/<int:plan>/tai/<slug:file_format>/", downloads.download, name="download"),
    ],
)
