"""Addresses of issue, issued documents and the register."""

from django.urls import path

from plans.web.access import guarded
from plans.web.issuing import register, views

app_name = "issuing"

urlpatterns = guarded(
    app_name,
    [
        path("ke-hoach/<int:plan>/ban-hanh/", views.issue, name="issue"),
        path("ke-hoach/<int:plan>/da-ban-hanh/", views.plan_documents, name="documents"),
        path("truong/<int:school>/da-ban-hanh/", views.school_documents, name="of_school"),
        path("truong/<int:school>/so-van-ban/", register.register, name="register"),
        path("da-ban-hanh/<int:issued>/", views.document, name="document"),
        path("da-ban-hanh/<int:issued>/tep/<int:file>/", views.file, name="file"),
    ],
)
