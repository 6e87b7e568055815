"""Addresses of the papers of a visit and of a campaign of visits."""

from django.urls import path

from plans.web.access import guarded
from plans.web.minutes import official, papers, signing, views

app_name = "minutes"

urlpatterns = guarded(
    app_name,
    [
        path("kiem-tra/<int:inspection>/bien-ban/", views.preview, name="preview"),
        path("kiem-tra/<int:inspection>/bien-ban/lap/", views.make, name="make"),
        path("kiem-tra/<int:inspection>/bien-ban/lap-lai/", views.redo, name="redo"),
        path("kiem-tra/<int:inspection>/bien-ban/mau-trong.pdf", views.blank, name="blank"),
        path(
            "kiem-tra/<int:inspection>/bien-ban/mau-trong.docx", views.blank_word, name="blank_word"
        ),
        path("kiem-tra/<int:inspection>/thong-bao/", papers.notice, name="notice"),
        path("kiem-tra/<int:inspection>/giay-to/", papers.of_visit, name="of_visit"),
        path("kiem-tra/dot/<int:visits>/bao-cao/", papers.report, name="report"),
        path("kiem-tra/giay-to/<int:paper>/", papers.paper, name="paper"),
        path("kiem-tra/giay-to/<int:paper>/tep/<int:paper_file>/", papers.file, name="file"),
        path("kiem-tra/giay-to/<int:paper>/ky/", signing.sign, name="sign"),
        path("kiem-tra/giay-to/<int:paper>/ky/tai-ve/", signing.current, name="sign_current"),
        path("kiem-tra/giay-to/<int:paper>/phat-hanh/", official.page, name="official"),
        path("kiem-tra/giay-to/<int:paper>/phat-hanh/ky/", official.sign, name="official_sign"),
        path(
            "kiem-tra/giay-to/<int:paper>/phat-hanh/tai-ve/",
            official.current,
            name="official_current",
        ),
        path("kiem-tra/giay-to/<int:paper>/phat-hanh/quet/", official.scan, name="official_scan"),
        path("kiem-tra/giay-to/<int:paper>/ban-quet/", signing.scans, name="scan"),
        path(
            "kiem-tra/giay-to/<int:paper>/hoan-tat/ban-quet/",
            signing.complete_on_paper,
            name="complete_on_paper",
        ),
        path(
            "kiem-tra/giay-to/<int:paper>/hoan-tat/truong-khong-ky/",
            signing.complete_without_school,
            name="complete_without_school",
        ),
    ],
)
