"""Addresses of the pages of jobs; `year` is the first year of the school year."""

from django.urls import path

from plans.web.access import guarded
from plans.web.jobs import views

app_name = "jobs"

urlpatterns = guarded(
    app_name,
    [
        path("viec-nen/", views.job_list, name="list"),
        path("viec-nen/<int:job>/", views.job_page, name="job"),
        path("viec-nen/<int:job>/tai-ve/", views.result, name="result"),
        path("co-quan/<int:body>/tep-ke-hoach/<int:year>/", views.plan_files, name="plan_files"),
    ],
)
