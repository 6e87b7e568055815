"""Addresses of the self-assessment pages."""

from django.urls import path

from plans.web.access import guarded
from plans.web.assessing import downloads, matrix, sheet

app_name = "assessing"

_MATRIX = "ke-hoach/<int:plan>/tu-danh-gia/"
_SHEET = f"{_MATRIX}<int:criterion>/"

urlpatterns = guarded(
    app_name,
    [
        path(_MATRIX, matrix.matrix, name="matrix"),
        path(f"{_MATRIX}tai/<slug:sheet_format>/", downloads.all_sheets, name="all_sheets"),
        path(_SHEET, sheet.sheet, name="sheet"),
        path(f"{_SHEET}muc-dat/", matrix.level, name="level"),
        path(f"{_SHEET}chi-bao/<int:indicator>/", sheet.indicator, name="indicator"),
        path(f"{_SHEET}ca-muc/<int:level>/", sheet.whole_level, name="whole_level"),
        path(f"{_SHEET}mo-ta/<int:level>/", sheet.description, name="description"),
        path(f"{_SHEET}de-xuat/", sheet.propose, name="propose"),
        path(f"{_SHEET}tai/<slug:sheet_format>/", downloads.one_sheet, name="one_sheet"),
    ],
)
