"""A body's export of all its schools' plans as a ZIP."""

from zipfile import ZipFile

import pytest

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.jobs.files import result_path
from plans.jobs.models import Job
from plans.jobs.running import run_job
from plans.overview.plan_files import ask_plan_files
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School
from tests.factories import accounts, planning, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã Đông")


@pytest.fixture
def officer(body: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=body)


def school_of(body: ManagingBody, name: str, symbol: str = "") -> School:
    school = schools.school(name, parent=body, managed_by=body)
    if symbol:
        School.objects.filter(pk=school.pk).update(symbol=symbol)
    return school


def plan_of(school: School, year: int = 2025) -> Plan:
    return planning.plan(school, year=schools.school_year(year), form=planning.plan_form("MAU"))


def ran(body: ManagingBody, by: User) -> Job:
    job = ask_plan_files(body=body, year=schools.school_year(2025), by=by)
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def test_zip_holds_the_plans_of_the_bodys_schools_for_the_year_alone(
    body: ManagingBody, officer: User
) -> None:
    first, second = school_of(body, "Trường Bình", "TH"), school_of(body, "Trường An", "TH")
    stranger = school_of(schools.body("UBND xã Tây"), "Trường Khác")
    for school in (first, second, stranger):
        plan_of(school)
    plan_of(first, 2024)

    job = ran(body, officer)

    path = result_path(job)
    assert path is not None
    with ZipFile(path) as archive:
        names = archive.namelist()
        contents = [archive.read(name) for name in names]
    assert names == ["KH-CTCL-TH-2025-2026.pdf", "KH-CTCL-TH-2025-2026 (2).pdf"]
    assert [content[:5] for content in contents] == [b"%PDF-"] * 2
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    assert job.result_name == "Ke-hoach-cac-truong-2025-2026.zip"


def test_body_without_plans_is_told_so(body: ManagingBody, officer: User) -> None:
    assert ran(body, officer).error == "Chưa trường nào có kế hoạch cho năm học này."


def test_person_who_left_the_body_gets_nothing(body: ManagingBody, officer: User) -> None:
    plan_of(school_of(body, "Trường An"))
    job = ask_plan_files(body=body, year=schools.school_year(2025), by=officer)
    Membership.objects.filter(user=officer).delete()

    run_job.func(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result) == ("failed", "")
