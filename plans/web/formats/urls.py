"""Addresses of the pages on forms and layouts."""

from django.urls import path

from plans.web.access import guarded
from plans.web.formats import layouts, views

app_name = "formats"

_FORM = "mau-ke-hoach/<int:plan_form>/"
_BODY = "the-thuc/co-quan/<int:body>/"

urlpatterns = guarded(
    app_name,
    [
        path("mau-ke-hoach/", views.form_list, name="forms"),
        path(_FORM, views.form_page, name="form"),
        path(f"{_FORM}chep/", views.copy, name="form_copy"),
        path(f"{_FORM}sua/", views.edit, name="form_edit"),
        path(f"{_FORM}xem-thu/", views.preview, name="form_preview"),
        path(f"{_FORM}man-hinh/", views.screen, name="form_screen"),
        path(f"{_FORM}ap-dung/", views.put_in_force, name="form_put"),
        path(f"{_FORM}bo/", views.drop, name="form_drop"),
        path("the-thuc/", layouts.layout_list, name="layouts"),
        path("the-thuc/chung/", layouts.layout_general, name="layout_general"),
        path(
            "the-thuc/chung/xem-thu/", layouts.layout_general_preview, name="layout_general_preview"
        ),
        path(_BODY, layouts.layout, name="layout"),
        path(f"{_BODY}xem-thu/", layouts.layout_preview, name="layout_preview"),
    ],
)
