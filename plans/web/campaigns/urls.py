"""Addresses of campaigns and of an office's rules."""

from django.urls import path

from plans.web.access import guarded
from plans.web.campaigns import office, views

app_name = "campaigns"

urlpatterns = guarded(
    app_name,
    [
        path("dot-nop/", views.campaign_list, name="list"),
        path("dot-nop/co-quan/<int:body>/moi/", views.add, name="add"),
        path("dot-nop/<int:campaign>/", views.campaign_page, name="campaign"),
        path("dot-nop/<int:campaign>/sua/", views.change, name="change"),
        path("dot-nop/<int:campaign>/cac-truong/", views.schools, name="schools"),
        path("dot-nop/<int:campaign>/gia-han/", views.extend, name="extend"),
        path("dot-nop/<int:campaign>/dong/", views.close, name="close"),
        path("dot-nop/<int:campaign>/tinh-hinh.xlsx", views.workbook, name="workbook"),
        path("dot-nop/quy-dinh/<int:body>/", office.rule_page, name="office_rule"),
    ],
)
