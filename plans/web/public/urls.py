"""Addresses that are printed on paper or put on a school's own site: they never change."""

from django.urls import path

from plans.web.access import guarded
from plans.web.public import copies, views

app_name = "public"

urlpatterns = guarded(
    app_name,
    [
        path("tra-cuu/", views.look_up, name="look_up"),
        path("tra-cuu/<str:code>/", views.check, name="check"),
        path("cong-khai/<str:token>/", copies.page, name="copy"),
        path("cong-khai/<str:token>/nhung/", copies.embedded, name="copy_embed"),
        path("cong-khai/<str:token>/ban-cong-khai.pdf", copies.pdf, name="copy_pdf"),
    ],
)
