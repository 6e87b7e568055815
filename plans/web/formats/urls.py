"""Addresses of the pages on forms and layouts."""

from django.urls import path

from plans.web.access import guarded
from plans.web.formats import layouts

app_name = "formats"

_BODY = "the-thuc/co-quan/<int:body>/"

urlpatterns = guarded(
    app_name,
    [
        path("the-thuc/", layouts.layout_list, name="layouts"),
        path("the-thuc/chung/", layouts.layout_general, name="layout_general"),
        path(
            "the-thuc/chung/xem-thu/", layouts.layout_general_preview, name="layout_general_preview"
        ),
        path(_BODY, layouts.layout, name="layout"),
        path(f"{_BODY}xem-thu/", layouts.layout_preview, name="layout_preview"),
    ],
)
