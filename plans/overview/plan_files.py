"""A body's export: the plans of all its schools for a school year as one ZIP of PDF files, done as a job."""

from __future__ import annotations

from collections import Counter
from zipfile import ZIP_STORED, ZipFile

from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.formats.layouts import plan_layout
from plans.jobs.actions import start_job
from plans.jobs.models import Job
from plans.jobs.registry import JobRefused, JobResult, Progress, job
from plans.planning.export import export_plan, file_name
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School, SchoolYear
from plans.schools.sight import schools_of_bodies

KIND = "plan_files"


def ask_plan_files(*, body: ManagingBody, year: SchoolYear, by: User) -> Job:
    """Ask for the plans of a body's schools for a school year, and return the job (see `start_job`)."""
    return start_job(
        kind=KIND,
        title=f"Kế hoạch năm học {year.label} của các trường thuộc {body.name}"[:200],
        person=by,
        arguments={"body": body.pk, "year": year.start_year},
        key=f"{body.pk}:{year.start_year}",
    )


def _may_have(asked: Job) -> bool:
    """Say whether the person (still) reads the plans of the body's schools."""
    body = ManagingBody.objects.filter(pk=asked.arguments["body"]).first()
    return body is not None and asked.person.has_perm("plans.download_plan", body)


@job(KIND, may_have=_may_have)
def plan_files(progress: Progress) -> JobResult:
    """Write the PDF of every plan, drafts as they stand, into a ZIP. Raises JobRefused when there is none."""
    body, year = progress.arguments["body"], progress.arguments["year"]
    wanted = list(_plans(body, year).values_list("pk", flat=True))
    if not wanted:
        raise JobRefused("Chưa trường nào có kế hoạch cho năm học này.")
    path = progress.folder / "ke-hoach.zip"
    names: Counter[str] = Counter()
    with ZipFile(path, "w", ZIP_STORED) as archive:  # a PDF is compressed already
        for done, pk in enumerate(wanted):
            progress.step(done, len(wanted))
            plan = Plan.objects.for_document().filter(pk=pk).first()
            if plan is not None:  # it may have gone since
                content = export_plan(plan, "pdf", layout=plan_layout(plan))
                archive.writestr(_unique(file_name(plan, "pdf"), names), content)
    progress.step(len(wanted), len(wanted))
    return JobResult(path, f"Ke-hoach-cac-truong-{year}-{year + 1}.zip")


def _plans(body: int, year: int) -> QuerySet[Plan]:
    schools = School.objects.filter(schools_of_bodies({body}, timezone.localdate()))
    plans = Plan.objects.filter(school__in=schools, school_year__start_year=year)
    return plans.order_by("school__sort_key", "pk")


def _unique(name: str, names: Counter[str]) -> str:
    """Return the name for a file of the archive: two schools may have one symbol."""
    names[name] += 1
    stem, dot, suffix = name.rpartition(".")
    return name if names[name] == 1 else f"{stem} ({names[name]}){dot}{suffix}"
