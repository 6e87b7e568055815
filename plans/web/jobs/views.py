"""A person's jobs, the page of one with its progress, the file that came of it, and what can be asked for."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from plans.jobs.actions import OPEN
from plans.jobs.files import DAYS, result_path
from plans.jobs.models import Job
from plans.jobs.registry import JobRefused, kind_of
from plans.overview.plan_files import ask_plan_files
from plans.schools.models import ManagingBody, SchoolYear
from plans.web.files import as_file
from plans.web.request import Request

PAGE_SIZE = 20
NO_LONGER_POLL = 286  # htmx takes the answer and stops asking


def job_list(request: Request) -> HttpResponse:
    """The person's jobs, newest first."""
    jobs = Job.objects.filter(person=request.user)
    page = Paginator(jobs, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(request, "plans/jobs/list.html", {"page": page, "days": DAYS})


def job_page(request: Request, job: Job) -> HttpResponse:
    """One job with its progress; htmx asks for that part again until the job is over."""
    context = {"job": job, "is_open": job.state in OPEN, "days": DAYS}
    context |= {"has_file": result_path(job) is not None}
    if request.htmx:
        status = 200 if context["is_open"] else NO_LONGER_POLL
        return render(request, "plans/jobs/_progress.html", context, status=status)
    return render(request, "plans/jobs/job.html", context)


def result(request: Request, job: Job) -> HttpResponseBase:
    """The file that came of a job, for as long as its person may have it."""
    try:
        may_have = kind_of(job).may_have(job)
    except JobRefused:
        may_have = False
    if not may_have:
        raise PermissionDenied
    path = result_path(job)
    if path is None:
        messages.info(request, "Chưa có tệp kết quả, hoặc tệp đã được dọn.")
        return redirect("jobs:job", job=job.pk)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=job.result_name)
    return as_file(answer, job.result_name)


def plan_files(request: Request, body: ManagingBody, year: int) -> HttpResponse:
    """Ask for the plans of a body's schools for a school year as one ZIP."""
    school_year = SchoolYear.objects.filter(start_year=year).first()
    if school_year is None:
        raise Http404
    job = ask_plan_files(body=body, year=school_year, by=request.user)
    return redirect("jobs:job", job=job.pk)
